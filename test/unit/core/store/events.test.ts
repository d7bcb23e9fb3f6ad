import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../../src/core/ports.js';
import { countOf, openHistory, restarted, start } from './support/history.js';

const all = { from: 0, to: 8e15, limit: 1000 };
const event = (offset: number, id: string, kind: HistoryEvent['kind'], data = {}): HistoryEvent => ({
  ...{ at: start + offset, id, kind, data },
});

describe('events', () => {
  const given = [
    event(1000, 'alpha', 'started', { pid: 5, by: 'user' }),
    event(2000, 'beta', 'started', { pid: 6, by: 'user' }),
    event(2000, 'alpha', 'ready', { tookMs: 900 }),
    event(3000, 'host', 'history', {}),
    event(4000, 'alpha', 'crashed', { code: 1 }),
    event(5000, 'beta', 'stopped', { code: 0 }),
  ];

  test('are found by time, server and kind, oldest first', async () => {
    const history = await openHistory();
    for (const one of given) history.addEvent(one);
    expect(history.find(all)).toEqual(given);
    // Both ends are included.
    expect(history.find({ ...all, from: start + 2000, to: start + 4000 })).toEqual(given.slice(1, 5));
    expect(history.find({ ...all, from: start + 2001, to: start + 3999 })).toEqual(given.slice(3, 4));
    expect(history.find({ ...all, id: 'alpha' })).toEqual([given[0], given[2], given[4]]);
    expect(history.find({ ...all, kinds: ['started', 'crashed'] })).toEqual([given[0], given[1], given[4]]);
    expect(history.find({ ...all, id: 'beta', kinds: ['stopped'] })).toEqual([given[5]]);
    for (const query of [
      { id: 'nobody' },
      { kinds: [] },
      { kinds: ['nothing'] },
      { from: start + 6000 },
      { limit: 0 },
    ]) {
      expect(history.find({ ...all, ...query })).toEqual([]);
    }
  });

  test('are the newest where there are too many, of those that are asked for', async () => {
    const history = await openHistory();
    for (const one of given) history.addEvent(one);
    expect(history.find({ ...all, limit: 2 })).toEqual(given.slice(4));
    expect(history.find({ ...all, id: 'alpha', limit: 2 })).toEqual([given[2], given[4]]);
  });

  test('are found in the order of their times, whenever they came, and in the order of coming within a moment', async () => {
    const history = await openHistory();
    const late = [...given.slice(3), ...given.slice(0, 3), event(2000, 'alpha', 'saved')];
    for (const one of late) history.addEvent(one);
    expect(history.find(all)).toEqual([...given.slice(0, 3), late.at(-1), ...given.slice(3)]);
  });

  test('are there once after a restart, be they in the snapshot or in the journal', async () => {
    const history = await openHistory();
    const batches: Uint8Array[] = [];
    const seal = (): void => void batches.push(history.seal()?.payload ?? new Uint8Array());
    history.addEvent(event(0, 'alpha', 'started'));
    history.addEvent(event(0, 'alpha', 'ready'));
    seal();
    const image = history.image();
    history.addEvent(event(0, 'alpha', 'crashed'));
    seal();
    const again = await restarted(image, batches);
    expect(again.find(all)).toEqual(history.find(all));
    again.addEvent(event(0, 'alpha', 'gave-up'));
    expect(again.find(all).map(({ kind }) => kind)).toEqual(['started', 'ready', 'crashed', 'gave-up']);
  });

  test('keep their data, whatever is written there', async () => {
    const history = await openHistory();
    const hard = { name: `a'b"c\\ \0\u0001\u001b[31m\n\r\t; DROP TABLE event; --\u2028é한\u{1f600}`, '"\n': [1, null] };
    history.addEvent(event(0, `id'"`, 'player-joined', hard));
    expect(history.find({ ...all, id: `id'"` })[0]?.data).toEqual(hard);
    let at = 1;
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (data) => {
        history.addEvent(event(at, 'alpha', 'saved', data));
        const found = history.find({ ...all, from: start + at, to: start + at });
        expect(found[0]?.data).toEqual(JSON.parse(JSON.stringify(data)));
        at++;
      }),
    );
  });

  test('of a kind that floods push out none of another', async () => {
    const history = await openHistory();
    history.addEvent(event(0, 'alpha', 'crashed', { code: 1 }));
    history.addEvent(event(1, 'alpha', 'saved', { tookMs: -1 }));
    for (let index = 0; index < 20_100; index++)
      history.addEvent(event(index + 2, 'alpha', 'saved', { tookMs: index }));
    history.addEvent(event(1, 'alpha', 'gave-up'));
    const saved = history.find({ ...all, kinds: ['saved'], limit: 30_000 });
    // The oldest 1000 went at once.
    expect(saved.length).toBeLessThanOrEqual(20_000);
    expect(saved.length).toBeGreaterThanOrEqual(19_000);
    expect(saved.at(-1)?.data).toEqual({ tookMs: 20_099 });
    expect(saved[0]?.at).toBe((saved.at(-1)?.at ?? 0) - saved.length + 1);
    expect(history.find({ ...all, kinds: ['crashed', 'gave-up'] })).toHaveLength(2);
    // The count goes on where it was, in the next program too.
    history.seal();
    const again = await restarted(history.image(), []);
    for (let index = 0; index < 1000; index++) again.addEvent(event(30_000 + index, 'alpha', 'saved'));
    expect(again.find({ ...all, kinds: ['saved'], limit: 30_000 }).length).toBeLessThanOrEqual(20_000);
  });

  test('that cannot be written are refused at once and keep no other from being written', async () => {
    const history = await openHistory();
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    expect(() => {
      history.addEvent(event(0, 'alpha', 'saved', ring));
    }).toThrow(TypeError);
    for (const at of [NaN, Infinity, -1, 1e300]) {
      expect(() => {
        history.addEvent({ ...event(0, 'alpha', 'saved'), at });
      }).toThrow(TypeError);
    }
    history.addEvent(event(1, 'alpha', 'ready'));
    expect(history.seal()?.rows).toBe(1);
    expect(history.find(all).map(({ kind }) => kind)).toEqual(['ready']);
    expect(countOf(history, 'raw')).toBe(0);
  });
});
