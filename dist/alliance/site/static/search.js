// The search of the site. What the scripts it loads hold is told in index.py, which cuts words alike.
(function () {
  "use strict";

  const SHOWN = 10;
  const SHARDS = 24;
  const HEADINGS = new Map([["thing", "Things"], ["question", "Questions"], ["claim", "Claims"],
    ["term", "Terms"], ["passage", "Passages"]]);
  const CJK = "\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff";
  const WORD = new RegExp(`[${CJK}]|(?:(?![${CJK}])[\\p{L}\\p{N}])+`, "gu");
  const MARKED = new RegExp(`[${CJK}]|(?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+`, "gu");

  const folder = new URL("search/", document.currentScript.src);
  const root = new URL("../", document.currentScript.src);
  const [form, box, status, results, lists] = ["form", "box", "status", "results", "lists"].map(
    (name) => document.getElementById(`search-${name}`));

  const shards = new Map();
  const blocks = new Map();
  const loading = new Map();
  let manifest = null;
  let turn = 0;

  const receive = new Map([
    ["manifest", (names, starts, kinds, common) => {
      manifest = { names, starts, kinds, common: new Set(common) };
    }],
    ["shard", (name, rows) => shards.set(name, rows)],
    ["block", (number, rows) => blocks.set(number, rows)],
  ]);
  globalThis.treatyrdfSearch = (sort, ...rest) => receive.get(sort)(...rest);

  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(`${name}.js`, folder);
        script.onload = resolve;
        script.onerror = () => {
          loading.delete(name);
          reject(new Error(name));
        };
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "");

  function words(text) {
    const same = plain(plain(text).toUpperCase().toLowerCase().replace(/ς/g, "σ"));
    return (same.match(WORD) || []).map((word) => Array.from(word).slice(0, 32).join(""));
  }

  // Shards that can hold a word; for the beginning of a word, also those that say more than it does.
  function holding(word, begins) {
    const points = Array.from(word, (c) => c.codePointAt(0).toString(16));
    const exact = new Set(points.map((_, n) => points.slice(0, n + 1).join("-")));
    const longer = `${points.join("-")}-`;
    const more = begins ? manifest.names.filter((name) => name.startsWith(longer)) : [];
    return [...manifest.names.filter((name) => exact.has(name)), ...(more.length > SHARDS ? [] : more)];
  }

  // Entries that a word leads to, with how well: its place, and more when it is the whole word; and
  // whether it leads to more of them than the shards tell.
  function postings(word, begins, names) {
    const found = new Map();
    let common = false;
    for (const name of names) {
      for (const [other, ...steps] of shards.get(name)) {
        if (other === word || (begins && other.startsWith(word))) {
          let sum = 0;
          common ||= manifest.common.has(other);
          for (const step of steps) {
            sum += step;
            const score = (sum % 4) + (other === word ? 4 : 1);
            found.set(Math.floor(sum / 4), Math.max(score, found.get(Math.floor(sum / 4)) || 0));
          }
        }
      }
    }
    return [word, found, common];
  }

  // All entries that have every word, or, when none has, those with most words: [entry, score] best first.
  async function find(query) {
    const wanted = words(query);
    const last = wanted.length - 1;
    const unique = wanted.map((word, n) => [word, n === last && !/[^\p{L}\p{N}\p{M}]$/u.test(query)])
      .filter(([word, begins], n) => begins || wanted.indexOf(word) === n);
    const places = unique.map(([word, begins]) => holding(word, begins));
    await Promise.all(places.flat().map((name) => load(name)));
    const found = unique.map(([word, begins], n) => postings(word, begins, places[n]));
    const rare = found.filter(([, , common]) => !common).length;
    const must = rare || found.length;
    const hits = new Map();
    for (const [, entries, common] of found) {
      for (const [entry, score] of entries) {
        const [number, sum] = hits.get(entry) || [0, 0];
        hits.set(entry, [number + (common && rare ? 0 : 1), sum + score]);
      }
    }
    const most = Math.max(0, ...new Set(Array.from(hits.values(), ([number]) => number)));
    const ranked = Array.from(hits).filter(([, [number]]) => number === most && most > 0)
      .map(([entry, [, sum]]) => [entry, sum])
      .sort(([a, one], [b, other]) => other - one || a - b);
    const common = found.filter((row) => row[2]).map(([word]) => word);
    return { ranked, wanted: unique, whole: most === must, common };
  }

  function grouped(ranked) {
    let first = 0;
    return manifest.kinds.map(([kind, count]) => {
      const from = first;
      first += count;
      return [kind, ranked.filter(([entry]) => entry >= from && entry < from + count)];
    }).filter(([, hits]) => hits.length);
  }

  async function titles(entries) {
    const rows = [];
    for (const entry of entries) {
      let block = manifest.starts.length - 1;
      while (manifest.starts[block] > entry) {
        block -= 1;
      }
      rows.push([block, entry - manifest.starts[block]]);
    }
    await Promise.all(Array.from(new Set(rows.map(([block]) => block)), (block) => load(`block-${block}`)));
    return rows.map(([block, row]) => blocks.get(block)[row]);
  }

  function element(name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  }

  function marked(title, wanted) {
    const parts = [];
    let end = 0;
    for (const match of title.matchAll(MARKED)) {
      const here = words(match[0]);
      if (wanted.some(([word, begins]) => here.some((w) => w === word || (begins && w.startsWith(word))))) {
        parts.push(title.slice(end, match.index), element("mark", match[0]));
        end = match.index + match[0].length;
      }
    }
    return [...parts, title.slice(end)];
  }

  function item([title, href], wanted) {
    const link = element("a", ...marked(title, wanted));
    link.href = new URL(href, root);
    return element("li", link.protocol === root.protocol ? link : title);
  }

  async function section([kind, hits], wanted) {
    const list = element("ul");
    const count = element("span", String(hits.length));
    count.className = "count";
    const heading = element("h2", `${HEADINGS.get(kind) || kind} `, count);
    const made = element("section", heading, list);
    heading.id = `search-${kind}`;
    made.setAttribute("aria-labelledby", heading.id);
    let shown = 0;
    const more = element("button");
    more.type = "button";
    async function show(number) {
      const next = hits.slice(shown, shown + number).map(([entry]) => entry);
      const items = (await titles(next)).map((row) => item(row, wanted));
      list.append(...items);
      shown += next.length;
      more.textContent = `Show more (${hits.length - shown} left)`;
      more.hidden = shown >= hits.length;
      return items;
    }
    more.addEventListener("click", async () => {
      const [first] = await show(5 * SHOWN);
      first.querySelector("a")?.focus();
    });
    made.append(more);
    await show(SHOWN);
    return made;
  }

  function message({ ranked, whole, common, wanted }) {
    if (!ranked.length) {
      return "Nothing found. Try fewer or other words, or look through the lists below.";
    }
    const least = common.length === wanted.length ? "At least " : "";
    const pages = ranked.length === 1 ? "1 page" : `${least}${ranked.length} pages`;
    const limit = common.length ? ` Too common to look for everywhere: ${common.join(", ")}.` : "";
    return (whole || wanted.length === 1 ? `${pages} found.`
      : `No page has all of these words; ${pages} with some of them.`) + limit;
  }

  async function search() {
    turn += 1;
    const mine = turn;
    const query = box.value;
    if (!words(query).length) {
      results.replaceChildren();
      status.textContent = "";
      lists.hidden = false;
      return;
    }
    try {
      await load("index");
      const found = await find(query);
      const sections = await Promise.all(grouped(found.ranked).map((group) => section(group, found.wanted)));
      if (mine === turn) {
        results.replaceChildren(...sections);
        status.textContent = message(found);
        lists.hidden = found.ranked.length > 0;
      }
    } catch {
      if (mine === turn) {
        results.replaceChildren();
        status.textContent = "The search could not be loaded. Look through the lists below.";
        lists.hidden = false;
      }
    }
  }

  function asked() {
    const inHash = new URLSearchParams(location.hash.slice(1)).get("q");
    return inHash ?? new URLSearchParams(location.search).get("q") ?? "";
  }

  function remember() {
    history.replaceState(null, "", `#${new URLSearchParams([["q", box.value]])}`);
  }

  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      remember();
      search();
    }, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    remember();
    search();
  });
  addEventListener("hashchange", () => {
    box.value = asked();
    search();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  function step(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [box, ...results.querySelectorAll("a, button:not([hidden])")];
    const here = stops.indexOf(document.activeElement);
    if (way && here >= 0 && stops[here + way]) {
      event.preventDefault();
      stops[here + way].focus();
    }
  }
  form.addEventListener("keydown", step);
  results.addEventListener("keydown", step);

  box.value = asked();
  search();
})();
