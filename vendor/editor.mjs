// What the SPARQL page uses of CodeMirror; the page's own code stands in static/sparql-editor.js.
export { autocompletion, completionKeymap, startCompletion } from '@codemirror/autocomplete';
export { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
export {
  HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting, syntaxTree,
} from '@codemirror/language';
export { sparql } from '@codemirror/legacy-modes/mode/sparql';
export { EditorState, Prec } from '@codemirror/state';
export { EditorView, keymap, lineNumbers } from '@codemirror/view';
export { tags } from '@lezer/highlight';
