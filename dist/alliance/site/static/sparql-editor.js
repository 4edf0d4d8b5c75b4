// The editor: CodeMirror inside a shadow root, where its styles are adopted sheets, which the CSP allows.
import {
  EditorState, EditorView, HighlightStyle, Prec, StreamLanguage, autocompletion, bracketMatching, completionKeymap,
  defaultKeymap, history, historyKeymap, indentOnInput, keymap, lineNumbers, sparql, syntaxHighlighting, tags,
} from './vendor/editor.js';
import { makeSource } from './sparql-words.js';

const mixed = (name, share) => `color-mix(in srgb, var(${name}) ${share}%, transparent)`;

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--card)', fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '1.55', maxHeight: '30rem' },
  '.cm-content, .cm-gutter': { minHeight: '19rem' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.6rem 0' },
  '.cm-gutters': { color: 'var(--muted)', backgroundColor: 'var(--card)', borderRight: '1px solid var(--rule)' },
  '.cm-content ::selection, .cm-line::selection': { backgroundColor: mixed('--accent', 28) },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: mixed('--accent', 22), outline: '1px solid var(--accent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', textDecoration: 'underline wavy' },
  '.cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--card)', border: '1px solid var(--rule)',
    borderRadius: '4px', boxShadow: `0 4px 16px ${mixed('--ink', 18)}` },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxWidth: 'min(44rem, 92vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.6rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--accent-ink)',
    backgroundColor: 'var(--accent)' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', fontFamily: 'system-ui, sans-serif' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo': { fontFamily: 'system-ui, sans-serif', maxWidth: '20rem', padding: '0.5rem 0.7rem' },
  '@media (max-width: 40rem)': { '.cm-tooltip.cm-completionInfo': { display: 'none' } },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.standard(tags.variableName), color: 'var(--accent)' },
  { tag: tags.local(tags.variableName), color: 'var(--inferred)' },
  { tag: tags.atom, color: 'var(--stated)' },
  { tag: tags.string, color: 'var(--held)' },
  { tag: tags.meta, color: 'var(--possible)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
]);

// Puts an editor in place of a textarea; returns how its text is read, written and pointed at.
export function makeEditor(textarea, host, data, run) {
  const pressed = { key: 'Mod-Enter', run: () => { run(); return true; } };
  const extensions = [
    Prec.highest(keymap.of([pressed])), keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    StreamLanguage.define(sparql), syntaxHighlighting(colours), look, lineNumbers(), history(), bracketMatching(),
    indentOnInput(), autocompletion({ override: [makeSource(data)], icons: false }),
    EditorView.contentAttributes.of({ 'aria-label': 'SPARQL query', 'aria-describedby': 'keys' }),
  ];
  const begin = (doc) => EditorState.create({ doc, extensions });
  const root = host.attachShadow({ mode: 'open' });
  const keys = Object.assign(document.createElement('span'), { id: 'keys', hidden: true,
    textContent: 'Control and Enter run the query. Tab leaves the editor.' });
  root.append(keys);
  const view = new EditorView({ state: begin(textarea.value), root, parent: root });
  textarea.hidden = true;
  host.hidden = false;
  return {
    read: () => view.state.doc.toString(),
    write: (text) => view.setState(begin(text)),
    focus: () => view.focus(),
    goTo(line, column) {
      const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: Math.min(from + column - 1, to) }, scrollIntoView: true });
      view.focus();
    },
  };
}
