import type { AwayCounts } from '../../shared/contract.js';
import type { EventKind } from '../../shared/events.js';
import type { HistoryEvent } from '../ports.js';

interface Span {
  /** Unix ms; both ends are in it. */
  readonly from: number;
  readonly to: number;
}

type Count = Exclude<keyof AwayCounts, 'servers'>;

const countOf: Partial<Record<EventKind, Count>> = {
  ...{ crashed: 'crashes', 'gave-up': 'gaveUp', 'start-failed': 'failedStarts', 'not-responding': 'notResponding' },
  ...{ 'stop-timeout': 'stopTimeouts', 'save-failed': 'failedSaves' },
};
/** What has no event of its own. */
const countOfRule = new Map<unknown, Count>([
  ['save-overdue', 'lateSaves'],
  ['low-memory', 'lowMemory'],
]);
/** The kinds of events that are looked at. */
export const awayKinds: readonly string[] = ['started', 'alert', ...Object.keys(countOf)];
const nobodys = new Set(['host', 'monitor']);

/**
 * Of the events of that time; null where there is nothing to tell of. open: when a window was open, so that somebody has
 * seen it. What began in front of a window and is told on is nothing new either.
 */
export function awayCounts(events: readonly HistoryEvent[], away: Span, open: readonly Span[]): AwayCounts | null {
  const counts: Record<Count, number> = {
    ...{ crashes: 0, restarts: 0, gaveUp: 0, failedStarts: 0, notResponding: 0, stopTimeouts: 0 },
    ...{ lateSaves: 0, failedSaves: 0, lowMemory: 0 },
  };
  const servers = new Set<string>();
  const alerts = new Set<unknown>();
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    const count = counted(event, alerts);
    if (count === undefined || !isIn(event.at, away) || open.some((span) => isIn(event.at, span))) continue;
    counts[count]++;
    if (!nobodys.has(event.id)) servers.add(event.id);
  }
  return Object.values(counts).some((count) => count > 0) ? { ...counts, servers: [...servers] } : null;
}

/** alerts: those that were told before; one that is active again is the same matter. */
function counted({ kind, data }: HistoryEvent, alerts: Set<unknown>): Count | undefined {
  if (kind === 'started') return data.by === 'restart' ? 'restarts' : undefined;
  if (kind !== 'alert') return countOf[kind];
  if (alerts.has(data.alert)) return undefined;
  alerts.add(data.alert);
  return data.state === 'active' ? countOfRule.get(data.rule) : undefined;
}

function isIn(at: number, { from, to }: Span): boolean {
  return from <= at && at <= to;
}
