// Runs many queries over one N-Quads file with Comunica, in one process.
// stdin: {"file": path, "queries": {name: sparql}}; stdout: {name: {"columns": [], "rows": [[]]}},
// each cell the IRI or lexical form of a term, empty for none.
import { readFileSync } from 'node:fs';
import { QueryEngine } from '@comunica/query-sparql-file';

const { file, queries } = JSON.parse(readFileSync(0, 'utf8'));
const engine = new QueryEngine();
const answers = {};
for (const [name, sparql] of Object.entries(queries)) {
  const result = await engine.query(sparql, { sources: [{ type: 'file', value: file }] });
  const { variables } = await result.metadata();
  const columns = variables.map((variable) => variable.value);
  const rows = [];
  for await (const bindings of await result.execute()) {
    rows.push(columns.map((column) => bindings.get(column)?.value ?? ''));
  }
  answers[name] = { columns, rows };
}
process.stdout.write(JSON.stringify(answers));
