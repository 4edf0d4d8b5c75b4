// The SPARQL page: questions, query, run and stop, answer, and the address that holds the query.
import { Ended, makeEngine } from './sparql-engine.js';
import { explain, refusal } from './sparql-query.js';
import { count, draw, element, summary } from './sparql-results.js';
import { makeTerms } from './sparql-terms.js';

const MOST_ROWS = 1000;
const MEGABYTE = 1024 * 1024;
const at = (id) => document.getElementById(id);

// The textarea by itself, until the editor stands in its place or where it cannot.
const plainSource = (area) => ({
  read: () => area.value,
  write: (text) => { area.value = text; },
  focus: () => area.focus(),
  goTo(line, column) {
    const place = area.value.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, column - 1);
    area.focus();
    area.setSelectionRange(place, place);
  },
});

export async function start(root) {
  const reply = await fetch(new URL('static/sparql-data.json', root));
  if (!reply.ok) throw new Error(`static/sparql-data.json cannot be fetched (${reply.status}).`);
  const data = await reply.json();
  const terms = makeTerms(data, root);
  const [status, result, area] = [at('status'), at('result'), at('query')];
  const [runButton, stopButton] = [at('run'), at('stop')];
  let source = plainSource(area);
  let engine = null;
  let download = null;
  let turn = 0;

  const say = (words) => { status.textContent = words; };
  const named = (text) => data.questions.find((question) => question.sparql === text);

  function put(nodes, link = null) {
    if (download) URL.revokeObjectURL(download.href);
    download = link;
    at('download').replaceChildren(...(link ? [link] : []));
    result.replaceChildren(...nodes);
  }

  function complain(error, text) {
    const { text: words, line, column } = explain(error.message);
    if (error instanceof Ended) {
      put([]);
      say(words);
      return;
    }
    const box = element('div', { className: 'problem' }, element('p', { textContent: words }));
    if (line) {
      const go = element('button', { type: 'button', textContent: `Go to line ${line}` });
      go.addEventListener('click', () => source.goTo(line, column));
      box.append(element('pre', { textContent: text.split('\n')[line - 1] ?? '' }), go);
    }
    put([box]);
    say('Not answered: see below.');
  }

  function remember(text) {
    const question = named(text);
    const held = new URLSearchParams(question ? { question: question.name } : { query: text });
    history.replaceState(null, '', `#${held}`);
    for (const button of document.querySelectorAll('#questions button')) {
      if (button.dataset.name === question?.name) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }

  // Answer what stands in the editor; a query that still runs is stopped for it.
  async function run() {
    if (!engine) return;
    engine.stop();
    const mine = ++turn;
    const text = source.read();
    const refused = refusal(text);
    remember(text);
    put([]);
    say('Running …');
    stopButton.disabled = false;
    try {
      if (refused) throw new Error(refused);
      const answer = await engine.run(text, MOST_ROWS, Number(at('limit').value));
      if (mine !== turn) return;
      const drawn = draw(answer, terms, MOST_ROWS, named(text)?.name ?? 'result');
      put(drawn.nodes, drawn.download);
      say(summary(answer));
    } catch (error) {
      if (mine === turn) complain(error, text);
    } finally {
      if (mine === turn) {
        stopButton.disabled = true;
        status.parentElement.scrollIntoView({ block: 'nearest' });
      }
    }
  }

  function choose(name) {
    const question = data.questions.find((each) => each.name === name);
    if (!question) return false;
    source.write(question.sparql);
    run();
    return true;
  }

  // Fill in what an address holds, and run it: no more than a query can, and under the time limit.
  function open() {
    const held = new URLSearchParams(location.hash.slice(1));
    if (held.has('question')) {
      if (!choose(held.get('question'))) say('There is no such question here. Choose one from the list.');
    } else if (held.has('query')) {
      source.write(held.get('query'));
      run();
    }
  }

  function listQuestions() {
    const items = [...document.querySelectorAll('#questions li')];
    for (const item of items) {
      const page = item.querySelector('a');
      const words = page.textContent;
      const button = element('button', { type: 'button', textContent: words });
      button.dataset.name = item.dataset.name;
      button.addEventListener('click', () => choose(item.dataset.name));
      page.textContent = 'answer';
      page.setAttribute('aria-label', `Answer: ${words}`);
      item.prepend(button);
    }
    const filter = at('filter');
    filter.hidden = false;
    filter.addEventListener('input', () => {
      const wanted = filter.value.toLowerCase().split(/\s+/);
      for (const item of items) {
        const words = `${item.textContent} ${item.dataset.name}`.toLowerCase();
        item.hidden = !wanted.every((word) => words.includes(word));
      }
      at('no-question').hidden = items.some((item) => !item.hidden);
    });
  }

  async function copy() {
    remember(source.read());
    try {
      await navigator.clipboard.writeText(location.href);
      say('Link copied. It holds the query.');
    } catch {
      say('The link is in the address bar now; copy it from there.');
    }
  }

  function begin() {
    const { path, bytes, most } = data.dump;
    if (bytes > most) {
      at('sparql-large').hidden = false;
      at('sparql-size').textContent = `${Math.round(bytes / MEGABYTE)} MB`;
      runButton.disabled = true;
      return;
    }
    const dump = new URL(path, root).href;
    engine = makeEngine(new URL('sparql-worker.js', import.meta.url), { dump, prefixes: data.prefixes });
    say('Loading the engine and the data …');
    engine.loaded().then(({ statements }) => { if (!turn) say(`Ready: ${count(statements, 'statement')}.`); },
      (error) => complain(error, ''));
  }

  listQuestions();
  if (data.left_out) {
    const offered = data.things.length;
    at('left-out').textContent = `Of ${count(offered + data.left_out, 'thing')} the first ${
      offered.toLocaleString('en')} by name are offered while you type; all are in the data.`;
  }
  at('controls').hidden = false;
  at('ask').addEventListener('submit', (event) => { event.preventDefault(); run(); });
  stopButton.addEventListener('click', () => engine.stop());
  at('copy').addEventListener('click', copy);
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
  });
  begin();
  const { makeEditor } = await import('./sparql-editor.js');
  source = makeEditor(area, at('editor'), data, run);
  open();
  window.addEventListener('hashchange', open);
}
