import type { Definition } from '../../shared/contract.js';
import type { Exit } from './state.js';

/** When to bring a server back, and when to give up. Times in seconds unless said otherwise. */
export interface RestartRules {
  readonly policy: 'never' | 'on-crash' | 'always';
  readonly onCleanExit: boolean;
  readonly maxAttempts: number;
  readonly windowSeconds: number;
  readonly backoffSeconds: readonly number[];
}

export type Decision =
  { readonly is: 'stay' } | { readonly is: 'restart'; readonly at: number } | { readonly is: 'give-up' };

/** Pauses vary by this share, so that servers that fell together do not all come back at the same moment. */
const jitter = 0.2;

/** The contract's defaults: never; 3 attempts in 10 minutes, after 5, 15 and 45 s. */
export function rulesOf(definition: Definition): RestartRules {
  const own = definition.restart ?? {};
  const policy = own.policy ?? 'never';
  return {
    policy,
    onCleanExit: own.onCleanExit ?? policy === 'always',
    maxAttempts: own.maxAttempts ?? 3,
    windowSeconds: own.windowSeconds ?? 600,
    backoffSeconds: own.backoffSeconds ?? [5, 15, 45],
  };
}

/** The attempts (Unix milliseconds) that still count. */
export function recentAttempts(rules: RestartRules, attempts: readonly number[], now: number): number[] {
  return attempts.filter((at) => at > now - rules.windowSeconds * 1000);
}

/**
 * What follows the end of a server. An end that was asked for is never undone, under any policy. Pure but for `random`
 * (0..1).
 */
export function decide(
  rules: RestartRules,
  exit: Exit,
  attempts: readonly number[],
  now: number,
  random: () => number = Math.random,
): Decision {
  if (exit.cause === 'asked' || exit.cause === 'host-restart' || rules.policy === 'never') return { is: 'stay' };
  if (exit.cause === 'stopped-from-inside' && !rules.onCleanExit) return { is: 'stay' };
  const recent = recentAttempts(rules, attempts, now);
  if (recent.length >= rules.maxAttempts) return { is: 'give-up' };
  const pauses = rules.backoffSeconds;
  const seconds = pauses[Math.min(recent.length, pauses.length - 1)] ?? 0;
  return { is: 'restart', at: now + seconds * 1000 * (1 + jitter * (2 * random() - 1)) };
}
