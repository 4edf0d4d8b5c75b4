// From IRIs to what people read and where they go: prefixed names, labels, and pages of the site.

const LOCAL = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;
const RECORD = /^(?:([a-z]+)\/)?([A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$/;
const SHARD = /[A-Za-z0-9]{1,2}$/;
const ON_THE_DATASET = /^(?:graph|file|checksum|version|about|curated)\//;

// A function from an IRI to its prefixed name by the longest namespace that fits, null when none does.
export function makeShorten(prefixes) {
  const longestFirst = [...prefixes].sort((a, b) => b[1].length - a[1].length);
  return (iri) => {
    const [prefix, namespace] = longestFirst.find((pair) => iri.startsWith(pair[1])) ?? [];
    if (prefix === undefined) return null;
    const local = iri.slice(namespace.length);
    return LOCAL.test(local) ? `${prefix}:${local}` : null;
  };
}

export function makeTerms(data, root) {
  const shorten = makeShorten(data.prefixes);
  const sharded = new Set(data.sharded);
  const paged = new Set(data.paged);
  const labels = new Map();
  for (const [name, label] of [...data.terms, ...data.things]) labels.set(name, label);

  // The stem of the document of a local name (the IRI without the base), null when there is none.
  function stem(local) {
    if (local === '') return 'index';
    if (local === 'dataset' || ON_THE_DATASET.test(local)) return 'dataset';
    const [, named, key] = local.match(RECORD) ?? [];
    const folder = named ?? 'thing';
    if (!key || (named && !paged.has(named))) return null;
    return sharded.has(folder) ? `${folder}/${key.match(SHARD)[0]}/${key}` : `${folder}/${key}`;
  }

  // The address of an IRI's page in this site, null when it has none.
  function page(iri) {
    const [document, fragment] = iri.split('#', 2);
    const known = new Map([[data.ontology, 'ontology'], [data.shapes, 'shapes']]).get(document);
    const at = (path) => new URL(path, root).href;
    if (known) return at(`${known}.html${fragment ? `#${encodeURIComponent(fragment)}` : ''}`);
    if (!iri.startsWith(data.base)) return null;
    const local = iri.slice(data.base.length);
    if (local === data.dump.path) return at(local);
    const found = stem(local);
    return found && at(`${found}.html`);
  }

  // Where a link on an IRI goes: into the site, to the web, or null for what is no http(s) address.
  function target(iri) {
    const inside = page(iri);
    if (inside) return { href: inside, outside: false };
    if (iri.startsWith(data.base) || !/^https?:\/\/[^\s<>"{}|^`\\]+$/.test(iri)) return null;
    return { href: iri, outside: true };
  }

  return { shorten, target, label: (iri) => labels.get(shorten(iri)) ?? null };
}
