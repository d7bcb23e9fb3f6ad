import fs from 'node:fs';
import path from 'node:path';
import { DiskFiles } from '../../../src/core/store/files.js';
import { Store } from '../../../src/core/store/store.js';
import { defaultRetention } from '../../../src/core/store/tiers/tiers.js';
import { clone } from './machine.js';

const minuteMs = 60_000;
const weekMs = 7 * 24 * 60 * minuteMs;
const gigabyte = 1024 ** 3;
export const runawayPercent = 380;

/**
 * Leaves the files of a core that has watched a server for a week: players in the evening, CPU and memory that follow them,
 * the PC off for one night, and one minute of runaway CPU three days ago.
 */
export async function writePastWeek(dataDir: string, id: string): Promise<void> {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const end = Date.now() - 2 * minuteMs;
  const clock = { now: end - weekMs };
  const store = new Store({
    files: new DiskFiles(dataDir),
    engineFolder: path.join(clone, 'dist'),
    log: { write: () => undefined },
    settings: () => ({ flushIntervalMs: 1e9, flushRows: 1e9, maxBytes: 50e6, retention: defaultRetention }),
    isQuiet: () => true,
    trouble: (trouble) => {
      throw new Error(String(trouble));
    },
    found: (finding) => {
      throw new Error(finding.is);
    },
    now: () => clock.now,
    monotonic: () => clock.now,
  });
  await store.open();
  const runaway = end - weekMs * 0.42;
  for (; clock.now < end; clock.now += minuteMs) {
    const age = end - clock.now;
    if (age > 1.4 * (weekMs / 7) && age < 1.8 * (weekMs / 7)) continue;
    const day = (clock.now % (weekMs / 7)) / (weekMs / 7);
    const evening = Math.max(0, Math.sin((day - 0.2) * 2 * Math.PI)) ** 2;
    const players = Math.round(14 * evening);
    const isRunaway = Math.abs(clock.now - runaway) < minuteMs / 2;
    const cpu = isRunaway ? runawayPercent : 12 + 7 * players + 6 * Math.sin(clock.now / 7e5);
    const memory = (3.1 + 0.12 * players + 0.05 * Math.sin(clock.now / 3e6)) * gigabyte;
    store.add(clock.now, id, { cpu, memory, ioRead: 2e4, ioWrite: 9e4, threads: 31, players });
  }
  if (!(await store.flush())) throw new Error('the week did not reach the disk');
  await store.close();
}
