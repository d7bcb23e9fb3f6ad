// npm run bench: sets up what a bench needs, runs it, prints its table and its bars, and keeps both as a report.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot } from '../cache.mjs';
import { build, ensureDependencies } from '../dependencies.mjs';
import { onInterrupt } from '../interrupt.mjs';
import { withLock } from '../lock.mjs';
import { clone, out } from '../paths.mjs';
import { killAll } from '../processes.mjs';
import { endRunning } from '../run.mjs';
import { createSteps } from '../steps.mjs';
import { benchMark, removeLeftGroups } from './accounts.mjs';
import { alertsBench } from './alerts.mjs';
import { helpOf, parseBenchArguments } from './arguments.mjs';
import { diskBench } from './disk.mjs';
import { gamesBench } from './games.mjs';
import { impactBench } from './impact.mjs';
import { insightBench } from './insight.mjs';
import { insightSimBench } from './insightSim.mjs';
import { machineFacts } from './machine.mjs';
import { politeBench } from './polite.mjs';
import { publish } from './publish.mjs';
import { barLines, judge, pageOf, tableOf, textTable } from './report.mjs';
import { storeBench } from './store.mjs';
import { bundleSubjects } from './subjects.mjs';
import { fileSystemOf, Volumes } from './volume.mjs';

const benches = [
  storeBench,
  gamesBench,
  alertsBench,
  politeBench,
  impactBench,
  diskBench,
  insightBench,
  insightSimBench,
];
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

async function runBench(bench, { quick, data, results, publish: isPublished }) {
  // Of a run that was killed.
  await killAll(benchMark, '1');
  removeLeftGroups();
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
    if (bench.takes) console.log(`This takes about ${bench.takes(quick)}.`);
    const { step } = createSteps(3 + bench.steps(quick), 'bench');
    await step('Packages', ensureDependencies);
    await step('Build', build);
    await step('Programs of the bench', () => bundlePrograms(bench));
    const machine = machineFacts({ fileSystem: fileSystemOf(work) ?? 'unknown' });
    const folder = path.resolve(results ?? path.join(out, 'bench'));
    const found = await bench.run({ step, volumes, quick, data, results: folder, folder: work });
    return report(bench, { machine, quick, isPublished, folder, sections: [], ...found });
  } finally {
    await killAll(benchMark, '1');
    volumes.removeAll();
  }
}

async function bundlePrograms({ name, uses = [name] }) {
  const texts = [];
  for (const one of uses) texts.push(await bundleSubjects(one));
  return texts.join(', ');
}

/** Prints, keeps and, if asked to, publishes what came of it. */
function report(bench, found) {
  const { machine, quick, folder, results, notes, failures, sections } = found;
  const cells = tableOf(bench.measures, results);
  const product = results.find(({ isProduct }) => isProduct);
  const verdicts = product ? judge(bench.bars, product) : [];
  const bars = barLines(verdicts);
  const facts = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  const caveat = quick ? ['Quick: shows that it works; figures need a run without --quick.'] : [];
  const remarks = [...caveat, ...notes, ...failures.map((failure) => `FAILED: ${failure}`)];

  console.log(`\n${textTable(cells)}\n\n${[...remarks, ...facts].join('\n')}\n`);
  for (const { heading, cells: more } of sections) console.log(`${heading}\n\n${textTable(more)}\n`);
  if (bars.length > 0) console.log(`${bars.join('\n')}\n`);

  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, bench.name);
  writeFileSync(`${file}.md`, `${pageOf(bench, { cells, remarks, bars, facts, sections })}\n`);
  const data = { bench: bench.name, quick, machine, results, sections, bars: verdicts, notes, failures };
  writeFileSync(`${file}.json`, `${JSON.stringify(data, null, 2)}\n`);
  console.log(`Report: ${path.relative(clone, file)}.md and .json`);
  if (found.isPublished) publish(bench, { cells, remarks, bars, facts, sections, results, machine });
  return failures.length === 0 && verdicts.every(({ met }) => met !== false);
}
