// What the editor offers while one types: variables, prefixes, words of SPARQL, terms and things by label.
import { startCompletion, syntaxTree } from './vendor/editor.js';

const MOST = 60;
const DECLARED = /^[ \t]*PREFIX\s+([\w-]*):\s*<([^<>\s]*)>[^\n]*$/gim;
const KEYWORDS = `SELECT DISTINCT WHERE FILTER OPTIONAL UNION GRAPH BIND VALUES MINUS EXISTS COUNT
  SAMPLE COALESCE CONTAINS LCASE REGEX BOUND CONSTRUCT DESCRIBE ASK PREFIX ORDER GROUP HAVING LIMIT OFFSET`.split(/\s+/);

// How well a name fits what is typed: 0 best, undefined not at all.
function rank(name, label, typed) {
  const [short, local, words] = [name, name.slice(name.indexOf(':') + 1), label].map((text) => text.toLowerCase());
  return [short.startsWith(typed), local.startsWith(typed), words.startsWith(typed), words.includes(` ${typed}`),
    typed.length > 2 && `${short} ${words}`.includes(typed)].findIndex(Boolean);
}

// Where a new PREFIX line goes: below the last one, else above the first line that is no comment.
function place(text) {
  const last = [...text.matchAll(DECLARED)].pop();
  if (last) return { at: last.index + last[0].length, line: (prefix) => `\n${prefix}` };
  const [comments] = text.match(/^(?:[ \t]*(?:#[^\n]*)?\n)*/);
  return { at: comments.length, line: (prefix) => `${prefix}\n` };
}

export function makeSource(data) {
  const namespaces = new Map(data.prefixes);
  const names = [
    ...data.terms.map(([name, label, definition, kind]) => ({ name, label, definition, kind })),
    ...data.things.map(([name, label]) => ({ name, label, definition: '', kind: 'thing' })),
  ];

  // Insert a prefixed name as the query declares its namespace, and declare it if nothing does yet.
  function insert(view, name, from, to) {
    const text = view.state.doc.toString();
    const [prefix, local] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
    const namespace = namespaces.get(prefix);
    const declared = [...text.matchAll(DECLARED)].map(([, own, address]) => [own, address]);
    const own = declared.find(([, address]) => address === namespace)?.[0];
    const taken = own === undefined && declared.some(([other]) => other === prefix);
    const word = taken ? `<${namespace}${local}>` : `${own ?? prefix}:${local}`;
    const changes = [{ from, to, insert: word }];
    if (own === undefined && !taken) {
      const { at, line } = place(text);
      changes.push({ from: at, insert: line(`PREFIX ${prefix}: <${namespace}>`) });
    }
    const change = view.state.changes(changes);
    view.dispatch({ changes: change, userEvent: 'input.complete', scrollIntoView: true,
      selection: { anchor: change.mapPos(to, 1) } });
  }

  const prefixes = (typed, apply) => data.prefixes.filter(([prefix]) => prefix.startsWith(typed))
    .map(([prefix, namespace]) => ({ label: `${prefix}:`, detail: namespace, type: 'namespace',
      apply: apply(prefix, namespace) }));

  function matching(typed) {
    return names.map((entry) => ({ entry, fit: rank(entry.name, entry.label, typed) }))
      .filter(({ fit }) => fit >= 0).sort((a, b) => a.fit - b.fit).slice(0, MOST)
      .map(({ entry: { name, label, definition, kind } }) => ({
        label: name, detail: `${label} (${kind})`, info: definition || undefined, type: kind,
        apply: (view, _, from, to) => insert(view, name, from, to),
      }));
  }

  // The prefix as typed, put as the data name it.
  function translated(typed, text) {
    const [prefix, local] = typed.split(':', 2);
    const address = [...text.matchAll(DECLARED)].find(([, own]) => own.toLowerCase() === prefix)?.[2];
    const known = data.prefixes.find(([, namespace]) => namespace === address)?.[0];
    return local === undefined || !known ? typed : `${known}:${local}`;
  }

  return (context) => {
    const { state, pos } = context;
    if (/comment|string/.test(syntaxTree(state).resolveInner(pos, -1).name)) return null;
    if (context.matchBefore(/<[^<>\s]*/)) return null;
    const text = state.doc.toString();
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const others = new Set((text.slice(0, variable.from) + text.slice(pos)).match(/[?$]\w+/g));
      const options = [...others].filter((name) => name.startsWith(variable.text)).sort()
        .map((label) => ({ label, type: 'variable' }));
      return { from: variable.from, options, filter: false };
    }
    const word = context.matchBefore(/[\w-]*:?[\w.-]*/);
    if (!word || (!word.text && !context.explicit)) return null;
    const typed = word.text.toLowerCase();
    const line = state.doc.lineAt(pos);
    if (/^\s*PREFIX\s+[\w-]*$/i.test(line.text.slice(0, pos - line.from))) {
      return { from: word.from, filter: false,
        options: prefixes(typed, (prefix, namespace) => `${prefix}: <${namespace}>`) };
    }
    const begun = (prefix) => (view, _, from, to) => {
      insert(view, `${prefix}:`, from, to);
      startCompletion(view);
    };
    const short = typed.includes(':') ? [] : [
      ...KEYWORDS.filter((each) => typed && each.toLowerCase().startsWith(typed))
        .map((label) => ({ label, type: 'keyword' })),
      ...prefixes(typed, begun)];
    return { from: word.from, filter: false, options: [...short, ...matching(translated(typed, text))] };
  };
}
