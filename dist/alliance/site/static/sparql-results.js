// Draws an answer: rows as a table, yes or no, or Turtle. Every text of the data is set as text.

const XSD_STRING = 'http://www.w3.org/2001/XMLSchema#string';

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const count = (number, word) => `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;

// What the status line says of an answer.
export function summary(answer) {
  const time = answer.milliseconds < 1000 ? `${Math.max(1, Math.round(answer.milliseconds))} ms`
    : `${(answer.milliseconds / 1000).toFixed(1)} s`;
  if (answer.kind === 'boolean') return `Answered in ${time}.`;
  return `${count(answer.total, answer.kind === 'rows' ? 'row' : 'triple')} in ${time}.`;
}

function link(iri, terms, found) {
  const short = terms.shorten(iri);
  const label = found.get(iri) ?? terms.label(iri);
  const words = label ?? short ?? iri;
  const target = terms.target(iri);
  const name = target ? element('a', { href: target.href }) : element('span');
  if (target?.outside) name.rel = 'noopener noreferrer';
  if (!label) name.className = 'name';
  name.title = short ?? iri;
  name.textContent = words;
  return name;
}

function cell(term, terms, found) {
  if (!term) return element('td', { className: 'none' });
  if (term.type === 'uri') return element('td', {}, link(term.value, terms, found));
  const language = term['xml:lang'];
  const datatype = term.datatype && term.datatype !== XSD_STRING ? terms.shorten(term.datatype) ?? term.datatype : '';
  const text = element('span', { className: 'text', textContent: term.value });
  if (language) text.lang = language;
  const made = element('td', {}, text);
  if (language || datatype) made.append(' ', element('small', { textContent: language ?? datatype }));
  return made;
}

function region(label, content) {
  const made = element('div', { className: 'scroll', tabIndex: 0 }, content);
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', label);
  return made;
}

// The words where not all is shown: never a silent cut.
function cut(shown, total, word) {
  return shown < total ? [element('p', { className: 'cut', textContent:
    `First ${shown.toLocaleString('en')} of ${count(total, word)} shown; the download holds all.` })] : [];
}

function rows(answer, terms) {
  const found = new Map(answer.labels);
  const heads = answer.columns.map((name) => element('th', { scope: 'col', textContent: name }));
  const body = answer.rows.map((row) => element('tr', {}, ...row.map((term) => cell(term, terms, found))));
  if (!answer.total) return [element('p', { className: 'empty', textContent: 'No row: nothing in the data matches.' })];
  return [...cut(answer.rows.length, answer.total, 'row'), region('Rows of the result', element('table',
    { className: 'rows' }, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...body)))];
}

function boolean(answer) {
  const words = answer.value ? 'The data hold at least one match.'
    : 'Nothing in the data matches. What is not there is not thereby denied.';
  return [element('p', { className: 'verdict', textContent: answer.value ? 'Yes' : 'No' }),
    element('p', { className: 'empty', textContent: words })];
}

function graph(answer, most) {
  if (!answer.total) return [element('p', { className: 'empty', textContent: 'No triple came of it.' })];
  return [...cut(Math.min(most, answer.total), answer.total, 'triple'),
    region('Turtle of the result', element('pre', {}, element('code', { textContent: answer.text })))];
}

const DRAWN = { rows, boolean, graph };
const ENDINGS = { rows: ['csv', 'CSV'], graph: ['ttl', 'Turtle'] };

// The nodes of an answer, and the link to download it whole, whose address the caller revokes in the end.
export function draw(answer, terms, most, stem) {
  const nodes = DRAWN[answer.kind](answer, answer.kind === 'graph' ? most : terms);
  const [ending, word] = ENDINGS[answer.kind] ?? [];
  if (!ending || !answer.total) return { nodes, download: null };
  const address = URL.createObjectURL(answer.file);
  const download = element('a', { href: address, download: `${stem}.${ending}`, className: 'button',
    textContent: `Download ${word}` });
  return { nodes, download };
}
