import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LogWatch } from '../../../../src/core/lifecycle/logWatch.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { effective } from '../../../../src/shared/definition.js';

function watch(change: Partial<Definition> = {}): LogWatch {
  return new LogWatch(effective({ id: 'a', name: 'a', game: 'demo', launch: { command: 'a' }, ...change }));
}
const said = (text: string): string => `[12:00:00] [INFO] ${text}`;

describe('what the lines tell', () => {
  test('who is on, and since when', () => {
    const lines = watch();
    expect(lines.knowsPlayers).toBe(true);
    lines.feed([said('ann joined the game'), said('bob joined the game')], 10);
    lines.feed([said('ann left the game'), said('nobody left the game')], 20);
    lines.feed([said('cid joined the game')], 30);
    expect([...lines.online]).toEqual([
      ['bob', 10],
      ['cid', 30],
    ]);
  });

  test('nothing for sure any more after a gap', () => {
    const lines = watch();
    lines.feed([said('ann joined the game')], 10);
    lines.gap();
    expect(lines.knowsPlayers).toBe(false);
  });

  test.each([{ join: '' }, { leave: '' }])(
    'nothing of players where %j says that there is no such line',
    (patterns) => {
      expect(watch({ patterns }).knowsPlayers).toBe(false);
    },
  );

  test('nothing of players for a game without such lines', () => {
    expect(watch({ game: 'other' }).knowsPlayers).toBe(false);
  });

  test('that it is ready', () => {
    const lines = watch();
    expect(lines.isReady).toBe(false);
    lines.feed([said('Ready for players')], 10);
    expect(lines.isReady).toBe(true);
  });

  test('when it saves, and when it has last saved', () => {
    const lines = watch();
    expect(lines).toMatchObject({ isSaving: false, lastSaveAt: null });
    lines.feed([said('Saving world')], 10);
    expect(lines).toMatchObject({ isSaving: true, lastSaveAt: null });
    lines.feed([said('World saved')], 20);
    expect(lines).toMatchObject({ isSaving: false, lastSaveAt: 20 });
  });

  test('whether anything that is shown has changed', () => {
    const lines = watch();
    expect(lines.feed([], 1)).toBe(false);
    expect(lines.feed([said('nothing of note')], 1)).toBe(false);
    expect(lines.feed([said('nothing of note'), said('Saving world')], 1)).toBe(true);
  });

  test('one line may tell two things', () => {
    const lines = watch({ game: 'other', patterns: { ready: 'up', saveEnd: 'saved' } });
    lines.feed(['up and saved'], 5);
    expect(lines).toMatchObject({ isReady: true, lastSaveAt: 5 });
  });

  test('own patterns count, with the u flag', () => {
    const lines = watch({ patterns: { join: '^\\p{L}+: (.+) in$', leave: '^\\p{L}+: (.+) out$' } });
    lines.feed(['서버: ann in', '서버: bob in', '서버: ann out'], 1);
    expect([...lines.online.keys()]).toEqual(['bob']);
  });

  test('nothing by a line too long to look at', () => {
    const lines = watch({ game: 'other', patterns: { ready: 'up' } });
    lines.feed([`up ${'x'.repeat(1000)}`], 1);
    expect(lines.isReady).toBe(false);
    lines.feed([`up ${'x'.repeat(997)}`], 1);
    expect(lines.isReady).toBe(true);
  });

  test('nothing of players where the own patterns do not say who it was', () => {
    const lines = watch({ patterns: { join: 'joined the game', leave: 'left the game' } });
    lines.feed([said('ann joined the game')], 10);
    expect(lines.knowsPlayers && lines.online.size === 0).toBe(false);
  });
});

describe('what has happened', () => {
  const ann = { name: 'ann' };
  const bob = { name: 'bob' };

  test('is told once, in order: who comes and goes, and how long it was there', () => {
    const lines = watch();
    lines.feed([said('ann joined the game'), said('ann joined the game'), said('Saving world')], 10);
    lines.feed([said('ann left the game'), said('World saved'), said('nobody left the game')], 40);
    expect(lines.takeHappenings()).toEqual([
      { is: 'joined', at: 10, ...ann },
      { is: 'saveBegun', at: 10 },
      { is: 'left', at: 40, ...ann, playedMs: 30 },
      { is: 'saved', at: 40, tookMs: 30 },
    ]);
    expect(lines.takeHappenings()).toEqual([]);
  });

  test('is nothing in lines of an earlier time, and who came in them has played for nobody knows how long', () => {
    const lines = watch();
    lines.replay([said('ann joined the game'), said('bob joined the game'), said('bob left the game')]);
    lines.replay([said('Saving world'), said('World saved')]);
    expect(lines.takeHappenings()).toEqual([]);
    lines.feed([said('ann left the game'), said('bob joined the game')], 50);
    expect(lines.takeHappenings()).toEqual([
      { is: 'left', at: 50, ...ann, playedMs: null },
      { is: 'joined', at: 50, ...bob },
    ]);
  });

  test('after a gap only what the lines say, with nothing made up of the time before', () => {
    const lines = watch();
    lines.feed([said('ann joined the game'), said('Saving world')], 10);
    lines.takeHappenings();
    lines.gap();
    expect(lines.leaving(15)).toEqual([]);
    lines.feed([said('bob joined the game')], 20);
    lines.feed([said('ann left the game'), said('World saved'), said('bob left the game')], 30);
    expect(lines.takeHappenings()).toEqual([
      { is: 'joined', at: 20, ...bob },
      { is: 'left', at: 30, ...ann, playedMs: null },
      { is: 'saved', at: 30, tookMs: null },
      { is: 'left', at: 30, ...bob, playedMs: 10 },
    ]);
  });

  test('a save that begins and ends within one look took nobody knows how long', () => {
    const lines = watch();
    lines.feed([said('Saving world'), said('Saving world'), said('World saved')], 10);
    expect(lines.takeHappenings()).toEqual([
      { is: 'saveBegun', at: 10 },
      { is: 'saved', at: 10, tookMs: null },
    ]);
  });

  test('at the end all leave who are on, and stay on record as those who were', () => {
    const lines = watch();
    lines.replay([said('bob joined the game')]);
    lines.feed([said('ann joined the game')], 10);
    expect(lines.leaving(50)).toEqual([
      { is: 'left', at: 50, ...bob, playedMs: null },
      { is: 'left', at: 50, ...ann, playedMs: 40 },
    ]);
    expect(lines.summary.players).toEqual(['bob', 'ann']);
  });

  test('of a game that does not tell who leaves: each joining, and no leaving at the end', () => {
    const lines = watch({ patterns: { leave: '' } });
    lines.feed([said('ann joined the game'), said('ann joined the game')], 10);
    expect(lines.takeHappenings()).toHaveLength(2);
    expect(lines.leaving(20)).toEqual([]);
  });

  test('a clock that was set back makes no negative time', () => {
    const lines = watch();
    lines.feed([said('ann joined the game'), said('Saving world')], 1000);
    lines.feed([said('ann left the game'), said('World saved')], 10);
    expect(lines.takeHappenings().slice(2)).toEqual([
      { is: 'left', at: 10, ...ann, playedMs: 0 },
      { is: 'saved', at: 10, tookMs: 0 },
    ]);
  });
});

describe('waiting for a line', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('ends with the next one of its kind, not with one from before', async () => {
    const lines = watch();
    lines.feed([said('World saved')], 1);
    const saved = lines.next('saveEnd', 1000);
    expect(lines.isAwaited).toBe(true);
    lines.feed([said('Saving world'), said('World saved in 5 ms'), said('World saved again')], 2);
    expect(await saved).toBe(said('World saved in 5 ms'));
    expect(lines.isAwaited).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is the same for all who wait', async () => {
    const lines = watch();
    const waiting = [lines.next('saveEnd', 1000), lines.next('saveEnd', 1000), lines.next('ready', 1000)];
    lines.feed([said('World saved')], 2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(waiting)).toEqual([said('World saved'), said('World saved'), undefined]);
  });

  test('ends at its deadline', async () => {
    const lines = watch();
    const saved = lines.next('saveEnd', 1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(lines.isAwaited).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await saved).toBeUndefined();
    expect(lines.isAwaited).toBe(false);
  });

  test('ends when it is called off', async () => {
    const lines = watch();
    const controller = new AbortController();
    const saved = lines.next('saveEnd', 1000, controller.signal);
    controller.abort();
    expect(await saved).toBeUndefined();
    expect(lines.isAwaited).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
