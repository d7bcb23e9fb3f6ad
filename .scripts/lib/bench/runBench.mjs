// npm run bench: sets up what a bench needs, runs it, prints its table and its bars, and keeps both as a report.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot } from '../cache.mjs';
import { build, ensureDependencies } from '../dependencies.mjs';
import { onInterrupt } from '../interrupt.mjs';
import { withLock } from '../lock.mjs';
import { clone, out } from '../paths.mjs';
import { endRunning } from '../run.mjs';
import { createSteps } from '../steps.mjs';
import { helpOf, parseBenchArguments } from './arguments.mjs';
import { gamesBench } from './games.mjs';
import { machineFacts } from './machine.mjs';
import { barLines, judge, markdownTable, tableOf, textTable } from './report.mjs';
import { storeBench } from './store.mjs';
import { bundleSubjects } from './subjects.mjs';
import { fileSystemOf, Volumes } from './volume.mjs';

const benches = [storeBench, gamesBench];
const work = path.join(out, 'bench', 'work');

/** Returns true when every bar is met and no subject has failed. */
export async function main(words) {
  const { bench, ...options } = parseBenchArguments(words, benches);
  if (!bench) {
    console.log(helpOf(benches));
    return true;
  }
  // Two benches at once would measure each other.
  const lock = path.join(cacheRoot(), 'locks', 'bench.lock');
  return withLock(
    lock,
    () => runBench(bench, options),
    (pid) => console.log(`Waiting for another bench (process ${pid})…`),
  );
}

async function runBench(bench, { quick, results }) {
  const volumes = new Volumes(work);
  onInterrupt({
    first: () => {
      console.log('\nInterrupted; ending what was begun.');
      endRunning('SIGKILL');
    },
    again: () => {
      volumes.removeAll();
      process.exit(130);
    },
  });
  try {
    const { step } = createSteps(3 + bench.steps(quick), 'bench');
    await step('Packages', ensureDependencies);
    await step('Build', build);
    await step('Programs of the bench', () => bundleSubjects(bench.name));
    const machine = machineFacts({ fileSystem: fileSystemOf(work) ?? 'unknown' });
    const found = await bench.run({ step, volumes, quick });
    return report(bench, { machine, quick, folder: path.resolve(results ?? path.join(out, 'bench')), ...found });
  } finally {
    volumes.removeAll();
  }
}

/** Prints and keeps what came of it. */
function report(bench, { machine, quick, folder, results, notes, failures }) {
  const cells = tableOf(bench.measures, results);
  const product = results.find(({ isProduct }) => isProduct);
  const verdicts = product ? judge(bench.bars, product) : [];
  const bars = barLines(verdicts);
  const facts = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  const caveat = quick ? ['Quick: shows that it works; figures need a run without --quick.'] : [];
  const remarks = [...caveat, ...notes, ...failures.map((failure) => `FAILED: ${failure}`)];

  console.log(`\n${textTable(cells)}\n\n${[...remarks, ...facts].join('\n')}\n`);
  if (bars.length > 0) console.log(`${bars.join('\n')}\n`);

  const list = (lines) => lines.map((line) => `- ${line}`).join('\n');
  const sections = [`# Bench: ${bench.name}`, bench.about, markdownTable(cells), list(remarks)];
  if (bars.length > 0) sections.push('## Bars', list(bars));
  sections.push('## Where', list(facts));
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, bench.name);
  writeFileSync(`${file}.md`, `${sections.join('\n\n')}\n`);
  const data = { bench: bench.name, quick, machine, results, bars: verdicts, notes, failures };
  writeFileSync(`${file}.json`, `${JSON.stringify(data, null, 2)}\n`);
  console.log(`Report: ${path.relative(clone, file)}.md and .json`);
  return failures.length === 0 && verdicts.every(({ met }) => met !== false);
}
