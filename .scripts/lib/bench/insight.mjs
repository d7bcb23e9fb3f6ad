// npm run bench -- insight --data FOLDER: the detector that is shipped, and plain three sigma, over any labelled series.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { categoriesOf, complaintOf, insightBars, insightMeasures, withScores } from './insightTable.mjs';
import { startSubject } from './subjects.mjs';

/** Results of the product lie in the folder itself, so that a scorer finds them there; those of others in one of their own. */
const detectors = [
  { name: 'detector', heading: 'this product', isProduct: true, place: '.' },
  { name: 'threeSigma', heading: 'rolling mean, 3 sigma', isProduct: false, place: 'three-sigma' },
];

/** The core runs for weeks: what its compiler does in the first moments is no part of what a value costs. The last one counts. */
const rounds = 3;

export const insightBench = {
  name: 'insight',
  about: 'Every series of a folder through the shipped detector, value by value, and through plain three sigma.',
  needsData: true,
  measures: insightMeasures,
  bars: insightBars,
  steps: () => detectors.length,

  async run({ step, data, results: reports }) {
    const folder = path.resolve(data);
    const series = path.join(folder, 'data');
    const files = filesOf(series);
    if (files.length === 0) throw new Error(`There is no data/CATEGORY/FILE.csv in ${folder}.`);
    if (isWithin(reports, series)) throw new Error(`Results must not lie among the data: ${reports} is in ${series}.`);
    const results = [];
    const notes = [`${files.length} files; scores per value lie beside this report, one CSV per file of the data.`];
    for (const { place, ...detector } of detectors) {
      const into = path.join(reports, place);
      await step(detector.heading, async ({ log }) => {
        const run = await throughAll(detector.name, { folder, files, into, log });
        const scored = scoresOf(folder, into);
        notes.push(...scored.notes.map((note) => `${detector.heading}: ${note}`));
        results.push(withScores({ ...detector, ...run }, scored.report));
      });
    }
    const all = categoriesOf(results);
    return { results, notes, failures: [], sections: all ? [all] : [] };
  },
};

/** Whether a folder is that one or below it. */
function isWithin(folder, above) {
  const way = path.relative(above, folder);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

/** The series of a folder, by their place in it; links are followed, as data may lie anywhere. */
function filesOf(folder, below = '') {
  const here = path.join(folder, below);
  if (!statSync(here, { throwIfNoEntry: false })?.isDirectory()) return below.endsWith('.csv') ? [below] : [];
  const names = readdirSync(here).sort();
  return names.flatMap((name) => filesOf(folder, path.join(below, name)));
}

/** Each detector in a process of its own: what one of them has compiled must not help the other. */
async function throughAll(name, { folder, files, into, log }) {
  const program = startSubject({ bench: 'insight', name: 'series', log });
  let sum;
  try {
    for (let round = 0; round < rounds; round += 1) {
      sum = { samples: 0, cpuMicroseconds: 0 };
      for (const file of files) {
        const to = path.join(into, file);
        mkdirSync(path.dirname(to), { recursive: true });
        const ran = await program.call('run', { detector: name, from: path.join(folder, 'data', file), to });
        if (ran.problem) throw new Error(ran.problem);
        sum.samples += ran.samples;
        sum.cpuMicroseconds += ran.cpuMicroseconds;
      }
    }
    await program.end();
  } finally {
    await program.kill();
  }
  return sum;
}

/** What the data's own scorer says, if it brings one: the rules of scoring belong to the data. */
function scoresOf(data, results) {
  const scorer = path.join(data, 'score.mjs');
  if (!existsSync(path.join(data, 'labels.json'))) return { notes: ['not scored, the data has no labels.json'] };
  if (!existsSync(scorer)) return { notes: ['not scored, the data brings no score.mjs'] };
  const words = [scorer, '--data', data, '--results', results, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) return { notes: [`not scored: ${complaintOf(stderr)}`] };
  try {
    return { notes: [], report: JSON.parse(stdout) };
  } catch {
    return { notes: ['not scored: what the score.mjs of the data prints is no JSON'] };
  }
}
