import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { ServerInsight } from '../../../src/core/insight/findings/serverInsight.js';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, Sample, ServerView } from '../../../src/shared/contract.js';
import { until, type Bench, type CoreProcess } from './bench.js';
import { often } from './often.js';

/** A leak is an alert where the memory ends within so many hours. */
export const weekHours = 168;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function fastCore(bench: Bench, times: number): Promise<CoreProcess> {
  const clock = path.join(import.meta.dirname, 'fastClock.cjs');
  return await bench.core({ env: { NODE_OPTIONS: `--require ${clock}`, GSP_TEST_CLOCK: String(times) } });
}

async function measured(connection: CoreConnection, id: string, count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  connection.on('server/sample', ({ samples: { [id]: sample } }) => {
    if (sample?.cpu !== null && sample !== undefined) samples.push(sample);
  });
  await connection.request('client/subscribe', { samples: true, visible: true });
  await until('samples', () => samples.length >= count, 120_000);
  return samples;
}

/** Four days on which it was as it is now. saveMs: it has saved so often. */
function learnedFrom(samples: readonly Sample[], now: number, saveMs: number): string {
  const insight = new ServerInsight();
  const last = samples.slice(-5);
  const mean = (metric: 'cpu' | 'memory' | 'ioWrite'): number =>
    last.reduce((sum, sample) => sum + (sample[metric] ?? 0), 0) / last.length;
  const [cpu, memory, ioWrite] = [mean('cpu'), mean('memory'), mean('ioWrite')];
  insight.resume(now - 4 * day, null);
  for (let at = now - 4 * day + minute; at <= now; at += minute) {
    // It has been young before.
    if (at % (12 * hour) < minute) {
      for (const kind of ['stopping', 'stopped', 'started', 'ready']) insight.event(at, kind);
    }
    const noise = Math.sin(at / 7919) + Math.sin(at / 104_729);
    if (saveMs > 0 && Math.floor(at / saveMs) > Math.floor((at - minute) / saveMs)) {
      // Seconds of the server are minutes of its core's clock.
      insight.event(at - 80_000, 'save-begun');
      insight.event(at - 20_000, 'saved', { tookMs: 60_000 });
    }
    insight.sample({
      ...{ at, cpu: cpu * (1 + noise / 8), memory: memory * (1 + noise / 100), ioWrite: ioWrite * (1 + noise / 8) },
      ...{ ioRead: 0, players: 0, tickRate: null, frameTime: null, apiTime: null },
    });
  }
  return JSON.stringify({ version: 1, savedAt: now, insight: insight.state(true) });
}

export interface Told {
  readonly turn: string;
  readonly kind: string;
  readonly metric: string;
  readonly end: number | null;
  readonly bytesPerHour: number | null;
  readonly hoursLeft: number | null;
}

export interface Watched {
  readonly connection: CoreConnection;
  readonly told: readonly Told[];
  readonly saves: () => number;
  view(this: void): Promise<ServerView | undefined>;
}

interface Known {
  /** The clock of its core runs so many times faster. */
  readonly times: number;
  /** It saves so often by its own clock; 0: it tells of none. */
  readonly saveSeconds: number;
  readonly definition: Definition;
}

/** A demo server that has been known for four days, in a core whose clock runs so many times faster. */
export async function knownDemo(bench: Bench, times: number, saveSeconds: number): Promise<Watched> {
  const definition = bench.demo('demo', {}, ['--players', '0', '--save-every', String(saveSeconds)]);
  return await known(bench, { times, saveSeconds, definition });
}

/** A server that has been known for four days. */
export async function known(bench: Bench, { times, saveSeconds, definition }: Known): Promise<Watched> {
  const { id } = definition;
  const first = await bench.core();
  let connection = await bench.connect();
  const rules = { leak: { enabled: true, hoursLeft: weekHours } };
  await connection.request('settings/set', { settings: { sampling: often, alerts: { rules } } });
  // Nothing of it hangs, though for its core half an hour passes in a minute.
  await connection.request('server/add', { definition: { ...definition, hang: { afterSeconds: 86_400 } } });
  await connection.request('server/start', { id });
  const samples = await measured(connection, id, 8);
  first.child.kill('SIGTERM');
  await first.exit;
  const folder = path.join(bench.dataDir, 'insight');
  fs.mkdirSync(folder, { recursive: true });
  const saveMs = saveSeconds * 1000 * times;
  fs.writeFileSync(path.join(folder, `${id}.json`), learnedFrom(samples, Date.now(), saveMs));

  await fastCore(bench, times);
  connection = await bench.connect();
  const told: Told[] = [];
  let saves = 0;
  connection.on('event/added', ({ kind, data }) => {
    if (kind === 'anomaly') told.push(data as unknown as Told);
    if (kind === 'saved') saves++;
  });
  await connection.request('client/subscribe', { visible: true });
  const view = async (): Promise<ServerView | undefined> =>
    (await connection.request('server/list', {})).find((one) => one.id === id);
  const learned = await until('what was learned', async () => {
    const found = (await view())?.learned;
    return found !== undefined && found.days > 3 ? found : undefined;
  });
  expect(learned.of).toBe(7);
  return { connection, told, saves: () => saves, view };
}
