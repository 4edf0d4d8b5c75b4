// Pictures work without this: it lights what a thing is joined to, tells below the picture what the
// pointer or the keyboard is on, and hides what is not sure.
"use strict";
(() => {
  const GRADES = ["stated", "reported", "inferred", "possible", "conditional"];
  const MOST = 8;

  const title = (shape) => shape.querySelector("title")?.textContent ?? "";

  // Returns the lines at a node and the nodes at their ends, the node itself included.
  function around(svg, node) {
    const links = [...svg.querySelectorAll(".p-link")]
      .filter((link) => link.dataset.ends.split(" ").includes(node.dataset.node));
    const ends = new Set(links.flatMap((link) => link.dataset.ends.split(" ")).concat(node.dataset.node));
    return [links, [...svg.querySelectorAll(".p-node")].filter((other) => ends.has(other.dataset.node))];
  }

  function clear(svg) {
    svg.classList.remove("p-busy");
    for (const shape of svg.querySelectorAll(".p-lit")) shape.classList.remove("p-lit");
  }

  function show(svg, note, shape) {
    clear(svg);
    let told = [title(shape)];
    if (shape.matches(".p-node")) {
      const [links, nodes] = around(svg, shape);
      for (const lit of [...links, ...nodes]) lit.classList.add("p-lit");
      const said = links.map((link) => title(link).replaceAll("\n", " · "));
      told = told.concat(said.slice(0, MOST), said.length > MOST ? [`and ${said.length - MOST} more`] : []);
    } else if (shape.matches(".p-link")) {
      const ends = shape.dataset.ends.split(" ");
      shape.classList.add("p-lit");
      for (const node of svg.querySelectorAll(".p-node"))
        if (ends.includes(node.dataset.node)) node.classList.add("p-lit");
    }
    svg.classList.toggle("p-busy", svg.querySelector(".p-lit") !== null);
    note.textContent = told.join("\n");
  }

  function button(text, pressed, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-pressed", pressed);
    made.addEventListener("click", () => {
      const now = made.getAttribute("aria-pressed") !== "true";
      made.setAttribute("aria-pressed", now);
      press(now);
    });
    return made;
  }

  function tools(svg) {
    const bar = document.createElement("div");
    bar.className = "p-tools";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "What the picture shows");
    if (svg.querySelector(".p-link:not(.asserted), .p-row .p-if, .p-row .p-open"))
      bar.append(button("Only what is sure", false, (now) => svg.classList.toggle("p-only-sure", now)));
    const used = GRADES.filter((grade) => svg.querySelector(`.p-link.${grade}`));
    if (used.length > 1)
      for (const grade of used)
        bar.append(button(grade, true, (now) => svg.classList.toggle(`p-no-${grade}`, !now)));
    return bar;
  }

  for (const svg of document.querySelectorAll("svg.picture")) {
    const frame = svg.closest(".scroll") ?? svg;
    const note = document.createElement("p");
    note.className = "p-note";
    note.setAttribute("aria-live", "off");
    frame.before(tools(svg));
    frame.after(note);
    const found = (event) => event.target.closest(".p-node, .p-link, .p-row");
    for (const kind of ["pointerover", "focusin"])
      svg.addEventListener(kind, (event) => {
        const shape = found(event);
        if (shape) show(svg, note, shape);
      });
    for (const kind of ["pointerleave", "focusout"]) svg.addEventListener(kind, () => clear(svg));
    svg.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(svg); });
  }
})();
