// Makes the files of src/treatyrdf/web/static/vendor from the pinned packages: `node build.mjs [FOLDER]`.
// The same packages give the same bytes. vendor.json lists what each file is made of, with its SHA-256.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../src/treatyrdf/web/static/vendor'));
const modules = join(here, 'node_modules');

// A package that ships no licence file has its text here.
const LICENCES = { oxigraph: join(here, 'oxigraph-LICENSE.txt') };

const about = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
const packageOf = (path) => path.split('node_modules/').pop().match(/^(@[^/]+\/)?[^/]+/)[0];

function licence(name) {
  const path = LICENCES[name] ?? join(modules, name, 'LICENSE');
  if (!existsSync(path)) throw new Error(`${name} has no LICENSE; put its text beside build.mjs`);
  const { version, license } = about(name);
  return `${name} ${version} (${license})\n\n${readFileSync(path, 'utf8').trim()}\n`;
}

async function bundle(entry, name) {
  const made = await build({
    entryPoints: [entry], outfile: join(out, name), absWorkingDir: here, bundle: true, minify: true,
    format: 'esm', target: 'es2022', legalComments: 'none', metafile: true, write: false, logLevel: 'error',
  });
  const inputs = Object.keys(made.metafile.inputs).filter((path) => path.includes('node_modules/'));
  return { name, bytes: made.outputFiles[0].contents, packages: [...new Set(inputs.map(packageOf))].sort() };
}

const parts = [
  await bundle(join(here, 'editor.mjs'), 'editor.js'),
  await bundle(join(modules, 'oxigraph/web.js'), 'oxigraph.js'),
  { name: 'oxigraph_bg.wasm', bytes: readFileSync(join(modules, 'oxigraph/web_bg.wasm')), packages: ['oxigraph'] },
];
const all = [...new Set(parts.flatMap((part) => part.packages))].sort();
const pinned = Object.keys(JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies);
const loose = all.filter((name) => !pinned.includes(name));
if (loose.length) throw new Error(`not pinned in package.json: ${loose.join(', ')}`);
const bar = `\n${'-'.repeat(80)}\n\n`;
parts.push({ name: 'LICENSES.txt', bytes: Buffer.from(all.map(licence).join(bar)), packages: all });

mkdirSync(out, { recursive: true });
const files = parts.map(({ name, bytes, packages }) => {
  writeFileSync(join(out, name), bytes);
  return {
    file: name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    packages: packages.map((each) => ({ name: each, version: about(each).version, licence: about(each).license })),
  };
});
writeFileSync(join(out, 'vendor.json'), `${JSON.stringify({ files }, null, 2)}\n`);
