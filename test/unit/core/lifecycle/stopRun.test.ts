import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { within } from '../../../../src/core/lifecycle/stopRun.js';
import { Failure } from '../../../../src/shared/failure.js';
import { FakeTarget, savedLine, stepsOf, stop, willing, type Game } from './support/fakeTarget.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = async (seconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
};
const noConsole = (): never => {
  throw new Failure('no-channel');
};

describe('an orderly stop', () => {
  test('saves, tells the game, waits: in this order, each step on record', async () => {
    const target = new FakeTarget(willing(2, 3));
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 line save', '2 line stop', '2 stopSent', '5 ended']);
    expect(stepsOf(run)).toEqual(['save done', 'command done', 'wait done']);
    expect(run.steps[0]?.detail).toBe(savedLine);
    for (const { startedAt, endedAt } of run.steps) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is told as it goes: what is under way, and until when', async () => {
    const target = new FakeTarget(willing());
    const begun = Date.now();
    stop(target);
    await pass(10);
    expect(target.told.slice(0, 2)).toEqual([
      { steps: ['save'], endsAt: begun + 60_000 },
      { steps: ['save'], endsAt: null },
    ]);
    expect(target.told.at(-1)).toEqual({ steps: ['save', 'command', 'wait'], endsAt: null });
  });

  test('of a game with a signal of its own sends that, and no line', async () => {
    const target = new FakeTarget(willing(), { game: 'valheim' });
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 stopSent', '0 SIGINT', '1 ended']);
    expect(stepsOf(run)).toEqual(['signal done', 'wait done']);
  });

  test('tells the game to end also when the save takes too long, but not before', async () => {
    const target = new FakeTarget({ onLine: (line, t) => (line === 'stop' ? t.ends() : undefined) });
    const { run, outcome } = stop(target);
    await pass(59);
    expect(target.done).toEqual(['0 line save']);
    await pass(2);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 line save', '60 line stop', '60 ended', '60 stopSent']);
    expect(stepsOf(run)).toEqual(['save timeout', 'command done', 'wait done']);
  });

  test('waits for a save no longer than the grace', async () => {
    const target = new FakeTarget(willing(30), { stop: { graceSeconds: 5 } });
    stop(target);
    await pass(6);
    expect(target.done.slice(0, 2)).toEqual(['0 line save', '5 line stop']);
    await pass(60);
  });

  test('takes no line from before for the word on its save', async () => {
    const target = new FakeTarget(willing(3));
    target.says(savedLine);
    stop(target);
    await pass(2);
    expect(target.done).toEqual(['0 line save']);
    await pass(60);
  });

  test('sends the signal where the line does not reach the game', async () => {
    const target = new FakeTarget({ ...willing(), onLine: noConsole });
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 line save', '0 line stop', '0 stopSent', '0 SIGTERM', '1 ended']);
    expect(stepsOf(run)).toEqual(['save failed', 'command failed', 'signal done', 'wait done']);
    expect(run.steps.map(({ detail }) => detail)).toEqual(['no-channel', 'no-channel', 'SIGTERM', null]);
  });

  test('goes on at once to the next where a signal has reached nobody', async () => {
    const game: Game = { onSignal: (signal, t) => signal === 'SIGTERM' && (willing().onSignal?.(signal, t) ?? false) };
    const target = new FakeTarget(game, { game: 'valheim' });
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 stopSent', '0 SIGINT', '0.5 stopSent', '0.5 SIGTERM', '1.5 ended']);
    expect(stepsOf(run)).toEqual(['signal failed', 'wait timeout', 'signal done', 'wait done']);
  });

  test('sends no signal on top of a line that the game may have heard though it did not answer', async () => {
    const game = willing(2, 3);
    const target = new FakeTarget({
      ...game,
      onLine: async (line, t) => {
        await game.onLine?.(line, t);
        if (line === 'stop') throw new Failure('timeout', { isSent: true });
      },
    });
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done.filter((done) => done.includes('SIG'))).toEqual([]);
    expect(stepsOf(run)).toEqual(['save done', 'command timeout', 'wait done']);
  });

  test('waits for a launcher that is being replaced, before it takes a rougher way', async () => {
    let tries = 0;
    const game = willing();
    const target = new FakeTarget({
      ...game,
      onLine: (line, t) => {
        if (++tries <= 3) throw new Failure('unreachable', { what: 'launcher' });
        return game.onLine?.(line, t);
      },
    });
    const { run, outcome } = stop(target);
    await pass(20);
    expect(await outcome).toBe('stopped');
    expect(stepsOf(run)).toEqual(['save done', 'command done', 'wait done']);
  });

  test('does not wait for ever for a launcher that does not come back', async () => {
    const gone = (): never => {
      throw new Failure('unreachable', { what: 'launcher' });
    };
    const target = new FakeTarget({ ...willing(), onLine: gone });
    const { run, outcome } = stop(target);
    await pass(40);
    expect(await outcome).toBe('stopped');
    expect(stepsOf(run)).toEqual(['save failed', 'command failed', 'signal done', 'wait done']);
  });

  test('notes a signal before it is sent, and a word only when it is out', async () => {
    const order = async (target: FakeTarget, told: string): Promise<number> => {
      stop(target);
      await pass(10);
      const [noted, sent] = ['stopSent', told].map((what) => target.done.findIndex((done) => done.endsWith(what)));
      return (noted ?? NaN) - (sent ?? NaN);
    };
    expect(await order(new FakeTarget(willing()), 'line stop')).toBe(1);
    expect(await order(new FakeTarget(willing(), { stop: { signal: 'SIGINT' } }), 'SIGINT')).toBe(-1);
  });

  test('of which another core had told the game already tells it once more when that had no effect', async () => {
    const target = new FakeTarget(willing());
    const { outcome } = stop(target, { onlyWait: true, countdownSeconds: 0 });
    await pass(59);
    expect(target.done).toEqual([]);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(0, 2)).toEqual(['60 line stop', '60 stopSent']);
  });

  test('of a game that ends during its save is over', async () => {
    const target = new FakeTarget({ onLine: (_, t) => t.ends() });
    const { run, outcome } = stop(target);
    await pass(1);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 line save', '0 ended']);
    expect(stepsOf(run)).toEqual(['save timeout', 'wait done']);
  });

  test('of which only the waiting is left tells the game nothing again', async () => {
    const target = new FakeTarget(willing());
    const { run, outcome } = stop(target, { onlyWait: true, countdownSeconds: 30 });
    await pass(30);
    expect(target.done).toEqual([]);
    expect(run.cancel()).toBe(false);
    target.ends();
    await pass(1);
    expect(await outcome).toBe('stopped');
    expect(stepsOf(run)).toEqual(['wait done']);
  });

  test('leaves nothing behind when its save could not be asked for', async () => {
    const target = new FakeTarget({ ...willing(), onLine: noConsole });
    const { outcome } = stop(target);
    await pass(5);
    expect(await outcome).toBe('stopped');
    expect(target.watch.isAwaited).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a game that does not hear its own way', () => {
  const saves = (line: string, t: FakeTarget): void => {
    if (line === 'save') t.says(savedLine);
  };

  const obeysSigterm = (signal: string, t: FakeTarget): boolean => {
    if (signal === 'SIGTERM') t.ends();
    return true;
  };

  test('is asked by Ctrl+C, then as a service manager does, and has time after each', async () => {
    const target = new FakeTarget({ onLine: saves, onSignal: obeysSigterm });
    const { run, outcome } = stop(target);
    await pass(60);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(-5)).toEqual(['30 stopSent', '30 SIGINT', '45 stopSent', '45 SIGTERM', '45 ended']);
    expect(run.steps.filter(({ step }) => step === 'signal').map(({ detail }) => detail)).toEqual([
      'SIGINT',
      'SIGTERM',
    ]);
  });

  test('but shows that it is ending is left in peace for the whole grace', async () => {
    const target = new FakeTarget({ onLine: saves });
    target.isAtWork = true;
    const { outcome } = stop(target);
    await pass(59);
    expect(target.done).toEqual(['0 line save', '0 line stop', '0 stopSent']);
    target.ends();
    await pass(1);
    expect(await outcome).toBe('stopped');
  });

  test('and would lose its world by a signal is sent none, not even without a console', async () => {
    const target = new FakeTarget({ onLine: noConsole }, { game: 'minecraft-bedrock' });
    const { run, outcome } = stop(target);
    await pass(60);
    expect(await outcome).toBe('stop-timeout');
    expect(target.done).toEqual(['0 line stop']);
    expect(stepsOf(run)).toEqual(['command failed', 'signal skipped', 'wait timeout']);
  });
});

describe('force', () => {
  const stubborn = { onLine: (line: string, t: FakeTarget) => (line === 'save' ? t.says(savedLine) : undefined) };

  test('is never used where the definition does not allow it', async () => {
    const target = new FakeTarget(stubborn);
    const { run, outcome } = stop(target);
    await pass(3600);
    expect(await outcome).toBe('stop-timeout');
    const told = ['0 line save', '0 line stop', '0 stopSent', '30 stopSent', '30 SIGINT', '45 stopSent', '45 SIGTERM'];
    expect(target.done).toEqual(told);
    const steps = ['save done', 'command done', 'wait timeout', 'signal done', 'wait timeout', 'signal done'];
    expect(stepsOf(run)).toEqual([...steps, 'wait timeout']);
  });

  test('is used where it is allowed, but not before the grace is over', async () => {
    const deaf = { ...willing(), ...stubborn, onSignal: () => true };
    const target = new FakeTarget(deaf, { stop: { graceSeconds: 30, thenKill: true } });
    const { run, outcome } = stop(target);
    await pass(29.9);
    expect(target.done).not.toContain('30 kill');
    expect(target.done.some((done) => done.endsWith('kill'))).toBe(false);
    await pass(1);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(-2)).toEqual(['30 kill', '30.01 ended']);
    expect(stepsOf(run).slice(-2)).toEqual(['wait timeout', 'kill done']);
  });

  test('waits for the whole grace after a long save, too', async () => {
    const target = new FakeTarget(
      { ...willing(20), onSignal: () => true },
      {
        stop: { graceSeconds: 30, thenKill: true, signal: 'SIGINT' },
      },
    );
    const { outcome } = stop(target);
    await pass(120);
    expect(await outcome).toBe('stopped');
    const told = ['0 line save', '20 stopSent', '20 SIGINT', '42.5 stopSent', '42.5 SIGTERM', '50 kill', '50.01 ended'];
    expect(target.done).toEqual(told);
  });

  test('that does not help is told', async () => {
    const target = new FakeTarget(stubborn, { stop: { thenKill: true } });
    const { run, outcome } = stop(target);
    await pass(120);
    expect(await outcome).toBe('stop-timeout');
    expect(stepsOf(run).at(-1)).toBe('kill timeout');
  });

  test('with no grace at all still comes after the game was told', async () => {
    const target = new FakeTarget({ onKill: (t) => t.ends() }, { stop: { graceSeconds: 0, thenKill: true } });
    const { outcome } = stop(target);
    await pass(1);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 line save', '0 line stop', '0 stopSent', '0 kill', '0 ended']);
  });
});

describe('within', () => {
  test('tells what is in time from what is late, without leaving a timer', async () => {
    const late = within(new Promise(() => undefined), 1000);
    await pass(1);
    expect(await late).toBe(false);
    expect(await within(Promise.resolve(), 1000)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits for months without a timer that fires at once', async () => {
    let settled = false;
    void within(new Promise(() => undefined), 60 * 86_400_000).then(() => (settled = true));
    await pass(86_400);
    expect(settled).toBe(false);
  });
});

describe('a game with an interface of its own', () => {
  const connection = { restPort: 8212, rconPort: 25_575 };
  const heard =
    (target: () => FakeTarget, what: string, ms = 0) =>
    async (): Promise<void> => {
      target().note(what);
      await new Promise((resolve) => setTimeout(resolve, ms));
    };

  test('is saved and ended by it, and gets no line and no signal', async () => {
    const target: FakeTarget = new FakeTarget(
      {
        own: {
          save: heard(() => target, 'saved by itself', 2000),
          end: async () => {
            target.note('ends itself');
            setTimeout(() => target.ends(), 1000);
          },
        },
      },
      { game: 'palworld', connection },
    );
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 saved by itself', '2 ends itself', '2 stopSent', '3 ended']);
    expect(stepsOf(run)).toEqual(['save done', 'command done', 'wait done']);
  });

  test('is told by its console where the interface is not there, and the players are too', async () => {
    const gone = async (): Promise<never> => {
      throw new Failure('unreachable');
    };
    const game = willing();
    const target = new FakeTarget({ ...game, own: { save: gone, announce: gone, end: gone } }, {});
    const { run, outcome } = stop(target, { countdownSeconds: 2 });
    await pass(20);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual([
      '0 line say Server stops in 2 seconds',
      ...['2 line save', '3 line stop', '3 stopSent', '4 ended'],
    ]);
    expect(stepsOf(run)).toEqual(['announce done', 'save done', 'command failed', 'command done', 'wait done']);
  });

  test('that may have heard is not told again by another way, and gets no signal on top', async () => {
    const lost = async (): Promise<never> => {
      throw new Failure('timeout', { isSent: true });
    };
    const target: FakeTarget = new FakeTarget({ ...willing(), own: { end: lost, save: lost } }, {});
    setTimeout(() => target.ends(), 20_000);
    const { run, outcome } = stop(target);
    await pass(25);
    expect(await outcome).toBe('stopped');
    expect(target.done).toEqual(['0 stopSent', '20 ended']);
    expect(stepsOf(run)).toEqual(['save timeout', 'command timeout', 'wait done']);
  });

  test('that says it could not save is ended all the same, with its words on record', async () => {
    const target = new FakeTarget({
      ...willing(),
      own: {
        save: async () => {
          throw new Failure('io', { detail: 'Unable to save the game' });
        },
      },
    });
    const { run, outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(run.steps[0]).toMatchObject({ step: 'save', outcome: 'failed', detail: 'Unable to save the game' });
    expect(target.done[0]).toBe('0 line stop');
  });

  test('is left alone by it where the definition says how it is stopped', async () => {
    const never = async (): Promise<never> => {
      throw new Error('not to be called');
    };
    const target = new FakeTarget({ ...willing(), own: { end: never } }, { stop: { line: 'stop' } });
    const { outcome } = stop(target);
    await pass(10);
    expect(await outcome).toBe('stopped');
    expect(target.done.slice(1, 2)).toEqual(['1 line stop']);
  });
});

describe('the answer of a console to a save', () => {
  const minecraft = { game: 'minecraft', connection: { rconPort: 25_575 } };

  test('is taken for its word', async () => {
    const game = willing();
    const target = new FakeTarget(
      {
        ...game,
        onLine: (line, t) => (line === 'save-all flush' ? 'Saved the game' : game.onLine?.(line, t)),
      },
      minecraft,
    );
    const { run, outcome } = stop(target);
    await pass(5);
    expect(await outcome).toBe('stopped');
    expect(run.steps[0]).toMatchObject({ step: 'save', outcome: 'done', detail: 'Saved the game' });
  });

  test('also where it is a no', async () => {
    const game = willing();
    const target = new FakeTarget(
      {
        ...game,
        onLine: (line, t) =>
          line === 'save-all flush' ? 'Unable to save the game (is there enough disk space?)' : game.onLine?.(line, t),
      },
      minecraft,
    );
    const { run, outcome } = stop(target);
    await pass(5);
    expect(await outcome).toBe('stopped');
    expect(run.steps[0]).toMatchObject({ step: 'save', outcome: 'failed' });
    expect(run.steps[0]?.detail).toContain('enough disk space');
  });
});
