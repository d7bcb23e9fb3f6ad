import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { launchRequest } from '../../../../src/core/lifecycle/launchRequest.js';
import { effective } from '../../../../src/shared/definition.js';
import { Failure } from '../../../../src/shared/failure.js';
import { FakeTarget, stop, stepsOf } from './support/fakeTarget.js';

/* ARK ends by a line, which needs RCON: without it, or where it does not answer, by its signal. */

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const connection = { rconPort: 27_020 };
const ends = (_: string, target: FakeTarget): boolean => {
  target.ends();
  return true;
};

test.each(
  ['ark-se', 'ark-sa'].flatMap((game) =>
    ['no-channel', 'secret-missing', 'auth-rejected', 'unreachable'].map((code) => [game, code] as const),
  ),
)('%s with a console that fails as %s is sent its signal, once', async (game, code) => {
  const noConsole = (): never => {
    throw new Failure(code as 'no-channel');
  };
  const target = new FakeTarget({ onLine: noConsole, onSignal: ends }, { game, connection });
  const { run, outcome } = stop(target);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await outcome).toBe('stopped');
  expect(target.done.filter((done) => done.includes('SIG'))).toEqual(['0 SIGINT']);
  expect(stepsOf(run).slice(-3)).toEqual(['command failed', 'signal done', 'wait done']);
});

test.each(['ark-se', 'ark-sa'])('%s that may have heard its line is sent no signal', async (game) => {
  const target = new FakeTarget(
    {
      onLine: (line, t) => {
        if (line !== 'DoExit') return;
        setTimeout(() => t.ends(), 5000);
        throw new Failure('timeout', { isSent: true });
      },
    },
    { game, connection },
  );
  const { outcome } = stop(target);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await outcome).toBe('stopped');
  expect(target.done.filter((done) => done.includes('SIG'))).toEqual([]);
  expect(target.done).toContain('0 line DoExit');
});

test.each(['ark-se', 'ark-sa'])('of %s the launcher knows the signal only: its stdin is read by nobody', (game) => {
  for (const connection of [{}, { rconPort: 27_020 }]) {
    const definition = { id: 'a', name: 'A', game, launch: { command: '/bin/true' }, connection };
    const { farewell } = launchRequest(effective(definition), '/d', 'n', '/d/console.log');
    expect(farewell).toEqual({ lines: [], signal: 'SIGINT', graceSeconds: 60 });
  }
});
