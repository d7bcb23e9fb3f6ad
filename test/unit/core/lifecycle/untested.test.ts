import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HangCare } from '../../../../src/core/lifecycle/hangCare.js';
import { decide, rulesOf } from '../../../../src/core/lifecycle/restartBudget.js';
import type { Definition, ExitCause } from '../../../../src/shared/contract.js';
import { effective } from '../../../../src/shared/definition.js';
import { catalogueWith, games } from '../../../../src/shared/games.js';
import { checkOwnGame } from '../../../../src/shared/ownGame.js';
import { FakeTarget, stop } from './support/fakeTarget.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const everyCause: Record<ExitCause, true> = {
  ...{ asked: true, 'stopped-from-inside': true, crash: true, oom: true, 'killed-outside': true },
  ...{ 'start-failed': true, 'host-restart': true, unknown: true },
};
const causes = Object.keys(everyCause) as ExitCause[];
const own = checkOwnGame({ id: 'mine', label: 'Mine', stop: { line: 'quit' }, proof: 'real', thenKill: true });
const described = 'row' in own ? [own.row] : [];
const catalogue = catalogueWith(described);
const basic = catalogue.rows.filter(({ proof }) => proof === 'basic').map(({ id }) => id);
const definitionOf = (game: string): Definition => ({ id: 'a', name: 'A', game, launch: { command: 'x' } });

test('there are such games, and every described one is', () => {
  expect(basic).toEqual([...games.filter(({ proof }) => proof === 'basic').map(({ id }) => id), 'mine']);
  expect(basic.length).toBeGreaterThan(5);
});

describe.each(basic)('of %s nothing was tested, so', (game) => {
  const settings = effective(definitionOf(game), catalogue);

  test('it is not brought back, whatever it ended by', () => {
    const rules = rulesOf(settings.definition);
    expect(rules).toMatchObject({ policy: 'never', onCleanExit: false });
    for (const cause of causes) {
      expect(decide(rules, { code: 1, signal: null, cause, at: 0 }, [], 0), cause).toEqual({ is: 'stay' });
    }
  });

  test('it is not ended because it does not respond', () => {
    const end = vi.fn(() => Promise.resolve());
    const restart = vi.fn();
    const care = new HangCare({
      ...{ signs: () => ['cpu'], changed: () => undefined, failed: () => undefined, end, restart },
      isRestartWanted: () => settings.hang.restart,
    });
    care.review();
    expect([end, restart].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  test('one that does not end is left to a person', async () => {
    const target = new FakeTarget({}, { game }, catalogue);
    const { outcome } = stop(target);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await outcome).toBe('stop-timeout');
    expect(target.done.filter((done) => /kill/i.test(done))).toEqual([]);
  });
});
