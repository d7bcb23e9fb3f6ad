import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History } from '../../../../../src/core/store/history.js';
import { tiers, type Tier } from '../../../../../src/core/store/tiers/tiers.js';
import { countOf, hour, minute, openHistory, restarted, start } from '../support/history.js';

// Of the metrics of a server one to seven at first, so that some come later and the seventh opens a second group.
const names = ['cpu', 'memory', 'ioRead', 'ioWrite', 'threads', 'players', 'tickRate', 'frameTime'] as const;
const perUnit: Record<string, number> = {
  ...{ cpu: 100, memory: 1 / 4096, ioRead: 1 / 16, ioWrite: 1 / 16, threads: 10, players: 100, tickRate: 100 },
  frameTime: 100,
};

interface Sample {
  readonly at: number;
  readonly id: string;
  readonly steps: Record<string, number>;
}

interface Facts {
  readonly n: number;
  readonly metrics: Record<string, { count: number; mean: number; min: number; max: number }>;
}

/** What the rows have to say, counted in the plainest way. */
function reference(samples: readonly Sample[], { step }: Tier): Map<string, Facts> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = `${sample.id} ${String(Math.floor(sample.at / 1000 / step) * step)}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return new Map(
    [...groups].map(([key, all]) => {
      const metrics: Facts['metrics'] = {};
      for (const name of names) {
        const values = all.flatMap(({ steps }) => steps[name] ?? []);
        if (values.length === 0) continue;
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        metrics[name] = { count: values.length, mean, min: Math.min(...values), max: Math.max(...values) };
      }
      return [key, { n: all.length, metrics }];
    }),
  );
}

function written(history: History, { table }: Tier): Map<string, Facts> {
  const found = new Map<string, Facts>();
  for (const { number, id } of history.catalogue.allSources()) {
    history.complete(id);
    const metrics = [...history.catalogue.metricsOf('server').values()];
    for (const row of history.database.all(`SELECT * FROM ${table} WHERE s = ${String(number)} ORDER BY t, g`)) {
      const key = `${id} ${String(row[2])}`;
      const facts = found.get(key) ?? { n: Number(row[3]), metrics: {} };
      found.set(key, facts);
      expect(row[3]).toBe(facts.n);
      const counts = typeof row.at(-1) === 'string' ? (JSON.parse(String(row.at(-1))) as number[]) : undefined;
      for (const { name, slot } of metrics) {
        const at = 4 + (slot % 6) * 3;
        const mean = row[at];
        if (Math.floor(slot / 6) !== row[1] || typeof mean !== 'number') continue;
        const [min, max] = [mean - Number(row[at + 1]), mean + Number(row[at + 2])];
        facts.metrics[name] = { count: counts?.[slot % 6] ?? Number(row[3]), mean, min, max };
      }
    }
  }
  return found;
}

/**
 * restarts: how many there were. Each within a bucket rounds its mean to a whole step, and so does a clock that was set
 * back, there and back again.
 */
function compare(history: History, samples: readonly Sample[], restarts: number): void {
  const setBack = samples.filter(({ at }, index) => at < (samples[index - 1]?.at ?? 0)).length;
  for (const tier of tiers) {
    const right = reference(samples, tier);
    const there = written(history, tier);
    expect([...there.keys()].sort()).toEqual([...right.keys()].sort());
    for (const [key, { n, metrics }] of right) {
      const facts = there.get(key);
      expect(facts?.n).toBe(n);
      expect(Object.keys(facts?.metrics ?? {}).sort()).toEqual(Object.keys(metrics).sort());
      for (const [name, { count, mean, min, max }] of Object.entries(metrics)) {
        const one = facts?.metrics[name];
        expect(one).toMatchObject({ count, min, max });
        expect(Math.abs((one?.mean ?? NaN) - mean)).toBeLessThanOrEqual(0.5 + 0.5 * restarts + setBack + 1e-6);
      }
    }
  }
  for (const id of new Set(samples.map((sample) => sample.id))) {
    const mine = samples.filter((sample) => sample.id === id).map(({ at }) => Math.floor(at / 100) * 100);
    const number = history.catalogue.find(id)?.number ?? NaN;
    const kept = history.query.samples(number, 0, 8e15).map(({ at }) => at);
    expect(kept).toEqual(mine.sort((a, b) => a - b));
  }
}

const values = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 1e6 }), { minKeys: 1, maxKeys: 8 });
const move = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 500, max: 4000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 4000, max: 20 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: hour, max: 30 * hour }) },
  // A clock that is set.
  { weight: 1, arbitrary: fc.integer({ min: -2 * hour, max: -1 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const taken = fc.tuple(fc.constantFrom('alpha', 'beta'), move, values);

function add(history: History, samples: Sample[], at: number, id: string, steps: Record<string, number>): void {
  const measured = Object.entries(steps).map(([name, one]) => [name, one / (perUnit[name] ?? NaN)]);
  history.add(at, id, Object.fromEntries(measured) as Record<string, number>);
  samples.push({ at, id, steps });
}

describe('rows of the tiers', { timeout: 60_000 }, () => {
  test('say what a plain count says, whatever the clock does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(taken, { minLength: 1, maxLength: 150 }), async (all) => {
        const history = await openHistory();
        const samples: Sample[] = [];
        let at = start;
        for (const [index, [id, moved, steps]] of all.entries()) {
          add(history, samples, (at += moved), id, steps);
          // Reading in between changes nothing.
          if (index % 7 === 0) history.complete(id);
        }
        compare(history, samples, 0);
        history.database.close();
      }),
      // A smaller example is not looked for: each attempt takes a database.
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('say it also of a program that began anew at any moment', async () => {
    const steps = fc.oneof(
      { weight: 20, arbitrary: taken },
      { weight: 2, arbitrary: fc.constant('seal' as const) },
      { weight: 1, arbitrary: fc.constant('snapshot' as const) },
      { weight: 1, arbitrary: fc.constant('end' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 150 }), async (all) => {
        let history = await openHistory();
        let image = history.image();
        let batches: Uint8Array[] = [];
        // Those that no batch has taken are gone with the program.
        let samples: Sample[] = [];
        let pending: Sample[] = [];
        let restarts = 0;
        let at = start;
        const seal = (): void => {
          const batch = history.seal();
          if (batch !== undefined) batches.push(batch.payload);
          samples = [...samples, ...pending];
          pending = [];
        };
        for (const one of all) {
          if (one === 'seal') seal();
          else if (one === 'snapshot') {
            seal();
            image = history.image();
            // Now and then the journal still holds what the snapshot has already.
            if (samples.length % 2 === 0) batches = [];
          } else if (one === 'end') {
            history = await restarted(image, batches);
            pending = [];
            restarts++;
          } else add(history, pending, (at += one[1]), one[0], one[2]);
        }
        seal();
        compare(history, samples, restarts);
        compare(await restarted(image, batches), samples, restarts + 1);
      }),
      // A smaller example is not looked for: each attempt takes a database.
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('are written once, when their time is over', async () => {
    const history = await openHistory();
    for (let at = start; at < start + minute; at += 3000) history.add(at, 'alpha', { cpu: 50 });
    history.write();
    expect(countOf(history, '1m')).toBe(0);
    history.add(start + minute, 'alpha', { cpu: 70 });
    history.write();
    expect(history.database.all('SELECT t, n, m0 FROM minutes')).toEqual([[start / 1000, 20, 5000]]);
    expect(countOf(history, '15m')).toBe(0);
    // What is written and over is not written again.
    history.database.run('UPDATE minutes SET n = 1');
    history.add(start + minute + 3000, 'alpha', { cpu: 70 });
    history.complete('alpha');
    expect(history.database.all('SELECT n FROM minutes ORDER BY t')).toEqual([[1], [2]]);
    expect([countOf(history, '15m'), countOf(history, '1h')]).toEqual([1, 1]);
    history.complete('alpha');
    expect(countOf(history, '1m')).toBe(2);
  });

  test('are not there where nothing was measured', async () => {
    const history = await openHistory();
    history.add(start, 'alpha', { cpu: 1 });
    history.add(start + 5 * hour + 7 * minute, 'alpha', { cpu: 0 });
    history.add(start + 5 * hour + 8 * minute, 'alpha', { cpu: null, players: undefined });
    history.complete('alpha');
    const minutes = history.database.all('SELECT t, m0 FROM minutes ORDER BY t');
    expect(minutes).toEqual([
      [start / 1000, 100],
      [start / 1000 + 5 * 3600 + 7 * 60, 0],
    ]);
    expect([countOf(history, '15m'), countOf(history, '1h')]).toEqual([2, 2]);
  });

  test('hold what was measured in a second that came twice across a restart', async () => {
    const history = await openHistory();
    history.add(start + 980, 'alpha', { cpu: 1 });
    history.seal();
    const again = await restarted(history.image(), []);
    again.add(start + 990, 'alpha', { cpu: 3 });
    compare(
      again,
      [
        { at: start + 980, id: 'alpha', steps: { cpu: 100 } },
        { at: start + 990, id: 'alpha', steps: { cpu: 300 } },
      ],
      0,
    );
    expect(countOf(again, 'raw')).toBe(1);
  });
});
