import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeTarget, stepsOf, stop, willing } from './support/fakeTarget.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = async (seconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
};
const announcements = (target: FakeTarget): string[] =>
  target.done.flatMap((done) => (done.includes('say Server') ? [done.replace(' line say Server stops in', '')] : []));

describe('a countdown', () => {
  test('tells the players at its beginning and at the usual marks below, and only then begins to stop', async () => {
    const target = new FakeTarget(willing());
    const { run, outcome } = stop(target, { countdownSeconds: 45 });
    await pass(44.9);
    expect(announcements(target)).toEqual(['0 45 seconds', '15 30 seconds', '35 10 seconds', '40 5 seconds']);
    expect(target.done).toHaveLength(4);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(4)).toEqual(['45 line save', '46 line stop', '46 stopSent', '47 ended']);
    expect(stepsOf(run)).toEqual(['announce done', 'save done', 'command done', 'wait done']);
  });

  test('says when it ends', async () => {
    const target = new FakeTarget(willing());
    stop(target, { countdownSeconds: 45 });
    expect(target.told).toEqual([{ steps: ['announce'], endsAt: Date.now() + 45_000 }]);
    await pass(60);
  });

  test('keeps to the marks of its definition', async () => {
    const target = new FakeTarget(willing(), { stop: { announceSeconds: [20, 1, 300] } });
    stop(target, { countdownSeconds: 30 });
    await pass(30);
    expect(announcements(target)).toEqual(['0 30 seconds', '10 20 seconds', '29 1 second']);
    await pass(30);
  });

  test('is no shorter for a game that answers late', async () => {
    const target = new FakeTarget({
      ...willing(),
      onLine: async (line) => {
        if (line.startsWith('say')) await new Promise((resolve) => setTimeout(resolve, 3000));
      },
    });
    stop(target, { countdownSeconds: 12 });
    await pass(11.9);
    expect(announcements(target)).toEqual(['0 12 seconds', '3 10 seconds', '7 5 seconds']);
    await pass(1);
    expect(target.done.at(-1)).toBe('12 line save');
    await pass(200);
  });

  test('goes on, and says so, where the players cannot be told', async () => {
    const mute = new FakeTarget(willing(), { game: 'other' });
    const first = stop(mute, { countdownSeconds: 20 });
    await pass(60);
    expect(await first.outcome).toBe('stopped');
    expect(mute.done).toEqual(['20 stopSent', '20 SIGTERM', '21 ended']);
    expect(first.run.steps[0]).toMatchObject({
      step: 'announce',
      outcome: 'done',
      detail: 'no way to tell the players',
    });
    const deaf = new FakeTarget({
      ...willing(),
      onLine: () => {
        throw new Error('nobody reads');
      },
    });
    const second = stop(deaf, { countdownSeconds: 20 });
    await pass(60);
    expect(await second.outcome).toBe('stopped');
    expect(second.run.steps[0]?.detail).toBe('no way to tell the players');
  });

  test('ends with the server', async () => {
    const target = new FakeTarget(willing());
    const { run, outcome } = stop(target, { countdownSeconds: 300 });
    await pass(20);
    target.ends();
    await pass(0);
    expect(await outcome).toBe('stopped');
    expect(stepsOf(run)).toEqual(['announce done', 'wait done']);
    expect(target.done.filter((done) => done.endsWith('stop'))).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('calling it off', () => {
  test('is possible until the countdown is over, and nothing is done to the game then', async () => {
    const target = new FakeTarget(willing());
    const { run, outcome } = stop(target, { countdownSeconds: 30 });
    await pass(29);
    expect(run.cancel()).toBe(true);
    await pass(100);
    expect(await outcome).toBe('cancelled');
    expect(target.done.every((done) => done.includes(' line say '))).toBe(true);
    expect(run.steps).toMatchObject([{ step: 'announce', outcome: 'skipped', detail: 'cancelled' }]);
    expect(target.isGone()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('holds also while the world is saved: the game has not been told to end yet', async () => {
    const target = new FakeTarget(willing(5));
    const { run, outcome } = stop(target);
    await pass(2);
    expect(run.cancel()).toBe(true);
    await pass(20);
    expect(await outcome).toBe('cancelled');
    expect(target.done).toEqual(['0 line save']);
    expect(stepsOf(run)).toEqual(['save skipped']);
    expect(target.watch.isAwaited).toBe(false);
  });

  test('is refused once the game has been told', async () => {
    const { run, outcome } = stop(new FakeTarget(willing(1, 5)));
    await pass(3);
    expect(run.cancel()).toBe(false);
    await pass(20);
    expect(await outcome).toBe('stopped');
  });

  test('is kept to also when it comes before the beginning', async () => {
    const { StopRun } = await import('../../../../src/core/lifecycle/stopRun.js');
    const target = new FakeTarget(willing());
    const run = new StopRun(target, { countdownSeconds: 0, onlyWait: false });
    expect(run.cancel()).toBe(true);
    const outcome = run.run().then(
      () => 'stopped',
      () => 'cancelled',
    );
    await pass(30);
    expect(await outcome).toBe('cancelled');
  });
});

describe('hurrying', () => {
  test('cuts the countdown short, and nothing else', async () => {
    const target = new FakeTarget(willing(2, 3));
    const { run, outcome } = stop(target, { countdownSeconds: 300 });
    await pass(10);
    run.hurry();
    await pass(20);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(1)).toEqual(['10 line save', '12 line stop', '12 stopSent', '15 ended']);
    expect(stepsOf(run)).toEqual(['announce done', 'save done', 'command done', 'wait done']);
  });

  test('does not bring force nearer', async () => {
    const target = new FakeTarget({}, { stop: { graceSeconds: 30, thenKill: true } });
    const { run } = stop(target, { countdownSeconds: 300 });
    await pass(10);
    run.hurry();
    run.hurry();
    await pass(60);
    run.hurry();
    await pass(9.9);
    expect(target.done.filter((done) => done.endsWith('kill'))).toEqual(['70 kill']);
    await pass(60);
  });
});
