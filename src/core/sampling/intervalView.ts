import type { CoreStatus } from '../../shared/contract.js';
import type { IntervalPolicy } from './interval.js';

export type IntervalView = CoreStatus['sampling'];

/** A load that is shown must not be further than this from what it is. */
const notablePercent = 5;

/** How often is measured and why, as clients see it. */
export function intervalView(policy: Pick<IntervalPolicy, 'intervalMs' | 'reason' | 'cpuPercent'>): IntervalView {
  return { intervalMs: policy.intervalMs, reason: policy.reason, cpuPercent: policy.cpuPercent };
}

/** Worth telling: the load matters only where it is the reason. */
export function isNews(before: IntervalView, now: IntervalView): boolean {
  if (before.intervalMs !== now.intervalMs || before.reason !== now.reason) return true;
  if (now.reason !== 'busy' && now.reason !== 'saturated') return false;
  return Math.abs((now.cpuPercent ?? 0) - (before.cpuPercent ?? 0)) >= notablePercent;
}
