// Begins the SPARQL page. Opened as a file, a browser lets it neither fetch nor start a worker.
(() => {
  'use strict';
  const show = (id) => { document.getElementById(id).hidden = false; };
  const here = document.currentScript.src;
  if (location.protocol === 'file:') {
    show('sparql-file');
    return;
  }
  import(new URL('sparql-page.js', here))
    .then((page) => page.start(new URL('../', here)))
    .catch((error) => {
      show('sparql-broken');
      document.getElementById('sparql-cause').textContent = error.message;
    });
})();
