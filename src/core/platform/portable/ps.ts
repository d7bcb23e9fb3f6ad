import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { psEnvironment, psProgram, secondsOf } from '../../../node/psStartTime.js';
import type { NumbersSource, ToldProcess } from './numbers.js';

const deadlineMs = 5000;
const maxBuffer = 64 * 1024 * 1024;

/** One process as `ps` tells of it. */
export interface PsEntry extends ToldProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly name: string;
}

// The start is five words, and the program may be many: it stands last.
const tableArguments = ['-A', '-ww', '-o', 'pid=,ppid=,pgid=,state=,rss=,time=,lstart=,comm='];
const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*\S)\s*$/;

/** Every living process. Rejects when `ps` does. */
export async function psTable(): Promise<Map<number, PsEntry>> {
  const options = {
    encoding: 'utf8',
    env: psEnvironment,
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
    maxBuffer,
  } as const;
  const text = await new Promise<string>((resolve, reject) => {
    execFile(psProgram, tableArguments, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.message, { cause: error }));
    });
  });
  return parseTable(text);
}

/** The same at once, for what is asked for and for ends; empty where it cannot be asked. */
export function psTableNow(): Map<number, PsEntry> {
  return parseTable(psNow(tableArguments));
}

/** What `ps` prints; empty where it cannot be asked. */
export function psNow(args: readonly string[]): string {
  const { stdout, error } = spawnSync(psProgram, [...args], {
    ...{ encoding: 'utf8', env: psEnvironment, timeout: deadlineMs, killSignal: 'SIGKILL', maxBuffer },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return error === undefined ? stdout : '';
}

/** By pid; those that have ended and wait for their parents are left out. */
export function parseTable(text: string): Map<number, PsEntry> {
  const entries = new Map<number, PsEntry>();
  for (const line of text.split('\n')) {
    const told = row.exec(line);
    if (told === null) continue;
    const [pid, parent, group] = told.slice(1, 4).map(Number) as [number, number, number];
    const [state, kilobytes, time, lstart, program] = told.slice(4) as [string, string, string, string, string];
    const startTime = secondsOf(lstart);
    if (state.startsWith('Z') || startTime === null) continue;
    entries.set(pid, {
      ...{ pid, parent, group, startTime },
      cpuMs: cpuMsOf(time),
      rssBytes: Number(kilobytes) * 1024,
      startedAt: Number(startTime) * 1000,
      isSuspended: state.startsWith('T'),
      name: path.basename(program),
    });
  }
  return entries;
}

/** macOS: minutes:seconds.hundredths; others: [[days-]hours:]minutes:seconds. */
function cpuMsOf(time: string): number {
  const [rest = '', days = '0'] = time.split('-').reverse();
  const seconds = rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** The descendants of a process, itself not among them. */
export function descendantsOf(
  root: number,
  entries: ReadonlyMap<number, { readonly parent: number | null }>,
): number[] {
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of entries) {
    if (parent === null || parent === pid) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  const found = [...(children.get(root) ?? [])];
  // The list grows while it is gone through.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** One question for all processes, so that whatever a server has started is counted. */
export const psSource: NumbersSource = { isRootsOnly: false, ask: async () => await psTable() };
