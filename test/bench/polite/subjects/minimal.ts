import { appendFileSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { serve } from '../../support/serve.js';

interface Kept {
  readonly stat: number;
  readonly io: number;
  cpu: number;
}

interface Begin {
  readonly pids: readonly number[];
  readonly intervalMs: number;
  readonly folder: string;
}

const batchMs = 10_000;
const buffer = Buffer.allocUnsafe(1024);
const [blank, newline, closing] = [0x20, 0x0a, 0x29];
let rounds = 0;

/** The number from here to the next blank or end of line. */
function numberAt(at: number): number {
  let value = 0;
  for (let place = at; ; place += 1) {
    const byte = buffer[place] ?? blank;
    if (byte === blank || byte === newline) return value;
    value = value * 10 + byte - 0x30;
  }
}

function skip(from: number, blanks: number): number {
  let at = from;
  for (let left = blanks; left > 0; at += 1) if (buffer[at] === blank) left -= 1;
  return at;
}

function look(kept: Kept, at: number): string {
  const length = readSync(kept.stat, buffer, 0, buffer.length, 0);
  // Field 3 comes behind the last bracket of the name; 14 and 15 are CPU, 20 the threads, 24 the memory.
  const user = skip(buffer.lastIndexOf(closing, length) + 2, 11);
  const system = skip(user, 1);
  const threads = skip(system, 5);
  const memory = numberAt(skip(threads, 4)) * 4096;
  const cpu = numberAt(user) + numberAt(system);
  const used = cpu - kept.cpu;
  kept.cpu = cpu;
  const io = buffer.toString('latin1', 0, readSync(kept.io, buffer, 0, buffer.length, 0));
  const read = Number(/^read_bytes: (\d+)/m.exec(io)?.[1]);
  const written = Number(/^write_bytes: (\d+)/m.exec(io)?.[1]);
  return `${at},${used},${memory},${numberAt(threads)},${read},${written}\n`;
}

/**
 * The least that measures at all: one process, files of /proc kept open and read at once, numbers of single processes (no
 * trees), one write each ten seconds, nobody to tell.
 */
serve({
  begin({ pids, intervalMs, folder }: Begin) {
    const kept = pids.map((pid) => ({
      stat: openSync(`/proc/${pid}/stat`, 'r'),
      io: openSync(`/proc/${pid}/io`, 'r'),
      cpu: 0,
    }));
    const file = path.join(folder, 'minimal.csv');
    let lines: string[] = [];
    setInterval(() => {
      const at = Date.now();
      for (const one of kept) lines.push(look(one, at));
      rounds += 1;
    }, intervalMs);
    setInterval(() => {
      appendFileSync(file, lines.join(''));
      lines = [];
    }, batchMs);
  },
  rounds: () => rounds,
});
