// Quads as Turtle for people: prefixes that are used, one block a subject, `a` for the type.

const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';

export function turtle(quads, shorten, namespaces) {
  const used = new Set();
  const iri = (value) => {
    const short = shorten(value);
    if (!short) return `<${value}>`;
    used.add(short.split(':', 1)[0]);
    return short;
  };
  const term = (node) => {
    if (node.termType === 'NamedNode') return iri(node.value);
    if (node.termType !== 'Literal') return node.toString();
    const text = node.toString();
    const typed = `^^<${node.datatype.value}>`;
    return text.endsWith(typed) ? `${text.slice(0, -typed.length)}^^${iri(node.datatype.value)}` : text;
  };
  const verb = (node) => (node.value === TYPE ? 'a' : term(node));
  const blocks = new Map();
  for (const { subject, predicate, object } of quads) {
    const about = term(subject);
    if (!blocks.has(about)) blocks.set(about, new Map());
    const said = blocks.get(about);
    if (!said.has(verb(predicate))) said.set(verb(predicate), []);
    said.get(verb(predicate)).push(term(object));
  }
  const body = [...blocks].map(([about, said]) => `${about}\n    ${
    [...said].map(([name, objects]) => `${name} ${objects.join(', ')}`).join(' ;\n    ')} .\n`);
  const heads = [...used].sort().map((prefix) => `@prefix ${prefix}: <${namespaces.get(prefix)}> .\n`);
  return [heads.join(''), ...body].filter(Boolean).join('\n');
}
