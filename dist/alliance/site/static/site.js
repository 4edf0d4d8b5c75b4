// What a page gains with scripts: a switch of the theme. Everything else works without.
(function () {
  "use strict";
  var root = document.documentElement;
  function stored() { try { return localStorage.getItem("theme"); } catch (error) { return null; } }
  function store(theme) { try { localStorage.setItem("theme", theme); } catch (error) { /* private mode */ } }
  function system() { return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"; }
  function current() { return root.dataset.theme || system(); }
  var chosen = stored();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  var bar = document.querySelector("header.top");
  if (!bar) return;
  var space = "http://www.w3.org/2000/svg";
  var button = document.createElement("button"), picture = document.createElementNS(space, "svg");
  var shape = document.createElementNS(space, "path");
  button.type = "button";
  button.className = "theme";
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.append(shape);
  button.append(picture);
  function show() {
    var dark = current() === "dark";
    var word = dark ? "Switch to the light theme" : "Switch to the dark theme";
    button.setAttribute("aria-label", word);
    button.title = word;
    shape.setAttribute("d", dark ? "M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10zM12 1.5v2.5M12 20v2.5M1.5 12h2.5M20 12h2.5M4.6 4.6l1.8 1.8M17.6 17.6l1.8 1.8M19.4 4.6l-1.8 1.8M6.4 17.6l-1.8 1.8" : "M20.5 14.5A9 9 0 0 1 9.5 3.5a9 9 0 1 0 11 11z");
  }
  button.addEventListener("click", function () {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    store(root.dataset.theme);
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
  bar.append(button);
}());
