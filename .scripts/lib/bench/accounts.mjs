// What a subject and everything it has started cost: CPU by a control group of its own where that is allowed (it counts
// what has ended, too), the rest from /proc. Nothing here is read while a window is measured, only before and after it.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processesWith } from '../processes.mjs';
import { schedstatOf, switchesOf, kilobytesOf, numberOf } from './procTexts.mjs';

/** In the environment of everything that a bench starts. */
export const benchMark = 'GSP_BENCH';
/** In the environment of a subject and all it starts: whose they are. */
export const subjectMark = 'GSP_BENCH_SUBJECT';
/** Programs that are only watched; where a subject has started them, they are not its cost. */
const watched = 'sleep';

const hierarchies = ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/cpu,cpuacct', '/sys/fs/cgroup'];

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}

/** A control group, or undefined where none can be made. */
function makeGroup(name) {
  for (const root of hierarchies) {
    const isOld = existsSync(path.join(root, 'cpuacct.usage'));
    if (!isOld && !existsSync(path.join(root, 'cgroup.controllers'))) continue;
    const folder = path.join(root, `gsp-bench-${process.pid}-${name}`);
    try {
      mkdirSync(folder, { recursive: true });
      return { folder, isOld };
    } catch {
      return undefined; // not root
    }
  }
  return undefined;
}

/** Groups of runs that were killed. One that is in use stays. */
export function removeLeftGroups() {
  for (const root of hierarchies.filter((one) => existsSync(one))) {
    for (const name of readdirSync(root).filter((one) => one.startsWith('gsp-bench-'))) {
      try {
        rmdirSync(path.join(root, name));
      } catch {
        // In use, or not ours.
      }
    }
  }
}

const threadsOf = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch {
    return [];
  }
};

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** CPU milliseconds of the threads that a process has now. */
const threadsMs = (pid) => sum(threadsOf(pid).map((thread) => schedstatOf(read(`${thread}/schedstat`)))) / 1e6;

function countersOf(pid) {
  return {
    cpuMs: threadsMs(pid),
    writtenBytes: numberOf(read(`/proc/${pid}/io`), 'write_bytes'),
    switches: sum(threadsOf(pid).map((thread) => switchesOf(read(`${thread}/status`)))),
  };
}

/** The account of one subject. `env` is what it must be started with, `add(pid)` is called at once thereafter. */
export class Account {
  #group;

  constructor(name) {
    this.name = `${name}-${process.pid}-${Date.now()}`;
    this.env = { [benchMark]: '1', [subjectMark]: this.name };
    this.#group = makeGroup(this.name);
  }

  /** Whether CPU of what has ended is counted as well. */
  get isExact() {
    return this.#group !== undefined;
  }

  add(pid) {
    if (!this.#group) return;
    try {
      writeFileSync(path.join(this.#group.folder, 'cgroup.procs'), String(pid));
    } catch {
      this.#remove();
    }
  }

  /** Its processes, those that are only watched left out. */
  pids() {
    return processesWith(subjectMark, this.name)
      .map(({ pid }) => pid)
      .filter((pid) => read(`/proc/${pid}/comm`).trim() !== watched);
  }

  /** To be handed to `since`. */
  mark() {
    const pids = this.pids();
    return { at: performance.now(), cpuMs: this.#groupMs(), by: new Map(pids.map((pid) => [pid, countersOf(pid)])) };
  }

  /** What was used since a mark, and memory now: milliseconds, bytes; `by` is CPU by process. */
  since(before) {
    const after = this.mark();
    const zero = { cpuMs: 0, writtenBytes: 0, switches: 0 };
    const difference = (pid, field) => after.by.get(pid)[field] - (before.by.get(pid) ?? zero)[field];
    const pids = [...after.by.keys()];
    const all = (field) => sum(pids.map((pid) => difference(pid, field)));
    return {
      seconds: (after.at - before.at) / 1000,
      cpuMs: after.cpuMs === undefined ? all('cpuMs') : after.cpuMs - before.cpuMs,
      writtenBytes: all('writtenBytes'),
      switches: all('switches'),
      processes: pids.map((pid) => ({ pid, cpuMs: difference(pid, 'cpuMs'), ...memoryOf(pid) })),
    };
  }

  #groupMs() {
    if (!this.#group) return undefined;
    const { folder, isOld } = this.#group;
    if (isOld) return Number(read(path.join(folder, 'cpuacct.usage'))) / 1e6;
    return numberOf(read(path.join(folder, 'cpu.stat')).replaceAll(' ', ': '), 'usage_usec') / 1000;
  }

  #remove() {
    if (!this.#group) return;
    try {
      rmdirSync(this.#group.folder);
    } catch {
      // Something in it is still ending. An empty group costs nothing.
    }
    this.#group = undefined;
  }

  /** Everything of it has ended. */
  dispose() {
    this.#remove();
  }
}

/** Bytes. PSS makes the kernel walk through the memory of the process: after the window only. */
function memoryOf(pid) {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  return { rss: kilobytesOf(read(`/proc/${pid}/status`), 'VmRSS'), pss: kilobytesOf(rollup, 'Pss') };
}
