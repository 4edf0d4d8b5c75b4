// The worker seen from the page: it is loaded, asked under a time limit, ended, and loaded again.

export class Ended extends Error {}

export function makeEngine(script, load) {
  let worker;
  let ready;
  let end = null;

  function launch() {
    worker = new Worker(script, { type: 'module' });
    ready = ask(worker, load);
    ready.catch(() => {});
  }

  // One message to a worker and its answer.
  function ask(to, message) {
    return new Promise((resolve, reject) => {
      to.onmessage = ({ data }) => (data.kind === 'error'
        ? reject(Object.assign(new Error(data.message), { broken: data.broken })) : resolve(data));
      to.onerror = (event) => reject(new Error(event.message || 'The query engine cannot be started.'));
      to.postMessage(message);
    });
  }

  function restart() {
    worker.terminate();
    launch();
  }

  // The answer to a query, at most `most` rows of it. Throws Ended when the time is over or `stop` is called.
  async function run(query, most, seconds) {
    let timer;
    let mine;
    const ended = new Promise((_, reject) => {
      mine = (why) => {
        restart();
        reject(new Ended(why));
      };
    });
    end = mine;
    try {
      await Promise.race([ready, ended]);
      timer = setTimeout(mine, seconds * 1000,
        `Ended after ${seconds} s, the time limit. Allow more time, or ask for less.`);
      return await Promise.race([ask(worker, { query, most }), ended]);
    } catch (error) {
      if (error.broken) restart();
      throw error;
    } finally {
      clearTimeout(timer);
      if (end === mine) end = null;
    }
  }

  launch();
  return { run, stop: () => end?.('Stopped.'), loaded: () => ready };
}
