// Validates each Turtle file of the command line, shapes and data together, with shacl-engine.
// stdout: {file: [[focus, path, value, component, severity, shape, [message, ...]], ...]}, each list sorted:
// IRIs in <>, literals as in N-Triples, blank nodes as _:, paths as in SPARQL, empty for none; a shape
// without an IRI is empty too. Where the engine fails: {file: [["error", message]]}.
import { readFileSync } from 'node:fs';
import { DataFactory, Parser, Store } from 'n3';
import { Validator } from 'shacl-engine';
import { targetResolvers, validations } from 'shacl-engine/sparql.js';

const SH = 'http://www.w3.org/ns/shacl#';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XSD_STRING = 'http://www.w3.org/2001/XMLSchema#string';
const ESCAPES = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const factory = { ...DataFactory, dataset: (quads) => new Store(quads) };

function written(term) {
  if (!term) return '';
  if (term.termType === 'BlankNode') return '_:';
  if (term.termType === 'NamedNode') return `<${term.value}>`;
  const text = `"${term.value.replace(/["\\\n\r\t]/g, (c) => ESCAPES[c])}"`;
  if (term.language) return `${text}@${term.language.toLowerCase()}`;
  return term.datatype.value === XSD_STRING ? text : `${text}^^<${term.datatype.value}>`;
}

function pathOf(data, term) {
  const one = (subject, predicate) => data.getObjects(subject, predicate, null)[0];
  const members = (list) => (list.value === `${RDF}nil` ? []
    : [one(list, `${RDF}first`), ...members(one(list, `${RDF}rest`))]);
  // [text, whether it needs brackets under ^ * + ?, whether it needs them in a sequence]
  const parts = (node) => {
    if (node.termType === 'NamedNode') return [`<${node.value}>`, false, false];
    const inverse = one(node, `${SH}inversePath`);
    const either = one(node, `${SH}alternativePath`);
    if (inverse) return [`^${atom(inverse)}`, true, false];
    if (either) return [`(${members(either).map((n) => parts(n)[0]).join('|')})`, false, false];
    for (const [word, sign] of [['zeroOrMorePath', '*'], ['oneOrMorePath', '+'], ['zeroOrOnePath', '?']]) {
      const inner = one(node, SH + word);
      if (inner) return [atom(inner) + sign, true, false];
    }
    const steps = members(node).map((n) => {
      const [text, , bracketed] = parts(n);
      return bracketed ? `(${text})` : text;
    });
    return [steps.join('/'), true, true];
  };
  const atom = (node) => {
    const [text, bracketed] = parts(node);
    return bracketed ? `(${text})` : text;
  };
  return term ? parts(term)[0] : '';
}

async function results(file) {
  const quads = new Parser().parse(readFileSync(file, 'utf8'));
  const validator = new Validator(new Store(quads), { factory, targetResolvers, validations });
  const report = await validator.validate({ dataset: new Store(quads) });
  const data = report.dataset;
  return data.getObjects(null, `${SH}result`, null).map((result) => {
    const one = (word) => data.getObjects(result, SH + word, null)[0];
    const local = (word) => (one(word)?.value ?? '').replace(SH, '');
    const shape = written(one('sourceShape')).replace('_:', '');
    return [written(one('focusNode')), pathOf(data, one('resultPath')), written(one('value')),
      local('sourceConstraintComponent'), local('resultSeverity'), shape,
      data.getObjects(result, `${SH}resultMessage`, null).map(written).sort()];
  }).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const found = {};
for (const file of process.argv.slice(2)) {
  try {
    found[file] = await results(file);
  } catch (error) {
    found[file] = [['error', String(error?.message ?? error)]];
  }
}
process.stdout.write(JSON.stringify(found));
