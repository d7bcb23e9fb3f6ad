// npm run bench -- impact: what a game feels of a monitor that must share its CPU.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onPath, start } from '../run.mjs';
import { Account, benchMark } from './accounts.mjs';
import { impactBars, impactMain, impactMeasures } from './impactTable.mjs';
import { monitors } from './monitors.mjs';
import { ensurePeers } from './peers.mjs';
import { kilobytesOf } from './procTexts.mjs';
import { startProduct } from './product.mjs';
import { Resume } from './resume.mjs';
import { randomFrom } from './statistics.mjs';
import { plainEnvironment, startSubject } from './subjects.mjs';

const periodMs = 50;
/** Of each tick's 50 ms; whatever is left of the CPU is taken by a program that gives way to everybody. */
const workMs = 35;
const others = 19;
const intervalMs = 2000;
const lengths = { full: { rounds: 10, block: 30, warmUp: 10 }, quick: { rounds: 2, block: 5, warmUp: 3 } };
/** Seconds per block that starting and ending takes, about. */
const around = 6;

const arms = [
  { name: 'nothing', heading: 'nothing' },
  { name: 'product', heading: 'this product', isProduct: true },
  { name: 'unlowered', heading: 'this product, not lowered', coreArguments: ['--no-priority'] },
  ...monitors.filter(({ name }) => ['naive', 'packages'].includes(name)),
];

export const impactBench = {
  name: 'impact',
  about: `A game of 20 ticks a second and a monitor of it and ${others} others, every ${intervalMs / 1000} s, on one CPU that has nothing left.`,
  uses: ['polite', 'impact'],
  measures: impactMeasures,
  bars: impactBars,
  main: impactMain,
  takes(quick) {
    const { rounds, block, warmUp } = quick ? lengths.quick : lengths.full;
    return `${Math.ceil((rounds * arms.length * (block + warmUp + around)) / 60)} minutes`;
  },
  steps: () => 3,

  async run({ step, quick, folder }) {
    const cpus = cpusToUse();
    const plan = quick ? lengths.quick : lengths.full;
    const bytes = worldBytes();
    const peers = await step('The others', (progress) => ensurePeers(progress));
    const resume = new Resume('impact', { ...plan, bytes });
    const able = arms.filter(({ needs }) => !needs || peers[needs]);
    const stage = new Stage({ cpus, bytes, plan, peers, resume, folder: path.join(folder, 'impact') });
    try {
      await step('A game', ({ log }) => stage.begin(log));
      const found = await step('Blocks', (progress) => stage.play(able, progress));
      resume.done();
      const nothing = found.find(({ name }) => name === 'nothing');
      const results = found.map((one) => (one.isProduct ? { ...one, nothing } : one));
      return { results, notes: [...remarks(plan, bytes, cpus), ...peers.notes], failures: [] };
    } finally {
      await stage.end();
    }
  },
};

/** One CPU for the game and the monitor, and the others for this program. */
function cpusToUse() {
  if (process.platform !== 'linux') throw new Error('This bench pins processes to a CPU: it runs on Linux only.');
  for (const name of ['taskset', 'chrt']) if (!onPath(name)) throw new Error(`There is no ${name} here.`);
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const all = list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  if (all.length < 2) throw new Error('This bench takes two CPUs: one of them for itself.');
  return { game: all.at(-1), own: all.slice(0, -1).join(','), all: list };
}

/** 1 GB, or less where that would be more than a third of what is free. */
function worldBytes() {
  const free = kilobytesOf(readFileSync('/proc/meminfo', 'utf8'), 'MemAvailable');
  return Math.min(2 ** 30, 2 ** Math.floor(Math.log2(Math.max(free / 3, 2 ** 24))));
}

class Stage {
  #how;
  #game;
  #log;
  #steps;
  #asleep = [];

  constructor(how) {
    this.#how = how;
  }

  get #prefix() {
    return ['taskset', '-c', String(this.#how.cpus.game)];
  }

  async begin(log) {
    const { cpus, bytes, resume } = this.#how;
    this.#log = log;
    spawnSync('taskset', ['-acp', cpus.own, String(process.pid)]);
    const env = { [benchMark]: '1' };
    this.#game = startSubject({ bench: 'impact', name: 'game', log, env, prefix: this.#prefix });
    await this.#game.call('prepare', { bytes });
    this.#steps = await resume.part('steps', () => this.#game.call('calibrate', { targetMs: workMs }));
    const plain = { env: plainEnvironment(env), stdio: 'ignore' };
    for (let index = 0; index < others; index += 1) this.#asleep.push(start(onPath('sleep'), ['infinity'], plain));
    // In a session of its own a class alone does not make it give way: its group must, too.
    const loop = 'echo 19 > /proc/self/autogroup; while :; do :; done';
    const [command, ...words] = [...this.#prefix, 'chrt', '--idle', '0', 'sh', '-c', `(${loop}) 2>/dev/null`];
    this.#asleep.push(start(command, words, plain));
    return `${(bytes / 2 ** 20).toFixed(0)} MB, ${this.#steps} steps a tick`;
  }

  /** Every arm once per round, in an order of its own each. */
  async play(able, { say, now }) {
    const { plan, resume } = this.#how;
    say(`${plan.rounds} rounds of ${able.length} blocks of ${plan.block} s`);
    const blocks = new Map(able.map((arm) => [arm, []]));
    const random = randomFrom(20);
    for (let round = 1; round <= plan.rounds; round += 1) {
      const order = able.map((arm) => ({ arm, place: random() })).sort((a, b) => a.place - b.place);
      for (const { arm } of order) {
        now(`round ${round} of ${plan.rounds}, ${arm.heading}`);
        blocks.get(arm).push(await resume.part(`${round}-${arm.name}`, () => this.#block(arm)));
      }
    }
    return able.map((arm) => {
      const { name, heading, isProduct = false } = arm;
      return { name, heading, isProduct, blocks: blocks.get(arm) };
    });
  }

  async #block(arm) {
    const { plan, folder } = this.#how;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const monitor = await this.#startMonitor(arm);
    try {
      await pause(plan.warmUp * 1000);
      return await this.#game.call('play', { seconds: plan.block, periodMs, steps: this.#steps });
    } finally {
      await monitor?.stop();
    }
  }

  async #startMonitor({ name, start: startOther, coreArguments }) {
    if (name === 'nothing') return undefined;
    const { folder, peers } = this.#how;
    const how = { intervalMs, folder, log: this.#log, prefix: this.#prefix };
    if (startOther) {
      const pids = [this.#game.pid, ...this.#asleep.slice(0, others).map(({ pid }) => pid)];
      return startOther({ ...how, pids, peers });
    }
    const product = await startProduct(new Account(name), { ...how, count: others, coreArguments });
    try {
      await product.watch(this.#game.pid);
    } catch (error) {
      await product.stop();
      throw error;
    }
    return product;
  }

  async end() {
    await this.#game?.kill();
    for (const { pid } of this.#asleep) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    rmSync(this.#how.folder, { recursive: true, force: true });
    spawnSync('taskset', ['-acp', this.#how.cpus.all, String(process.pid)]);
  }
}

function remarks({ rounds, block, warmUp }, bytes, cpus) {
  const size = `${(bytes / 2 ** 30).toFixed(2)} GB`;
  const short = bytes < 2 ** 30 ? ' (this PC has not enough free memory for 1 GB)' : '';
  return [
    `${rounds} blocks each of ${block} s, interleaved in changing order; a monitor has ${warmUp} s before its block. Medians of blocks.`,
    `The game works ${workMs} of each ${periodMs} ms, all over ${size}${short}; it throws away objects and blocks of memory.`,
    `CPU ${cpus.game} of ${os.cpus().length} is for the game and the monitor; what the game leaves of it is taken by a program of the idle class.`,
    'Begins late: how long after its moment a tick begins. Done after: how long after its moment its work is done, 35 ms of work included.',
    `A tick is lost when its own ${periodMs} ms are over before it can begin; it is not made up for.`,
    `All look every ${intervalMs / 1000} s, this product too, though it would look less often by itself on a busy PC.`,
  ];
}
