import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { ProcessRef, SignalPort, StopSignal } from '../../ports.js';
import { descendantsOf, psTableNow, type PsEntry } from './ps.js';
import { markedPids } from './surroundings.js';

type IsAlive = (process: ProcessRef) => boolean;

/** Where `ps` tells who belongs to whom. */
export class PsSignals implements SignalPort {
  constructor(
    readonly isAlive: IsAlive,
    private readonly platform: NodeJS.Platform,
  ) {}

  stop(target: ProcessRef, signal: StopSignal, mark: string): boolean {
    if (!this.isAlive(target)) return false;
    const table = psTableNow();
    if (table.size === 0) return send(-target.pid, signal) || send(target.pid, signal);
    if (!isThere(target, table)) return false;
    const group = table.get(target.pid)?.group;
    // One that was started in somebody's terminal shares that one's group.
    if (mark === '' && group !== target.pid) return send(target.pid, signal);
    // A start script may have given the game a group of its own.
    const groups = new Set([group, ...markedPids(mark, this.platform).map((pid) => table.get(pid)?.group)]);
    groups.delete(table.get(process.pid)?.group);
    const sent = [...groups].map((one) => one !== undefined && one > 1 && send(-one, signal));
    return sent.includes(true);
  }

  killTree(target: ProcessRef, mark: string): boolean {
    if (!this.isAlive(target)) return false;
    const table = psTableNow();
    if (table.size === 0) return send(-target.pid, 'SIGKILL') || send(target.pid, 'SIGKILL');
    if (!isThere(target, table)) return false;
    const victims = new Set([target.pid, ...descendantsOf(target.pid, table), ...markedPids(mark, this.platform)]);
    // Stopped first, so that none of them starts another while the rest is being ended.
    for (const pid of victims) send(pid, 'SIGSTOP');
    for (const pid of descendantsOf(target.pid, psTableNow())) victims.add(pid);
    for (const pid of victims) send(pid, 'SIGKILL');
    return true;
  }
}

/** On Windows where it cannot be called itself. */
export class WindowsPlainSignals implements SignalPort {
  constructor(readonly isAlive: IsAlive) {}

  /** Node ends a process there, whatever the signal is called, and its world with it: none is sent. */
  stop(): boolean {
    return false;
  }

  killTree(target: ProcessRef): boolean {
    if (!this.isAlive(target)) return false;
    const program = path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    spawnSync(program, ['/PID', String(target.pid), '/T', '/F'], { windowsHide: true, timeout: 5000, stdio: 'ignore' });
    // Where that program has not done it, the process itself at least.
    send(target.pid, 'SIGKILL');
    return true;
  }
}

function isThere({ pid, startTime }: ProcessRef, table: ReadonlyMap<number, PsEntry>): boolean {
  const entry = table.get(pid);
  return entry !== undefined && (startTime === null || startTime === entry.startTime);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
