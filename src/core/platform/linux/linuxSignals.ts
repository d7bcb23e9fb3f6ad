import fs from 'node:fs';
import { isAlive } from '../../../node/processIdentity.js';
import type { ProcessRef, SignalPort, StopSignal } from '../../ports.js';
import { markedProcesses } from './marked.js';
import { ProcessIndex } from './processIndex.js';

export class LinuxSignals implements SignalPort {
  isAlive(process: ProcessRef): boolean {
    return isAlive(process.pid, process.startTime);
  }

  stop(target: ProcessRef, signal: StopSignal, mark: string): boolean {
    if (!this.isAlive(target)) return false;
    const group = groupOf(target.pid);
    // One that was started in somebody's terminal shares that one's group.
    if (mark === '' && group !== target.pid) return send(target.pid, signal);
    // A start script may have given the game a group of its own.
    const groups = new Set([group, ...markedProcesses(mark).map(({ pid }) => groupOf(pid))]);
    groups.delete(groupOf(process.pid));
    const sent = [...groups].map((one) => one !== null && send(-one, signal));
    return sent.includes(true);
  }

  killTree(target: ProcessRef, mark: string): boolean {
    if (!this.isAlive(target)) return false;
    const index = new ProcessIndex();
    index.reread();
    const victims = new Set([
      target.pid,
      ...index.descendants(target.pid),
      ...markedProcesses(mark).map(({ pid }) => pid),
    ]);
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

/** The process group; null when it is gone. */
function groupOf(pid: number): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    return group > 1 ? group : null;
  } catch {
    return null;
  }
}
