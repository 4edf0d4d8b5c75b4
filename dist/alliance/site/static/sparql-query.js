// What can be told of a query before it is run: its form, and why it may not run here.

const TOKEN = new RegExp([
  '<[^<>"{}|^`\\\\\\s]*>', '"""[^]*?"""', "'''[^]*?'''", '"(?:\\\\.|[^"\\\\\\n])*"?', "'(?:\\\\.|[^'\\\\\\n])*'?",
  '#[^\\n]*', '[?$]\\w*', '@[\\w-]*', '[\\w-]*:[\\w.%-]*', '[\\w-]+',
].join('|'), 'g');
const PROLOGUE = new Set(['PREFIX', 'BASE', 'VERSION']);
const FORMS = new Set(['SELECT', 'ASK', 'CONSTRUCT', 'DESCRIBE']);
const UPDATES = new Set(['INSERT', 'DELETE', 'LOAD', 'CLEAR', 'CREATE', 'DROP', 'COPY', 'MOVE', 'ADD', 'WITH']);

// The words of a query that are neither names, variables, texts nor comments, in capitals.
const words = (query) => query.match(TOKEN)?.filter((token) => /^[a-z]\w*$/i.test(token))
  .map((word) => word.toUpperCase()) ?? [];

// SELECT, ASK, CONSTRUCT or DESCRIBE; SELECT too for what no parser will take.
export function formOf(query) {
  const first = words(query).find((word) => !PROLOGUE.has(word));
  return FORMS.has(first) ? first : 'SELECT';
}

// Why a query is not run, empty when it may be.
export function refusal(query) {
  const found = words(query);
  if (!query.trim()) return 'There is no query. Write one, or choose a question.';
  if (UPDATES.has(found.find((word) => !PROLOGUE.has(word)))) {
    return 'This would change the data. Only queries run here: SELECT, ASK, CONSTRUCT or DESCRIBE.';
  }
  if (found.includes('SERVICE')) {
    return 'SERVICE asks another machine. Only the data of this site are asked here; leave that part out.';
  }
  return '';
}

// The parser's words as a sentence, with the line and column it stopped at, both from 1.
export function explain(message) {
  const [, line, column, rest] = message.match(/^error at (\d+):(\d+): ([^]*)$/) ?? [];
  if (!line) return { text: message };
  const known = rest.replace(/\[[^\]]*\](, | or )?/g, '').replace(/\s+/g, ' ').replace(/[, ]+$/, '');
  const why = /Prefix not found/.test(rest) ? 'a prefix here is not declared; add a PREFIX line'
    : `the query cannot be read here: ${known.length > 160 ? `${known.slice(0, 160)}…` : known}`;
  return { text: `Line ${line}, column ${column}: ${why}.`, line: Number(line),
    column: Number(column) };
}
