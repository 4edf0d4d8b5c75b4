// Holds the dump and answers one query at a time. The page ends a query by ending this worker.
import init, { Store, namedNode } from './vendor/oxigraph.js';
import { bracketed } from './sparql-brackets.js';
import { formOf } from './sparql-query.js';
import { makeShorten } from './sparql-terms.js';
import { turtle } from './sparql-turtle.js';

const LABELS = ['http://www.w3.org/2000/01/rdf-schema#label', 'http://www.w3.org/2004/02/skos/core#prefLabel'];
let store;
let namespaces;

async function fetched(address) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address} cannot be fetched (${reply.status}).`);
  return new Uint8Array(await reply.arrayBuffer());
}

async function load({ dump, prefixes }) {
  namespaces = new Map(prefixes);
  const [engine, quads] = await Promise.all([
    fetched(new URL('vendor/oxigraph_bg.wasm', import.meta.url)), fetched(dump)]);
  await init({ module_or_path: engine });
  store = new Store();
  store.load(quads, { format: 'application/n-quads', no_transaction: true });
  return { kind: 'ready', statements: store.size };
}

function labelOf(iri) {
  for (const property of LABELS) {
    const said = store.match(namedNode(iri), namedNode(property), null, null).map((quad) => quad.object.value);
    if (said.length) return said.sort()[0];
  }
  return null;
}

// The text of a term of the SPARQL JSON results, as SPARQL CSV has it.
function plain(term) {
  if (!term) return '';
  if (term.type === 'bnode') return `_:${term.value}`;
  if (term.type !== 'triple') return term.value;
  const { subject, predicate, object } = term.value;
  return `<<( ${plain(subject)} ${plain(predicate)} ${plain(object)} )>>`;
}

function csv(columns, rows) {
  const quoted = (text) => (/[",\r\n]/.test(text) || (!text && columns.length === 1)
    ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function table(found, most) {
  const columns = found.head.vars;
  const all = found.results.bindings;
  const rows = all.slice(0, most).map((row) => columns.map((name) => (
    row[name] ? { ...row[name], value: plain(row[name]) } : null)));
  const iris = new Set(rows.flat().filter((term) => term?.type === 'uri').map((term) => term.value));
  const text = csv(columns, all.map((row) => columns.map((name) => plain(row[name]))));
  return {
    kind: 'rows', columns, rows, total: all.length, file: new Blob([text], { type: 'text/csv' }),
    labels: [...iris].map((iri) => [iri, labelOf(iri)]).filter(([, label]) => label),
  };
}

function graph(quads, most) {
  const shorten = makeShorten(namespaces);
  const ordered = quads.map((quad) => [quad.toString(), quad]).sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, quad]) => quad);
  const written = (some) => turtle(some, shorten, namespaces);
  const file = new Blob([written(ordered)], { type: 'text/turtle' });
  return { kind: 'graph', text: written(ordered.slice(0, most)), total: ordered.length, file };
}

// All graphs are queried as one, as `treatyrdf query` does.
function ask(query, format) {
  const options = { use_default_graph_as_union: true, ...format };
  try {
    return store.query(bracketed(query), options);
  } catch (error) {
    // The place of a mistake is that in the query as it was written.
    if (bracketed(query) !== query) store.query(query, options);
    throw error;
  }
}

function answer({ query, most }) {
  const form = formOf(query);
  const begun = performance.now();
  if (form === 'CONSTRUCT' || form === 'DESCRIBE') {
    const quads = ask(query);
    return { milliseconds: performance.now() - begun, ...graph(quads, most) };
  }
  const found = JSON.parse(ask(query, { results_format: 'json' }));
  const milliseconds = performance.now() - begun;
  return { milliseconds, ...('boolean' in found ? { kind: 'boolean', value: found.boolean } : table(found, most)) };
}

self.onmessage = async ({ data: asked }) => {
  try {
    self.postMessage(asked.query === undefined ? await load(asked) : answer(asked));
  } catch (error) {
    // After a trap (out of memory, say) the engine cannot be used again.
    self.postMessage({ kind: 'error', message: error.message, broken: error instanceof WebAssembly.RuntimeError });
  }
};
