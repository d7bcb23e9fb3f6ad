import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HostInsight, type HostInsightParts } from '../../../src/core/hostInsight.js';
import type { HistoryEvent, HostSample } from '../../../src/core/ports.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 12);
const megabyte = 1024 * 1024;

/** 0..1, the same at the same time, and nothing like it a moment later. */
function noise(at: number, salt: number): number {
  let bits = Math.imul(Math.floor(at / second) ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** An ordinary PC: people come in the evening. */
function usual(at: number): HostSample {
  const evening = Math.max(0, Math.sin((2 * Math.PI * (at - 12 * hour)) / day));
  return {
    cpuPercent: 10 + 30 * evening + 5 * noise(at, 1),
    memoryUsedPercent: 40 + 10 * evening + noise(at, 2),
    memoryTotalBytes: 16e9,
    swapUsed: 0,
    netIn: (0.2 + evening + 0.3 * noise(at, 3)) * megabyte,
    netOut: (0.3 + 2 * evening + 0.5 * noise(at, 4)) * megabyte,
  };
}

class Bench {
  now = start;
  /** When a round is. */
  everyMs = minute;
  readonly events: HistoryEvent[] = [];
  readonly logged: string[] = [];
  readonly asked: { from: number; to: number }[] = [];
  change: (host: HostSample, at: number) => HostSample = (host) => host;
  /** The history is a function of time; of what is null it knows nothing. */
  history: (at: number) => HostSample | null = () => null;
  answers = (): Promise<void> => Promise.resolve();
  insight: HostInsight;

  constructor(readonly dataDir: string) {
    this.insight = this.make();
  }

  make(): HostInsight {
    const range: HostInsightParts['history']['range'] = async ({ id, metrics, from, to, buckets }) => {
      expect(id).toBe('host');
      this.asked.push({ from, to });
      await this.answers();
      const at = Float64Array.from({ length: buckets }, (_, place) => from + place * minute);
      const column = (of: (host: HostSample) => number | null | undefined) => ({
        mean: Float64Array.from(at, (one) => {
          const host = this.history(one + minute);
          return (host === null ? null : of(host)) ?? NaN;
        }),
        ...{ min: new Float64Array(buckets), max: new Float64Array(buckets) },
      });
      const columns = {
        cpu: column(({ cpuPercent }) => cpuPercent),
        memoryUsed: column(({ memoryUsedPercent }) => memoryUsedPercent),
        swapUsed: column(({ swapUsed }) => swapUsed),
        netIn: column(({ netIn }) => netIn),
        netOut: column(({ netOut }) => netOut),
      };
      expect([...metrics].sort()).toEqual(Object.keys(columns).sort());
      return { tier: '1m', at, metrics: columns };
    };
    this.insight = new HostInsight({
      ...{ dataDir: this.dataDir, history: { range } },
      log: { write: (_, __, text) => this.logged.push(text) },
      sink: { add: (event) => this.events.push(event) },
    });
    return this.insight;
  }

  round(): void {
    this.now += this.everyMs;
    this.insight.round(this.now, this.change(usual(this.now), this.now));
    void this.insight.learn();
  }

  rounds(ms: number): void {
    for (const end = this.now + ms; this.now < end;) this.round();
  }

  /** With whatever it asks of the history. */
  async learned(): Promise<void> {
    for (let left = 100; left > 0; left--) {
      this.round();
      await new Promise((resolve) => setImmediate(resolve));
      if (this.insight.view().isCatchingUp === false) return;
    }
    throw new Error('it does not end');
  }

  known(metric: string): number {
    const { metrics } = this.insight.view() as { metrics: Record<string, { known: number }> };
    return metrics[metric]?.known ?? -1;
  }

  get told(): string[] {
    return this.events.map(({ id, kind, data }) => `${id} ${kind} ${String(data.metric)}`);
  }

  get file(): string {
    return path.join(this.dataDir, 'insight', 'host.json');
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench(fs.mkdtempSync(path.join(os.tmpdir(), 'host-insight-')));
});
afterEach(() => {
  fs.rmSync(bench.dataDir, { recursive: true, force: true });
});

const crowd = (host: HostSample): HostSample => ({ ...host, netIn: 40 * megabyte });

describe('a PC', () => {
  test('what it has never been like is told once, with what was expected', async () => {
    await bench.learned();
    bench.rounds(8 * day);
    bench.events.length = 0;
    bench.change = crowd;
    const begin = Math.floor(bench.now / (5 * minute)) * 5 * minute;
    bench.rounds(2 * hour);
    expect(bench.told).toEqual(['host unusual netIn']);
    const [event] = bench.events;
    const { value, low, high, z, score, from, to } = event?.data ?? {};
    // The first mean that is more than half a crowd, as soon as it is over.
    expect([begin, begin + 5 * minute]).toContain(from);
    expect([to, event?.at]).toEqual([Number(from) + 5 * minute, Number(from) + 5 * minute]);
    expect(value).toBeGreaterThan(20 * megabyte);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThan(0.2 * megabyte);
    expect(high).toBeLessThan(20 * megabyte);
    expect(z).toBeGreaterThan(4);
    expect(score).toBeGreaterThanOrEqual(0.6);
  });

  test('ordinary days of an ordinary PC tell hardly anything after the first', async () => {
    await bench.learned();
    bench.rounds(2 * day);
    bench.events.length = 0;
    bench.rounds(12 * day);
    expect(bench.events.length).toBeLessThanOrEqual(1);
  });

  test('a night in which it slept is no jump, and nothing is made up of it', async () => {
    await bench.learned();
    bench.rounds(6 * day);
    const before = bench.known('netIn');
    bench.events.length = 0;
    bench.now += 7 * hour;
    bench.rounds(2 * day - 7 * hour);
    expect(bench.known('netIn') - before).toBe((2 * day - 7 * hour) / (5 * minute));
    expect(bench.told).toEqual([]);
    bench.change = crowd;
    bench.rounds(hour);
    expect(bench.told).toEqual(['host unusual netIn']);
  });

  test('hardly anything is not told, however still it has been', async () => {
    const still = { cpuPercent: 1, memoryUsedPercent: 30, memoryTotalBytes: 16e9, netIn: 1000, netOut: 1000 };
    bench.change = (_, at) => ({ ...still, netIn: 1000 + 100 * noise(at, 5), swapUsed: 0 });
    await bench.learned();
    bench.rounds(4 * day);
    bench.change = (_, at) => ({ ...still, netIn: 100_000 + 100 * noise(at, 5), swapUsed: 1 });
    bench.rounds(hour);
    expect(bench.told).toEqual([]);
    bench.change = (_, at) => ({ ...still, netIn: 1000 + 100 * noise(at, 5), swapUsed: 60 });
    bench.rounds(hour);
    expect(bench.told).toEqual(['host unusual swapUsed']);
  });

  test('a mean of which less than half is known is missing', async () => {
    await bench.learned();
    bench.rounds(hour - (bench.now % (5 * minute)));
    const before = bench.known('netIn');
    bench.change = (host, at) => ((at / minute) % 5 < 3 ? { ...host, netIn: null } : host);
    bench.rounds(hour);
    expect(bench.known('netIn')).toBe(before);
    expect(bench.known('cpu')).toBe(before + 12);
    // A system that does not tell it at all.
    bench.change = ({ cpuPercent, memoryUsedPercent, memoryTotalBytes }) => ({
      ...{ cpuPercent, memoryUsedPercent, memoryTotalBytes },
    });
    bench.rounds(hour);
    expect(bench.known('netOut')).toBe(before + 12);
  });
});

test('what fails here fails nothing else, and is left alone', () => {
  bench.round();
  bench.change = (host) => ({
    ...host,
    get netIn(): number {
      throw new Error('of ours');
    },
  });
  bench.insight.round(bench.now + second, bench.change(usual(bench.now), bench.now));
  bench.change = (host) => host;
  bench.rounds(minute);
  expect(bench.logged.filter((line) => line === 'failed')).toHaveLength(1);
  expect(() => bench.insight.view()).toThrow('unsupported');
});

describe('over a restart', () => {
  test('all goes on as if there had been none, and what was told is not told again', async () => {
    const other = new Bench(fs.mkdtempSync(path.join(os.tmpdir(), 'host-insight-')));
    const restart = (): void => {
      bench.insight.end();
      bench.make().round(bench.now, usual(bench.now));
    };
    for (const one of [bench, other]) {
      await one.learned();
      one.rounds(3 * day - (one.now % (5 * minute)));
    }
    restart();
    for (const one of [bench, other]) {
      one.rounds(day + 3 * minute);
      one.change = crowd;
      // The next mean is even larger.
      one.rounds(2 * minute);
    }
    restart();
    for (const one of [bench, other]) one.rounds(2 * hour);
    expect(bench.events).toEqual(other.events);
    expect(bench.told.at(-1)).toBe('host unusual netIn');
    expect(bench.insight.view()).toEqual(other.insight.view());
    fs.rmSync(other.dataDir, { recursive: true, force: true });
  });

  test('without an end at most an hour is lost, and what was told stays told', async () => {
    await bench.learned();
    bench.rounds(3 * day);
    bench.change = crowd;
    bench.rounds(20 * minute);
    const before = bench.known('netIn');
    expect(bench.told).toEqual(['host unusual netIn']);
    bench.make();
    await bench.learned();
    bench.rounds(hour);
    expect(bench.told).toEqual(['host unusual netIn']);
    expect(bench.known('netIn')).toBeGreaterThanOrEqual(before);
  });

  test.each([
    ['no JSON', 'broken'],
    ['another form', '{"version":1}'],
    [
      'another version',
      '{"version":1,"to":5,"metrics":{"cpu":{"means":9,"sameFor":0,"dueFor":0,"detector":{"version":99,"learned":""}}}}',
    ],
  ])('a file with %s is set aside, and it begins anew', async (_, text) => {
    fs.mkdirSync(path.dirname(bench.file), { recursive: true });
    fs.writeFileSync(bench.file, text);
    await bench.learned();
    bench.rounds(10 * minute);
    bench.insight.end();
    const [aside, ...rest] = fs.readdirSync(path.dirname(bench.file)).sort();
    expect(rest).toEqual(['host.json']);
    expect(aside).toMatch(/^host\.broken-.*\.json$/);
    expect(fs.readFileSync(path.join(path.dirname(bench.file), aside ?? ''), 'utf8')).toBe(text);
    const kept = JSON.parse(fs.readFileSync(bench.file, 'utf8')) as { metrics: { cpu: { means: number } } };
    expect(kept.metrics.cpu.means).toBeLessThan(20);
  });
});

describe('what the history knows', () => {
  test('is learned at the first start, a slice in a round, and nothing of it is told', async () => {
    bench.now = start + 20 * day;
    bench.history = (at) => (Math.floor(at / hour) % 100 === 0 ? crowd(usual(at)) : usual(at));
    await bench.learned();
    expect(bench.asked[0]?.from).toBe(start + 13 * day);
    for (const { from, to } of bench.asked) expect(to - from).toBeLessThanOrEqual(12 * hour);
    expect(bench.known('netIn')).toBeGreaterThanOrEqual((7 * day) / (5 * minute));
    expect(bench.events).toEqual([]);
    bench.change = (host) => ({ ...host, netOut: 40 * megabyte });
    bench.rounds(hour);
    expect(bench.told).toEqual(['host unusual netOut']);
  });

  test('is learned once, also what is measured meanwhile', async () => {
    let answer: () => void = () => undefined;
    bench.history = usual;
    bench.round();
    bench.answers = () => new Promise((resolve) => (answer = resolve));
    bench.rounds(hour);
    expect(bench.asked).toHaveLength(1);
    bench.answers = () => Promise.resolve();
    answer();
    await bench.learned();
    const from = bench.asked[0]?.from ?? NaN;
    expect(bench.known('cpu')).toBe(Math.floor((bench.now - from) / (5 * minute)));
  });

  test('is what was measured while it was switched off, too', async () => {
    await bench.learned();
    bench.rounds(day);
    const before = bench.known('cpu');
    bench.insight.end();
    expect(() => bench.insight.view()).toThrow('unsupported');
    bench.now += day;
    bench.history = usual;
    bench.make();
    await bench.learned();
    expect(bench.known('cpu') - before).toBeGreaterThanOrEqual((24 * 60) / 5);
    expect(bench.known('cpu') - before).toBeLessThanOrEqual((24 * 60) / 5 + 2);
  });

  test('is gone on without where it does not answer', async () => {
    bench.answers = () => Promise.reject(new Error('closed'));
    await bench.learned();
    expect(bench.asked).toHaveLength(3);
    bench.rounds(hour);
    expect(bench.known('cpu')).toBe(12);
  });
});
