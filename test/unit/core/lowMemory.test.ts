import fs from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AlertRules } from '../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../src/core/alerts/alerts.js';
import { LowMemory } from '../../../src/core/lowMemory.js';
import type { HistoryEvent, HostSample } from '../../../src/core/ports.js';
import { Recording } from '../../../src/core/recording.js';
import { Settings } from '../../../src/core/settings.js';
import { SettingsFiles } from '../../../src/core/games/settingsFiles.js';
import { encoded, encodingTables } from '../../../src/node/encoding/encode.js';
import type { Alert, Sample } from '../../../src/shared/contract.js';
import { useTempFolder } from '../node/support/tempFolder.js';
import { engineFolder } from './store/support/history.js';

const folder = useTempFolder();
// Of the last quarter of an hour: single samples are kept of it.
const begun = Math.floor(Date.now() / 3000) * 3000 - 900_000;
let events: HistoryEvent[];
let kept: Alert[];
let recording: Recording;
let low: LowMemory;

function host(usedPercent: number, pressureMemory: number | null = null): HostSample {
  return { cpuPercent: 1, memoryUsedPercent: usedPercent, memoryTotalBytes: 1, pressureMemory };
}

/** A core that has just started, with the alerts that an earlier one has left. */
async function begin(): Promise<void> {
  const log = { write: (): void => undefined };
  const alerts = new Alerts({
    keeper: { read: () => kept, keep: () => undefined, dispose: () => undefined },
    changed: () => {
      kept = alerts.list();
    },
  });
  const settings = new Settings(folder(), log);
  const sink = { add: (event: HistoryEvent): number => events.push(event) };
  recording = new Recording({
    ...{ dataDir: folder(), bundleDir: engineFolder, settings, alerts, log, events: sink, isSaving: () => false },
  });
  const alertRules = new AlertRules(alerts);
  low = new LowMemory({ settings, recording, alertRules, events: sink, log, files: new SettingsFiles() });
  await recording.open();
}

beforeEach(async () => {
  events = [];
  kept = [];
  await begin();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await recording.store.close();
});

const standing = (): string[] => kept.map(({ rule, server, state, count }) => `${rule} ${server} ${state} ${count}`);
const told = (): unknown[] => events.filter(({ kind }) => kind === 'memory').map(({ id, data }) => [id, data.level]);

/** The CPU of each single sample of alpha, oldest first. */
async function everything(): Promise<number[]> {
  const file = folder('alpha.csv');
  await recording.store.export({ id: 'alpha', from: begun, to: begun + 900_000, path: file });
  const [header = '', ...lines] = fs.readFileSync(file, 'utf8').trim().split('\n');
  const column = header.split(',').indexOf('cpu');
  return lines.map((line) => Number(line.split(',')[column]));
}

test('the history gives its memory back, and has everything still', async () => {
  const flush = vi.spyOn(recording.store, 'flush');
  const shrink = vi.spyOn(recording.store, 'shrink');
  const self = { cpuPercent: 1, rssBytes: 1e6, writeBytesPerHour: 1, netOut: 0 };
  const rest = { ioRead: null, ioWrite: null, threads: 4, players: 0, tickRate: null, frameTime: null, apiTime: null };
  for (let n = 0; n < 300; n++) {
    const at = begun + n * 3000;
    const sample: Sample = { at, cpu: n, memory: n * 4096, ...rest };
    low.round(host(n < 150 ? 50 : 95), true);
    recording.round({ at, host: host(95), ids: ['alpha'], samples: { alpha: sample } }, self);
    // Some come while it is just being given back.
    if (n === 151) await vi.waitUntil(() => shrink.mock.settledResults.length > 0, 10_000);
  }
  expect(flush).toHaveBeenCalledBefore(shrink);
  expect(shrink).toHaveBeenCalledTimes(1);
  expect(await everything()).toEqual(Array.from({ length: 300 }, (_, n) => n));
  expect(await recording.store.flush()).toBe(true);
  await recording.store.close();
  await begin();
  expect(await everything()).toEqual(Array.from({ length: 300 }, (_, n) => n));
});

test('one alert as long as it lasts, and an event for each level', () => {
  for (let n = 0; n < 5; n++) low.round(host(95), true);
  expect(standing()).toEqual(['low-memory monitor active 1']);
  expect(told()).toEqual([['host', 'critical']]);
  expect(low).toMatchObject({ level: 'critical', makesWait: true });
  expect(recording.isShortOfMemory).toBe(true);
});

test('high is told by an event alone; what waits for memory is an earlier sign', () => {
  low.round(host(85), true);
  expect(recording.isShortOfMemory).toBe(false);
  expect(standing()).toEqual([]);
  low.round(host(85, 30), true);
  expect(told()).toEqual([
    ['host', 'high'],
    ['host', 'critical'],
  ]);
  expect(events.at(-1)?.data).toMatchObject({ by: 'stalls', stalls: 30, usedPercent: 85 });
});

test('nobody is told while nothing runs; as soon as something does, it is', () => {
  low.round(host(95), false);
  expect(standing()).toEqual([]);
  low.round(host(95), true);
  expect(standing()).toEqual(['low-memory monitor active 1']);
});

test('what an earlier process has told is the same matter, and over where it is over', async () => {
  low.round(host(95), true);
  await recording.store.close();
  await begin();
  low.round(host(95), true);
  expect(standing()).toEqual(['low-memory monitor active 1']);
  await recording.store.close();
  await begin();
  low.round(host(40), true);
  expect(standing()).toEqual(['low-memory monitor resolved 1']);
});

test('tables of encodings go, and are made again when they are needed', () => {
  const before = encoded('안녕', 'euc-kr');
  expect(before).toEqual(Buffer.from([0xbe, 0xc8, 0xb3, 0xe7]));
  const bytes = encodingTables.bytes();
  expect(bytes).toBeGreaterThan(100_000);
  low.round(host(85), true);
  expect(encodingTables.bytes()).toBe(bytes);
  low.round(host(95), true);
  expect(encodingTables.bytes()).toBe(0);
  expect(events.at(-1)?.data).toMatchObject({ droppedBytes: bytes });
  expect(encoded('안녕', 'euc-kr')).toEqual(before);
});
