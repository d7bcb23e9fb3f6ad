import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, recentAttempts, rulesOf, type RestartRules } from '../../../../src/core/lifecycle/restartBudget.js';
import type { Exit } from '../../../../src/core/lifecycle/state.js';
import type { Definition, ExitCause } from '../../../../src/shared/contract.js';

const definition: Definition = { id: 'a', name: 'a', game: 'other', launch: { command: 'a' } };
const rules = (change: Definition['restart'] = {}): RestartRules => rulesOf({ ...definition, restart: change });
const exit = (cause: ExitCause): Exit => ({ code: 1, signal: null, cause, at: 0 });
const now = 10_000_000;
const middle = (): number => 0.5;

describe('the rules', () => {
  test('have the defaults of the contract', () => {
    const defaults = { onCleanExit: false, maxAttempts: 3, windowSeconds: 600, backoffSeconds: [5, 15, 45] };
    expect(rulesOf(definition)).toEqual({ policy: 'never', ...defaults });
    expect(rules({ policy: 'on-crash' })).toEqual({ policy: 'on-crash', ...defaults });
    expect(rules({ policy: 'always' })).toEqual({ policy: 'always', ...defaults, onCleanExit: true });
  });

  test('are those of the definition', () => {
    const own = {
      policy: 'always',
      onCleanExit: false,
      maxAttempts: 0,
      windowSeconds: 1,
      backoffSeconds: [0],
    } as const;
    expect(rules({ ...own, backoffSeconds: [0] })).toEqual(own);
  });
});

describe('what follows an end', () => {
  const causes: ExitCause[] = [
    ...(['asked', 'stopped-from-inside', 'crash', 'oom', 'killed-outside', 'start-failed'] as const),
    ...(['host-restart', 'unknown'] as const),
  ];
  const restartedBy: [string, Definition['restart'], ExitCause[]][] = [
    ['never', {}, []],
    ['on-crash', { policy: 'on-crash' }, ['crash', 'oom', 'killed-outside', 'start-failed', 'unknown']],
    [
      'always',
      { policy: 'always' },
      ['stopped-from-inside', 'crash', 'oom', 'killed-outside', 'start-failed', 'unknown'],
    ],
    [
      'always, but not on a clean exit',
      { policy: 'always', onCleanExit: false },
      ['crash', 'oom', 'killed-outside', 'start-failed', 'unknown'],
    ],
    [
      'on-crash, and on a clean exit',
      { policy: 'on-crash', onCleanExit: true },
      ['stopped-from-inside', 'crash', 'oom', 'killed-outside', 'start-failed', 'unknown'],
    ],
  ];

  test.each(restartedBy)('with %s', (_, own, expected) => {
    const restarted = causes.filter((cause) => decide(rules(own), exit(cause), [], now).is === 'restart');
    expect(restarted).toEqual(expected);
    const others = causes.filter((cause) => decide(rules(own), exit(cause), [], now).is === 'stay');
    expect([...restarted, ...others].sort()).toEqual([...causes].sort());
  });

  test('the pauses grow, and stay at the last', () => {
    const own = rules({ policy: 'always', maxAttempts: 10 });
    const pauses = [0, 1, 2, 3, 4].map((count) => {
      const attempts = Array.from({ length: count }, (_, n) => now - 1000 * (n + 1));
      const decision = decide(own, exit('crash'), attempts, now, middle);
      return decision.is === 'restart' ? (decision.at - now) / 1000 : NaN;
    });
    expect(pauses).toEqual([5, 15, 45, 45, 45]);
  });

  test('it is given up after so many attempts in the window, and not before', () => {
    const own = rules({ policy: 'on-crash' });
    const attempts = [now - 500_000, now - 300_000, now - 1000];
    expect(decide(own, exit('crash'), attempts.slice(1), now).is).toBe('restart');
    expect(decide(own, exit('crash'), attempts, now).is).toBe('give-up');
    // The first of them has left the window.
    expect(decide(own, exit('crash'), attempts, now + 100_001).is).toBe('restart');
    expect(recentAttempts(own, attempts, now + 100_001)).toEqual(attempts.slice(1));
  });

  test('with no attempts at all it is given up at once', () => {
    expect(decide(rules({ policy: 'on-crash', maxAttempts: 0 }), exit('crash'), [], now).is).toBe('give-up');
  });

  test('an end that was asked for is never undone, under any rules', () => {
    const anyRules = fc.record({
      policy: fc.constantFrom('never' as const, 'on-crash' as const, 'always' as const),
      onCleanExit: fc.boolean(),
      maxAttempts: fc.nat(100),
      windowSeconds: fc.integer({ min: 1, max: 86_400 }),
      backoffSeconds: fc.array(fc.nat(1000), { minLength: 1 }),
    });
    fc.assert(
      fc.property(anyRules, fc.array(fc.nat(now)), (own, attempts) => {
        return decide(own, exit('asked'), attempts, now).is === 'stay';
      }),
    );
  });

  test('pauses vary by a fifth, and never lie in the past', () => {
    const own = rules({ policy: 'always', backoffSeconds: [10] });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
        const decision = decide(own, exit('crash'), [], now, () => random);
        return decision.is === 'restart' && decision.at >= now + 8000 && decision.at <= now + 12_000;
      }),
    );
  });
});
