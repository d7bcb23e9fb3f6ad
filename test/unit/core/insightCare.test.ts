import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AlertRules } from '../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../src/core/alerts/alerts.js';
import { ServerInsight } from '../../../src/core/insight/findings/serverInsight.js';
import { InsightCare, type InsightCareParts, type InsightSettings } from '../../../src/core/insightCare.js';
import type { HistoryEvent } from '../../../src/core/ports.js';
import type { Round } from '../../../src/core/sampling/samplingLoop.js';
import type { Sample } from '../../../src/shared/contract.js';
import { Shelf } from './alerts/support/shelf.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 12, 12);
const host: Round['host'] = { cpuPercent: 20, memoryUsedPercent: 40, memoryTotalBytes: 16e9 };

/** What is usual of the server: nobody plays, and it does always the same. */
function usual(at: number): Sample {
  const noise = Math.sin(at / 7919) + Math.sin(at / 104_729);
  return {
    ...{ at, cpu: 40 + noise, memory: 2e9 + 2e6 * noise, ioRead: 1000, ioWrite: 5000 + 100 * noise, threads: 9 },
    ...{ players: 3, tickRate: 20 - Math.abs(noise) / 50, frameTime: 50 + Math.abs(noise) / 10, apiTime: null },
  };
}

/** Everything around the care: the history is a function of time, alerts are real, and time passes by itself. */
class Bench {
  now = start;
  settings: InsightSettings = { enabled: true, method: 'robust' };
  events: HistoryEvent[] = [];
  readonly logged: string[] = [];
  readonly changed: string[] = [];
  readonly asked: { from: number; to: number }[] = [];
  history: (at: number) => Sample | null = () => null;
  answers = (): Promise<void> => Promise.resolve();
  isRunning = true;
  change: (sample: Sample) => Sample = (sample) => sample;
  readonly alerts: Alerts;
  readonly rules: AlertRules;
  care: InsightCare;

  constructor(readonly dataDir: string) {
    this.alerts = new Alerts({ keeper: new Shelf(), changed: () => undefined, now: () => this.now });
    this.rules = new AlertRules(this.alerts);
    this.care = this.make();
  }

  make(): InsightCare {
    const range: InsightCareParts['history']['range'] = async ({ metrics, from, to, buckets }) => {
      this.asked.push({ from, to });
      await this.answers();
      const at = Float64Array.from({ length: buckets }, (_, place) => from + place * minute);
      const samples = Array.from(at, (one) => this.history(one + minute));
      const column = (metric: string) => ({
        mean: Float64Array.from(samples, (sample) => sample?.[metric as 'cpu'] ?? NaN),
        ...{ min: new Float64Array(buckets), max: new Float64Array(buckets) },
      });
      return { tier: '1m', at, metrics: Object.fromEntries(metrics.map((metric) => [metric, column(metric)])) };
    };
    this.care = new InsightCare({
      ...{
        dataDir: this.dataDir,
        alertRules: this.rules,
        history: { range, span: async () => ({ from: 0, to: this.now }) },
        busiestThread: () => null,
      },
      log: { write: (_, __, text) => this.logged.push(text) },
      events: {
        find: async ({ from, to, kinds }) =>
          this.events.filter(({ at, kind }) => at >= from && at <= to && (kinds === undefined || kinds.includes(kind))),
      },
      sink: {
        add: (event) => {
          this.tell(event);
        },
      },
      settings: () => this.settings,
      server: () => this.server,
      changed: (id) => this.changed.push(id),
      now: () => this.now,
    });
    return this.care;
  }

  get server(): ReturnType<NonNullable<InsightCareParts['server']>> {
    const process = { pid: 7, startTime: null, startedAt: start - 30 * day, nonce: 'x', isOurs: true };
    return {
      id: 'demo',
      definition: { id: 'demo', name: 'Demo', game: 'demo', launch: { command: 'x' } },
      ...{ process: this.isRunning ? process : null, sample: usual(this.now) },
      state: this.isRunning
        ? { at: 'running', since: start, process, isReady: true }
        : { at: 'stopped', since: start, exit: null },
    } as unknown as NonNullable<ReturnType<NonNullable<InsightCareParts['server']>>>;
  }

  tell(event: HistoryEvent): void {
    this.events.push(event);
    this.care.event(event);
  }

  /** One round, with whatever it sets in motion. */
  async round(isShort = false): Promise<void> {
    this.now += 5 * second;
    const sample = this.change(usual(this.now));
    const { server } = this;
    if (server === undefined) return;
    const samples = this.isRunning ? { demo: sample } : {};
    this.care.round({ at: this.now, host, ids: Object.keys(samples), samples }, [server], isShort);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async rounds(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end;) await this.round();
  }

  /** Until it has caught up with the history. */
  async learned(): Promise<void> {
    for (let round = 0; round < 2000 && this.care.view('demo').isCatchingUp === true; round++) await this.round();
    expect(this.care.view('demo').isCatchingUp).toBe(false);
  }

  get told(): string[] {
    return this.events.flatMap(({ kind, data }) =>
      kind === 'anomaly' ? [`${String(data.turn)} ${String(data.kind)} ${String(data.metric)}`] : [],
    );
  }

  get open(): string[] {
    return this.alerts.list().map(({ rule, state, count, severity }) => `${rule} ${state} ${count} ${severity}`);
  }

  get file(): string {
    return path.join(this.dataDir, 'insight', 'demo.json');
  }

  dispose(): void {
    this.care.dispose();
    fs.rmSync(this.dataDir, { recursive: true, force: true });
  }
}

let learned: string;
let bench: Bench;

beforeAll(() => {
  const insight = new ServerInsight();
  insight.resume(start - 4 * day, null);
  for (let at = start - 4 * day + minute; at <= start; at += minute) insight.sample(usual(at));
  learned = JSON.stringify({ version: 1, savedAt: start, insight: insight.state(true) });
});
beforeEach(() => {
  bench = new Bench(fs.mkdtempSync(path.join(os.tmpdir(), 'gsp-insight-')));
});
afterEach(() => {
  bench.dispose();
});

function withState(text = learned): void {
  fs.mkdirSync(path.dirname(bench.file), { recursive: true });
  fs.writeFileSync(bench.file, text);
}

const runaway = (sample: Sample): Sample => ({ ...sample, cpu: 312 });
const days = (): number => bench.care.standing('demo')?.learned.days ?? NaN;

describe('what is found', () => {
  beforeEach(async () => {
    withState();
    await bench.round();
    await bench.learned();
    await bench.rounds(3 * minute);
  });

  test('is an event and an alert with its range, and over with another', async () => {
    expect(bench.told).toEqual([]);
    expect(bench.care.standing('demo')).toMatchObject({ anomalies: 0, learned: { of: 7 } });
    bench.change = runaway;
    await bench.rounds(10 * minute);
    expect(bench.told[0]).toBe('begin cpu-without-players cpu');
    expect(bench.open).toEqual(['anomaly active 1 warning']);
    const [alert] = bench.alerts.list();
    expect(alert?.data).toMatchObject({ metric: 'cpu', cause: 'bug', peak: 312, players: 3, by: 'robust', end: null });
    const { low, high, begin } = alert?.data as Record<string, number>;
    expect(low).toBeGreaterThan(20);
    expect(high).toBeLessThan(80);
    expect(begin).toBeLessThan(bench.now);
    expect(bench.care.standing('demo')?.anomalies).toBe(1);
    bench.change = (sample) => sample;
    await bench.rounds(15 * minute);
    expect(bench.told.at(-1)).toBe('end cpu-without-players cpu');
    expect(bench.events.at(-1)?.data).toMatchObject({ endedBy: 'ended', key: alert?.data.key });
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
    expect(bench.care.standing('demo')?.anomalies).toBe(0);
  });

  test('of little weight is kept and raises no alert', async () => {
    bench.change = (sample) => ({ ...sample, ioWrite: 200e6 });
    await bench.rounds(25 * minute);
    expect(bench.told).toEqual(['begin disk-high ioWrite']);
    expect(bench.open).toEqual([]);
  });

  test('is told once as another alert has told it', async () => {
    bench.rules.saveOverdue({ ...bench.server, view: () => ({ id: 'demo', name: 'Demo' }) } as never, {
      ...{ lastAt: null, intervalMs: null },
    });
    for (let save = 0; save < 6; save++) {
      bench.tell({ at: bench.now, id: 'demo', kind: 'save-begun', data: {} });
      bench.tell({ at: bench.now, id: 'demo', kind: 'saved', data: { tookMs: 1000 } });
      await bench.rounds(5 * minute);
    }
    await bench.rounds(15 * minute);
    expect(bench.told).toEqual(['begin save-missing save']);
    expect(bench.open).toEqual(['save-overdue active 1 warning']);
  });

  test('goes with its server', async () => {
    bench.change = runaway;
    await bench.rounds(10 * minute);
    bench.isRunning = false;
    bench.tell({ at: bench.now, id: 'demo', kind: 'stopped', data: { cause: 'asked' } });
    expect(bench.told.at(-1)).toBe('end cpu-without-players cpu');
    expect(bench.events.at(-1)?.data.endedBy).toBe('gone');
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
  });

  test('and called normal is over, and kept on the disk at once', async () => {
    bench.change = runaway;
    await bench.rounds(10 * minute);
    const before = fs.readFileSync(bench.file, 'utf8');
    bench.care.feedback('demo', bench.now, 'cpu', 'real');
    expect(bench.told.at(-1)).not.toContain('end');
    bench.care.feedback('demo', bench.now, 'cpu', 'normal');
    expect(bench.events.at(-1)?.data).toMatchObject({ turn: 'end', endedBy: 'normal' });
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
    expect(fs.readFileSync(bench.file, 'utf8')).not.toBe(before);
    await bench.rounds(10 * minute);
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
  });

  test('of a muted metric is told to nobody until then', async () => {
    bench.care.mute('demo', 'cpu', bench.now + 20 * minute);
    expect(bench.care.view('demo').muted).toEqual({ cpu: bench.now + 20 * minute });
    bench.change = runaway;
    await bench.rounds(15 * minute);
    expect(bench.told).toEqual([]);
    await bench.rounds(15 * minute);
    expect(bench.told).toEqual(['begin cpu-without-players cpu']);
  });

  test('ends where nobody is to look any more, and is looked for again when somebody is', async () => {
    bench.change = runaway;
    await bench.rounds(10 * minute);
    bench.settings = { ...bench.settings, enabled: false };
    bench.care.settingsChanged();
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
    expect(bench.care.standing('demo')).toBeUndefined();
    await bench.rounds(10 * minute);
    expect(bench.told).toHaveLength(2);
    expect(() => bench.care.view('demo')).toThrow('unsupported');
    bench.settings = { ...bench.settings, enabled: true };
    bench.care.settingsChanged();
    await bench.round();
    await bench.learned();
    expect(days()).toBeGreaterThan(3.5);
  });
});

describe('what is learned', () => {
  test('outlives the process, with what was not measured meanwhile', async () => {
    withState();
    await bench.round();
    await bench.learned();
    expect(days()).toBeGreaterThan(3.5);
    bench.care.mute('demo', 'memory', null);
    bench.care.dispose();
    bench.make();
    await bench.round();
    await bench.learned();
    expect(bench.care.view('demo').muted).toEqual({ memory: null });
    expect(days()).toBeGreaterThan(3.5);
  });

  test('is written once an hour and not more often', async () => {
    withState();
    await bench.round();
    await bench.learned();
    const { mtimeMs } = fs.statSync(bench.file);
    await bench.rounds(40 * minute);
    expect(fs.statSync(bench.file).mtimeMs).toBe(mtimeMs);
    await bench.rounds(25 * minute);
    const { savedAt } = JSON.parse(fs.readFileSync(bench.file, 'utf8')) as { savedAt: number };
    expect(bench.now - savedAt).toBeLessThan(10 * minute);
    expect(savedAt).toBeGreaterThan(start + hour);
  });

  test('comes from the history where there is nothing else', async () => {
    bench.history = (at) => (at > start - 3 * day ? usual(at) : null);
    await bench.round();
    await bench.learned();
    expect(bench.asked.length).toBeLessThan(20);
    expect(bench.asked[0]?.from).toBeGreaterThanOrEqual(start - 7 * day);
    expect(days()).toBeGreaterThan(2.5);
    expect(bench.told).toEqual([]);
    bench.change = runaway;
    await bench.rounds(10 * minute);
    expect(bench.told[0]).toBe('begin cpu-without-players cpu');
  });

  test('waits while the PC is short of memory', async () => {
    bench.history = usual;
    for (let round = 0; round < 5; round++) await bench.round(true);
    expect(bench.asked).toEqual([]);
    await bench.round();
    expect(bench.asked).toHaveLength(1);
  });

  test('one piece at a time, and nothing more after the end', async () => {
    let answer: () => void = () => undefined;
    bench.answers = () => new Promise((resolve) => (answer = resolve));
    for (let round = 0; round < 4; round++) await bench.round();
    expect(bench.asked).toHaveLength(1);
    bench.care.dispose();
    answer();
    await bench.round();
    await bench.round();
    expect(bench.asked).toHaveLength(1);
    expect(fs.existsSync(bench.file)).toBe(false);
  });

  test('begins without a history that does not answer', async () => {
    bench.answers = () => Promise.reject(new Error('the disk is gone'));
    await bench.round();
    await bench.learned();
    expect(bench.logged).toContain('the history does not answer');
    await bench.rounds(5 * minute);
    expect(bench.care.standing('demo')?.learned.days).toBe(0);
  });

  test.each([
    ['half of it', () => learned.slice(0, 5000)],
    ['another program', () => '{"name":"demo"}'],
    ['a newer version', () => learned.replace('"version":1', '"version":2')],
    ['points that are none', () => learned.replace(/"points":"[^"]+"/, '"points":"AAAA"')],
  ])('is set aside where it is %s, and nothing else is lost', async (_, text) => {
    withState(text());
    fs.writeFileSync(path.join(path.dirname(bench.file), 'other.json'), 'x');
    await bench.round();
    await bench.learned();
    const names = fs.readdirSync(path.dirname(bench.file)).sort();
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/^demo\.broken-.*\.json$/);
    expect(names[1]).toBe('other.json');
    expect(bench.logged.some((line) => line.includes('set aside'))).toBe(true);
  });

  test('goes with its server, and stays where its definition has a fault', async () => {
    withState();
    await bench.round();
    bench.care.forget('demo', false);
    expect(fs.existsSync(bench.file)).toBe(true);
    await bench.round();
    bench.care.forget('demo', true);
    expect(fs.existsSync(bench.file)).toBe(false);
    withState();
    bench.care.begin([], false);
    expect(fs.existsSync(bench.file)).toBe(true);
    bench.care.begin([], true);
    expect(fs.existsSync(bench.file)).toBe(false);
  });

  test('is learned anew from then on', async () => {
    withState();
    await bench.round();
    await bench.learned();
    bench.care.relearn('demo', start - day);
    expect(days()).toBeLessThan(1.1);
    bench.care.relearn('demo');
    expect(days()).toBe(0);
    expect(() => bench.care.relearn('demo', bench.now + hour)).toThrow('invalid-definition');
  });

  test('is judged by the method that is set', async () => {
    withState();
    bench.settings = { enabled: true, method: 'three-sigma' };
    await bench.round();
    await bench.learned();
    expect(bench.care.view('demo')).toMatchObject({ method: 'three-sigma' });
  });
});

describe('the PC itself', () => {
  const hostFile = (): string => path.join(bench.dataDir, 'insight', 'host.json');

  test('is learned after its servers, from the history and from the rounds, and kept', async () => {
    withState();
    await bench.round();
    expect(bench.care.view('host')).toMatchObject({ version: 1, isCatchingUp: true, metrics: { cpu: { known: 0 } } });
    await bench.learned();
    for (let round = 0; round < 30; round++) await bench.round();
    expect(bench.care.view('host').isCatchingUp).toBe(false);
    await bench.rounds(15 * minute);
    const expected = { low: null, high: null, value: 20, of: 576 };
    expect(bench.care.view('host')).toMatchObject({ metrics: { cpu: expected, memoryUsed: { value: 40 } } });
    bench.care.dispose();
    const { to } = JSON.parse(fs.readFileSync(hostFile(), 'utf8')) as { to: number };
    expect(bench.now - to).toBeLessThan(5 * minute);
    // It is no server that could be gone.
    bench.make().begin([], true);
    expect(fs.readdirSync(path.dirname(hostFile()))).toEqual(['host.json']);
  });

  test('is nothing to anybody while it is switched off', async () => {
    bench.settings = { ...bench.settings, enabled: false };
    await bench.rounds(10 * minute);
    expect(() => bench.care.view('host')).toThrow('unsupported');
    bench.settings = { ...bench.settings, enabled: true };
    await bench.rounds(10 * minute);
    expect(bench.care.view('host')).toBeDefined();
    bench.settings = { ...bench.settings, enabled: false };
    bench.care.settingsChanged();
    expect(() => bench.care.view('host')).toThrow('unsupported');
    const { mtimeMs } = fs.statSync(hostFile());
    await bench.rounds(2 * hour);
    bench.care.dispose();
    expect(fs.statSync(hostFile()).mtimeMs).toBe(mtimeMs);
  });
});

describe('what fails here', () => {
  test('stops neither the round nor the event, and leaves the server alone', async () => {
    withState();
    await bench.round();
    await bench.learned();
    const { server } = bench;
    const two = { ...server, id: 'two' } as NonNullable<typeof server>;
    const broken = {
      get cpu(): number {
        throw new Error('of ours');
      },
    } as unknown as Sample;
    const round = (samples: Record<string, Sample>): void =>
      bench.care.round({ at: bench.now, host, ids: Object.keys(samples), samples }, [server!, two], false);
    expect(() => round({ demo: broken, two: usual(bench.now) })).not.toThrow();
    expect(bench.logged).toContain('failed');
    expect(bench.care.standing('demo')).toBeUndefined();
    expect(bench.care.standing('two')).toBeDefined();
    expect(() => bench.care.view('demo')).toThrow('unsupported');
    bench.tell({ at: bench.now, id: 'demo', kind: 'stopped', data: {} });
    await bench.round();
    expect(bench.logged.filter((line) => line === 'failed')).toHaveLength(1);
  });
});

test('what lasts is told once, also when the monitoring begins anew meanwhile', async () => {
  withState();
  await bench.round();
  await bench.learned();
  bench.change = runaway;
  await bench.rounds(20 * minute);
  bench.care.dispose();
  bench.make();
  await bench.rounds(15 * minute);
  expect(bench.care.standing('demo')?.anomalies).toBe(1);
  bench.change = (sample) => sample;
  await bench.rounds(20 * minute);
  expect(bench.told).toEqual(['begin cpu-without-players cpu', 'end cpu-without-players cpu']);
  const keys = bench.events.filter(({ kind }) => kind === 'anomaly').map(({ data }) => data.key);
  expect(new Set(keys).size).toBe(1);
  expect(bench.open).toEqual(['anomaly resolved 1 warning']);
});

describe('what an earlier process has told', () => {
  const told = (data: object): HistoryEvent => {
    const anomaly = { key: 'cpu@1', kind: 'cpu-without-players', metric: 'cpu', begin: start - hour, peak: 300 };
    return { at: start - hour, id: 'demo', kind: 'anomaly', data: { turn: 'begin', ...anomaly, ...data } };
  };

  beforeEach(async () => {
    withState();
    bench.events.push(told({}));
    bench.rules.anomaly({ id: 'demo', definition: { name: 'Demo' } } as never, 'anomaly', { metric: 'cpu' }, true);
    await bench.round();
    await bench.learned();
  });

  test('and still lasts is not told again', async () => {
    bench.change = runaway;
    await bench.rounds(20 * minute);
    expect(bench.told.filter((one) => one.startsWith('begin'))).toHaveLength(1);
    expect(bench.open).toEqual(['anomaly active 1 warning']);
    bench.change = (sample) => sample;
    await bench.rounds(15 * minute);
    expect(bench.events.at(-1)?.data).toMatchObject({ turn: 'end', key: 'cpu@1' });
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
  });

  test('and does not show again is over after an hour', async () => {
    expect(bench.care.standing('demo')?.anomalies).toBe(1);
    await bench.rounds(58 * minute);
    expect(bench.open).toEqual(['anomaly active 1 warning']);
    await bench.rounds(4 * minute);
    expect(bench.told).toEqual(['begin cpu-without-players cpu', 'end cpu-without-players cpu']);
    expect(bench.open).toEqual(['anomaly resolved 1 warning']);
    expect(bench.care.standing('demo')?.anomalies).toBe(0);
  });
});
