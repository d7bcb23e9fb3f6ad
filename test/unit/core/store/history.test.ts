import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultRetention } from '../../../../src/core/store/tiers/tiers.js';
import { largest, minute, openHistory, restarted, start } from './support/history.js';

const metrics = ['cpu', 'memory', 'players'];
const query = { id: 'alpha', metrics, from: start, to: start + minute, buckets: 1 };

describe('what is measured', () => {
  test('is left out where it is no number or an absurd one', async () => {
    const history = await openHistory();
    for (const cpu of [NaN, Infinity, -Infinity, 1e300, -1e300, 2 ** 50, null, undefined]) {
      history.add(start, 'alpha', { cpu });
    }
    // What a program without types may hand over.
    const untyped = { cpu: '5', memory: {}, players: true, nonsense: 5, constructor: 7, toString: 8 } as unknown;
    history.add(start, 'alpha', untyped as Record<string, number>);
    expect(history.pendingRows).toBe(0);
    history.add(start, 'alpha', { cpu: NaN, memory: 8192, players: 1e200 });
    expect(history.pendingRows).toBe(1);
    const { metrics: found } = history.range(query, start + minute, defaultRetention);
    expect(metrics.map((name) => largest(found[name]?.max ?? new Float64Array()))).toEqual([NaN, 8192, NaN]);
    expect([...history.catalogue.metricsOf('server').keys()].sort()).not.toContain('nonsense');
  });

  test('is left out where its time is none', async () => {
    const history = await openHistory();
    for (const at of [NaN, Infinity, -1, 1e18]) history.add(at, 'alpha', { cpu: 1 });
    expect(history.seal()).toBeUndefined();
  });

  test('never throws, and what it took can be read by another program', async () => {
    const history = await openHistory();
    const value = fc.oneof(fc.double(), fc.integer(), fc.constant(null));
    const measured = fc.dictionary(fc.oneof(fc.constantFrom(...metrics), fc.string()), value);
    const ids = fc.oneof(fc.constantFrom('alpha', 'host', 'monitor', '__proto__', `'"`), fc.string());
    fc.assert(
      fc.property(fc.double({ noNaN: true }), ids, measured, (offset, id, values) => {
        history.add(start + (offset % 1e14), id, values);
      }),
    );
    history.add(start, 'alpha', { cpu: 5 });
    const empty = (await openHistory()).image();
    const batch = history.seal();
    const again = await restarted(empty, [batch?.payload ?? new Uint8Array()]);
    expect(again.range(query, start + minute, defaultRetention)).toEqual(
      history.range(query, start + minute, defaultRetention),
    );
  });

  test('of a time is written under the numbers of its own kind of source', async () => {
    const history = await openHistory();
    history.add(start, 'host', { memoryUsed: 40, players: 3, cpu: 12 });
    history.add(start, 'monitor', { cpu: 0.125 });
    const of = (id: string, name: string): number => {
      const result = history.range({ ...query, id, metrics: [name] }, start + minute, defaultRetention);
      return largest(result.metrics[name]?.max ?? new Float64Array());
    };
    expect([of('host', 'memoryUsed'), of('host', 'cpu'), of('host', 'players')]).toEqual([40, 12, NaN]);
    expect(of('monitor', 'cpu')).toBe(0.125);
  });
});

describe('a batch', () => {
  test('holds what came since the last one, once', async () => {
    const history = await openHistory();
    expect(history.seal()).toBeUndefined();
    history.add(start, 'alpha', { cpu: 1 });
    history.addEvent({ at: start, id: 'alpha', kind: 'ready', data: {} });
    expect(history.seal()).toMatchObject({ sequence: 1, rows: 2 });
    expect(history.seal()).toBeUndefined();
    history.add(start + 1000, 'alpha', { cpu: 1 });
    expect(() => history.image()).toThrow('seal first');
    expect(history.seal()).toMatchObject({ sequence: 2, rows: 1 });
    history.image();
    expect(history.sequence).toBe(2);
  });
});
