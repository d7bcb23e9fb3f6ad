// The pages that show figures get them from here, never by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clone } from '../paths.mjs';
import { mainTable, replaceBetween } from './publishing.mjs';
import { pageOf } from './report.mjs';

function change(name, text, ...place) {
  const file = path.join(clone, ...place);
  writeFileSync(file, replaceBetween(readFileSync(file, 'utf8'), name, text));
  console.log(`Published in ${path.join(...place)}`);
}

/** Writes the whole into docs/benchmarks.md and, of benches that have some, the main rows into both READMEs. */
export function publish(bench, found) {
  const { machine, results, ...page } = found;
  change(bench.name, pageOf(bench, page, 2), 'docs', 'benchmarks.md');
  if (!bench.main) return;
  const shown = { results, date: machine.date, machine: `${machine.cpu}, ${machine.system}, Node ${machine.node}` };
  change(bench.name, mainTable(bench.main, shown, 'en'), 'README.md');
  change(bench.name, mainTable(bench.main, shown, 'ko'), 'README.ko.md');
}
