import fs from 'node:fs';
import { isAlive } from '../../../node/processIdentity.js';
import type { ProcessRef, SignalPort, StopSignal } from '../../ports.js';
import { ProcessIndex } from './processIndex.js';

export class LinuxSignals implements SignalPort {
  isAlive(process: ProcessRef): boolean {
    return isAlive(process.pid, process.startTime);
  }

  stop(target: ProcessRef, signal: StopSignal): boolean {
    if (!this.isAlive(target)) return false;
    // A server that we started leads a group of its own; one started in somebody's terminal shares that one's group.
    return send(leadsGroup(target.pid) ? -target.pid : target.pid, signal);
  }

  killTree(target: ProcessRef, mark: string): boolean {
    if (!this.isAlive(target)) return false;
    const index = new ProcessIndex();
    index.reread();
    const victims = new Set([target.pid, ...index.descendants(target.pid), ...heirs(mark)]);
    // Stopped first, so that none of them starts another while the rest is being ended.
    for (const pid of victims) send(pid, 'SIGSTOP');
    index.reread();
    for (const pid of index.descendants(target.pid)) victims.add(pid);
    for (const pid of victims) send(pid, 'SIGKILL');
    return true;
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function leadsGroup(pid: number): boolean {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === pid;
  } catch {
    return false;
  }
}

/** Processes that carry this start's mark in their environment, whoever their parent is by now. */
function heirs(mark: string): number[] {
  if (mark === '') return [];
  const needle = `GSP_SERVER=${mark}\0`;
  const found: number[] = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(needle)) found.push(Number(name));
    } catch {
      // Another user's, or gone.
    }
  }
  return found;
}
