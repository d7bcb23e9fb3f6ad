// npm run bench -- store: the history of ten servers, stored in the product's way and in others, on the same data.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Interrupted } from '../run.mjs';
import { ensureSqliteNode } from './sqliteNode.mjs';
import { storeBars, storeMeasures } from './storeTable.mjs';
import { startSubject } from './subjects.mjs';

const sampleMs = 5_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const weekHours = 7 * 24;
const yearHours = 365 * 24;
const points = 600;
const flushesPerHour = 360;
const flushMs = 10_000;
/** Flushes in real time; the alternatives that write everything at each flush do a third of them. */
const realFlushes = 12;
const end = Date.UTC(2026, 0, 12);

/**
 * The subjects, each a program in test/bench/store/subjects. Where a subject is slow or big, it does less of the same:
 *   flushes         in the window that is measured, as fast as they go: with and without --quick
 *   fillFlushHours  hours of data per flush while the seven days are stored beforehand
 *   crashFlushes    flushes between the last orderly end and the crash that the start-up is measured after
 *   hasYear         whether it can be asked for a year, with and without --quick
 *   needsSqlite     whether it takes a Node that has node:sqlite
 *   node            `env` and `nodeArguments`, if the product starts its Node with some
 */
const subjects = [
  {
    name: 'product',
    heading: 'this product',
    about:
      'in memory, a journal every 10 s, snapshots in proportion to it; older history by the minute, quarter and hour',
    isProduct: true,
    // Long enough for several snapshots.
    flushes: { full: 6 * flushesPerHour + 1, quick: 6 * flushesPerHour + 1 },
    realFlushes,
    fillFlushHours: 1,
    crashFlushes: 6 * flushesPerHour - 1,
    hasYear: { full: true, quick: true },
    // As the core is started: see src/node/environment.ts.
    node: { env: { MALLOC_MMAP_THRESHOLD_: '131072' }, nodeArguments: ['--max-semi-space-size=1'] },
  },
  {
    name: 'exportNaive',
    heading: 'sql.js export, naive',
    about: 'sql.js, text and floating-point table with an index; the whole database is written every 10 s',
    flushes: { full: 12, quick: 4 },
    realFlushes: realFlushes / 3,
    fillFlushHours: 24,
    crashFlushes: 0,
  },
  {
    name: 'exportCompact',
    heading: 'sql.js export, compact',
    about: 'sql.js, whole numbers only and no index; the whole database is written every 10 s',
    flushes: { full: 36, quick: 12 },
    realFlushes: realFlushes / 3,
    fillFlushHours: 24,
    crashFlushes: 0,
  },
  {
    name: 'nodeSqliteWal',
    heading: 'node:sqlite WAL',
    about: "Node's own SQLite, whole numbers, time first in the key, write-ahead log, one transaction every 10 s",
    flushes: { full: 6 * flushesPerHour, quick: flushesPerHour },
    realFlushes,
    fillFlushHours: 1,
    crashFlushes: 6 * flushesPerHour - 1,
    needsSqlite: true,
  },
  {
    name: 'nodeSqliteNaive',
    heading: 'node:sqlite, naive',
    about: "Node's own SQLite, text and floating-point table with an index, a transaction per row",
    flushes: { full: flushesPerHour / 3, quick: 12 },
    realFlushes,
    fillFlushHours: 24,
    crashFlushes: 0,
    needsSqlite: true,
  },
];

export const storeBench = {
  name: 'store',
  about: 'The history of ten servers, six metrics each five seconds, beside other ways of storing it.',
  measures: storeMeasures,
  bars: storeBars,
  steps: (quick) => 1 + subjects.length + (quick ? 0 : 1),

  /** Returns a result per subject that came to its end, remarks, and a sentence per subject that did not. */
  async run({ step, volumes, quick }) {
    const sqlite = await step('A Node with SQLite', ensureSqliteNode);
    const [results, notes, failures] = [[], [], []];
    const done = [];
    for (const subject of subjects) {
      const node = subject.needsSqlite ? sqlite.node : process.execPath;
      await step(subject.heading, async (progress) => {
        if (!node) {
          notes.push(`${subject.heading}: left out: ${sqlite.text}`);
          return 'left out';
        }
        const bench = new SubjectBench(subject, { node, volumes, quick, progress });
        try {
          results.push(await bench.run());
          done.push(bench);
        } catch (error) {
          if (error instanceof Interrupted) throw error;
          failures.push(error.message);
          return `FAILED: ${error.message.split('\n')[0]}`;
        }
        return undefined;
      });
    }
    if (!quick) {
      await step('Flushes in real time', async ({ say }) => {
        say(`All at once, ${(realFlushes * flushMs) / minuteMs} minutes`);
        const ends = await Promise.allSettled(done.map((bench) => bench.realTime()));
        const broken = ends.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
        if (broken.some((reason) => reason instanceof Interrupted)) throw new Interrupted();
        failures.push(...broken.map(({ message }) => message));
      });
    }
    notes.unshift(...remarks(volumes, { quick }), ...results.map(describe));
    return { results, notes, failures };
  },
};

function remarks({ whyNoDevice }, { quick }) {
  const bytes = whyNoDevice
    ? `Bytes are those of the process (/proc/self/io), without the file system's journal, because ${whyNoDevice}.`
    : 'Bytes are those that reached the device: each subject has an ext4 of its own, synced before and after.';
  return [
    bytes,
    'Fast: flushes one after the other, so that the file system joins what it would write apart.',
    ...(quick ? [] : ['Real time: flushes 10 s apart, files written in whole counted as in the fast window.']),
    'A year: one sample a minute, the last 7 days as otherwise.',
  ];
}

function describe({ heading, about, node, steady, realTime, recovery }) {
  const flushes = (window) => Math.round(window.hours * flushesPerHour);
  const real = realTime ? ` and ${flushes(realTime)} in real time` : '';
  const crash = recovery.crashHours > 0 ? ` after a crash and ${recovery.crashHours.toFixed(1)} h of data` : '';
  return `${heading}: ${about}. Node ${node}, ${flushes(steady)} flushes${real}; started${crash || ' after an orderly end'}.`;
}

/** Leads one subject through everything; each part has a process of its own, as memory once taken is seldom given back. */
class SubjectBench {
  constructor(subject, { node, volumes, quick, progress }) {
    this.subject = subject;
    this.node = node;
    this.quick = quick;
    this.progress = progress;
    this.volume = volumes.create(subject.name);
    this.folder = path.join(this.volume.folder, 'week');
    mkdirSync(this.folder);
    this.at = end - weekHours * hourMs;
    this.result = {
      name: subject.name,
      heading: subject.heading,
      about: subject.about,
      isProduct: !!subject.isProduct,
    };
  }

  async run() {
    const { result, progress, subject } = this;
    progress.now('storing 7 days');
    result.fill = await this.fill(this.folder);
    progress.now('flushes and queries');
    await this.within(this.folder, (program, opened) => this.steady(program, opened));
    progress.now('start-up');
    result.recovery = await this.recover();
    if (subject.hasYear?.[this.quick ? 'quick' : 'full']) {
      progress.now('a year');
      result.year = await this.year();
    }
    return result;
  }

  /** Opens the store in a new process, does the work, and closes it, unless the work `crashes` it. */
  async within(folder, work, { crashes = false } = {}) {
    const { subject, node, progress } = this;
    const program = startSubject({ bench: 'store', name: subject.name, log: progress.log, ...subject.node, node });
    try {
      const opened = await program.call('open', { folder, at: this.at });
      const result = await work(program, opened);
      if (!crashes) {
        await program.call('close');
        await program.end();
      }
      return result;
    } finally {
      await program.kill();
    }
  }

  fill(folder) {
    const { fillFlushHours: flushHours } = this.subject;
    return this.within(folder, async (program) => {
      const filled = await program.call('fill', { hours: weekHours, flushHours, everyMs: sampleMs });
      this.at = filled.at;
      return filled;
    });
  }

  /** A window of flushes with the bytes that reached the device meanwhile. */
  async flushes(program, how) {
    const before = this.volume.written();
    const window = await program.call('flushes', how);
    const after = this.volume.written();
    this.at = window.at;
    return before === undefined ? window : { ...window, deviceBytes: after - before };
  }

  async steady(program, opened) {
    const { result, subject, quick } = this;
    result.node = opened.node;
    result.residentBefore = opened.residentBefore;
    result.steady = await this.flushes(program, { count: subject.flushes[quick ? 'quick' : 'full'] });
    const week = { metrics: ['cpu'], spanMs: weekHours * hourMs, buckets: points };
    result.queries = {
      quarter: await program.call('query', { metrics: ['cpu'], spanMs: 15 * minuteMs, buckets: 180 }),
      week: await program.call('query', week),
      weekOfThree: await program.call('query', { ...week, metrics: ['cpu', 'memory', 'players'] }),
    };
    result.sizes = await program.call('sizes');
  }

  /** What it takes to open the store again, after a crash where the subject lives through one in reasonable time. */
  async recover() {
    const { crashFlushes } = this.subject;
    let found = 0;
    if (crashFlushes > 0) {
      await this.within(
        this.folder,
        async (program) => {
          this.at = (await program.call('flushes', { count: crashFlushes })).at;
          found = (await program.call('sizes')).others;
        },
        { crashes: true },
      );
    }
    const { cpuMs, wallMs } = await this.within(this.folder, (_, opened) => opened);
    return { cpuMs, wallMs, found, crashHours: crashFlushes / flushesPerHour };
  }

  async year() {
    const folder = path.join(this.volume.folder, 'year');
    mkdirSync(folder);
    const resumeAt = this.at;
    this.at = end - yearHours * hourMs;
    const { fillFlushHours: flushHours } = this.subject;
    await this.within(folder, async (program) => {
      const hours = yearHours - weekHours;
      this.at = (await program.call('fill', { hours, flushHours, everyMs: minuteMs })).at;
    });
    await this.fill(folder);
    const year = await this.within(folder, async (program) => {
      const { residentAfterGc: resident } = await program.call('memory');
      const { database } = await program.call('sizes');
      const query = await program.call('query', { metrics: ['cpu'], spanMs: yearHours * hourMs, buckets: points });
      return { database, resident, query };
    });
    this.at = resumeAt;
    return year;
  }

  async realTime() {
    const count = this.subject.realFlushes;
    this.result.realTime = await this.within(this.folder, (program) =>
      this.flushes(program, { count, pauseMs: flushMs }),
    );
  }
}
