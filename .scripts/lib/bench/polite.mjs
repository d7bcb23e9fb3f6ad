// npm run bench -- polite: what it costs to watch game servers, beside other ways, on the same processes.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Interrupted, wasInterrupted } from '../run.mjs';
import { Account } from './accounts.mjs';
import { monitors } from './monitors.mjs';
import { ensurePeers } from './peers.mjs';
import { counts, politeBars, politeMain, politeMeasures, summarize } from './politeTable.mjs';
import { startProduct } from './product.mjs';
import { profileProduct } from './profile.mjs';
import { Resume } from './resume.mjs';

const intervalMs = 2000;
/**
 * Seconds. The product runs for `age` before anything is compared: it is made to run for weeks, and V8 needs minutes to find out
 * what is worth compiling at one round in two seconds. What it costs before that is measured by itself: its second minute.
 */
const lengths = {
  full: { runs: 5, age: { 1: 120, 20: 480, 200: 480 }, early: { from: 60, to: 120 }, warmUp: 15, window: 30 },
  quick: { runs: 1, age: { 1: 10, 20: 10, 200: 10 }, early: { from: 1, to: 8 }, warmUp: 4, window: 10 },
};
/** Seconds that starting and ending the others takes, about, by servers; and the servers themselves. */
const around = { 1: 12, 20: 15, 200: 30 };
const profileSeconds = 90;
const profiled = [20, 200];
const product = { name: 'product', heading: 'this product', isProduct: true };

const minutes = ({ runs, age, warmUp, window }) =>
  Math.ceil(
    [
      ...counts.map((count) => age[count] + around[count] + runs * (around[count] + 2 * (warmUp + window))),
      ...profiled.map((count) => around[count] + 2 * profileSeconds),
    ].reduce((sum, seconds) => sum + seconds, 0) / 60,
  );

export const politeBench = {
  name: 'polite',
  about: `What watching ${counts.join(', ')} servers every ${intervalMs / 1000} s costs: on the same processes.`,
  measures: politeMeasures,
  bars: politeBars,
  main: politeMain,
  takes: (quick) => `${minutes(quick ? lengths.quick : lengths.full)} minutes`,
  steps: () => 1 + counts.length + profiled.length,

  async run({ step, quick, folder }) {
    if (process.platform !== 'linux') throw new Error('This bench reads /proc: it runs on Linux only.');
    const plan = quick ? lengths.quick : lengths.full;
    const peers = await step('The others', (progress) => ensurePeers(progress, { pm2: true }));
    const resume = new Resume('polite', plan);
    const subjects = monitors.filter(({ needs }) => !needs || peers[needs]);
    const by = {};
    for (const count of counts) {
      await step(`${count} servers`, async ({ say, now, log }) => {
        say(`${plan.age[count]} s to begin with, then ${plan.runs} runs of ${plan.window} s that are measured`);
        const place = path.join(folder, 'polite');
        const work = () => measureAll({ count, plan, subjects, peers, log, now, folder: place });
        by[count] = await resume.part(String(count), work);
      });
    }
    const sections = await profiles({ step, quick, folder, resume });
    resume.done();
    return { ...summary({ by, subjects }), sections, notes: [...remarks(by, plan), ...peers.notes] };
  },
};

async function profiles({ step, quick, folder, resume }) {
  const sections = [];
  for (const count of profiled) {
    await step(`Where the time goes, ${count} servers`, async ({ log }) => {
      const place = path.join(folder, `profile-${count}`);
      const [warmUp, window] = quick ? [4, 10] : [profileSeconds, profileSeconds];
      const cells = await resume.part(`profile-${count}`, () =>
        profileProduct({ count, intervalMs, warmUp, window, folder: place, log }),
      );
      const about = `Of the core, with ${count} servers, in a run of its own that is profiled (which costs time itself).`;
      sections.push(
        { heading: `Where the time goes: ${count} servers`, about, cells: [...cells.areas, cells.system] },
        { heading: `The functions that take most: ${count} servers`, cells: cells.places, isDetail: true },
      );
    });
  }
  return sections;
}

/** With so many servers: the product is started once, the others for each run. A window by the subject's name for each. */
async function measureAll({ count, plan, subjects, peers, log, now, folder }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const account = new Account('product');
  const own = await startProduct(account, { count, intervalMs, folder, log });
  const began = performance.now();
  const product = { name: 'product', account, rounds: () => own.rounds() };
  const until = (seconds) => attentivePause(seconds - (performance.now() - began) / 1000);
  try {
    now('the product by itself');
    await until(plan.early.from);
    const { product: early } = await windowsOf([product], { warmUp: 0, window: plan.early.to - plan.early.from });
    await until(plan.age[count]);
    const roles = { [own.pid]: 'core', [own.launcherPid]: 'launcher' };
    const able = subjects.filter(({ counts: only }) => !only || only.includes(count));
    const runs = [];
    for (let run = 1; run <= plan.runs; run += 1) {
      now(`run ${run} of ${plan.runs}`);
      const place = path.join(folder, `run-${run}`);
      mkdirSync(place);
      const how = { plan, folder: place, log, peers, pids: own.pids, roles };
      const first = await measureBeside(
        able.filter(({ isLater }) => !isLater),
        [product],
        how,
      );
      // The product goes on, as the servers are its own, and does not count any more.
      runs.push({
        ...(await measureBeside(
          able.filter(({ isLater }) => isLater),
          [],
          how,
        )),
        ...first,
      });
    }
    return { runs, early };
  } finally {
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One window of these, and of what runs already. */
async function measureBeside(subjects, running, { plan, folder, log, peers, pids, roles }) {
  const started = [];
  try {
    for (const { name, start } of subjects)
      started.push({ name, ...(await start({ pids, intervalMs, folder, log, peers })) });
    const windows = await windowsOf([...running, ...started], plan);
    for (const one of windows.product?.processes ?? []) one.role = roles[one.pid];
    return windows;
  } finally {
    await stopAll(started);
  }
}

async function stopAll(running) {
  for (const { stop } of running.reverse()) await stop();
}

async function windowsOf(running, { warmUp, window }) {
  if (running.length === 0) return {};
  await attentivePause(warmUp);
  // The rounds are asked for outside the window: answering costs time, too.
  const before = [];
  for (const one of running) before.push({ rounds: await one.rounds(), mark: one.account.mark() });
  await attentivePause(window);
  const windows = {};
  for (const [index, { name, account, rounds }] of running.entries()) {
    const used = account.since(before[index].mark);
    const done = await rounds();
    const told = done === undefined ? undefined : done - before[index].rounds;
    windows[name] = { ...used, rounds: told, isExact: account.isExact };
  }
  return windows;
}

async function attentivePause(seconds) {
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) {
    if (wasInterrupted()) throw new Interrupted();
    await pause(Math.min(1000, Math.max(0, until - performance.now())));
  }
}

function summary({ by, subjects }) {
  const all = [product, ...subjects].map(({ name, heading, isProduct = false }) => ({
    name,
    heading,
    isProduct,
    by: Object.fromEntries(
      counts.map((count) => [count, summarize(by[count].runs, name, isProduct ? by[count].early : undefined)]),
    ),
  }));
  const failures = counts
    .filter((count) => by[count].runs.some(({ product: own }) => !(own.rounds > 0)))
    .map((count) => `the product has told no numbers of ${count} servers`);
  return { results: all, failures };
}

function remarks(by, { runs, age, early, window }) {
  const isExact = counts.every((count) =>
    by[count].runs.every((run) => Object.values(run).every((one) => one.isExact)),
  );
  return [
    `Medians of ${runs} runs of ${window} s; multiples are of the same run. The product has been running for ${counts.map((count) => age[count] / 60).join(', ')} minutes when the first begins, for V8 to have compiled what runs often; what it costs before that is the row of its seconds ${early.from} to ${early.to}.`,
    isExact
      ? 'CPU is that of a control group: user and system, all processes of a subject, those that have ended too.'
      : 'CPU is that of the threads that live at the end (no control groups could be made): what starts programs looks cheaper.',
    'All at the same time, but for pidusage + systeminformation and pm2, which follow: they start programs, and where something starts this product looks for more.',
    'The servers are processes that sleep, started by the product; pm2 has its own, as it watches no others. It measures when asked: its daemon and one client count.',
    'This product: core and launcher as they are shipped, everything on, game `other`, one client that gets every sample.',
    'Minimal loop: files of /proc kept open, read at once; no trees, no host, no history to ask, nobody to tell.',
    'psutil + SQLite: each process watched for 0.1 s, a commit per row; `rounds a minute` shows how far it stays behind.',
    'PSS is low where many processes of one program run: they share its text.',
  ];
}
