/** What alerts can be about. docs/alerts.md says when each of them is raised and resolved. */
export const alertRules = [
  ...(['crash', 'restarted', 'gave-up', 'stop-timeout', 'hung', 'api-degraded', 'save-overdue'] as const),
  ...(['save-failed', 'tick-rate-low', 'anomaly', 'leak', 'disk-nearly-full'] as const),
  ...(['host-cpu-saturated', 'low-memory', 'over-budget'] as const),
  ...(['history-stopped', 'history-damaged', 'webhook-paused'] as const),
] as const;
export type AlertRule = (typeof alertRules)[number];

/**
 * What a person should know of a server. The same rule of the same server again counts on in the same alert until that is
 * resolved; an acknowledged one becomes active again. data is of the latest time:
 * crash {code, signal, cause, exitAt, players (how many were on, null: not known), restarts (it is brought back by itself)},
 * restarted {cause (of its end; 'hung': it did not respond, and was ended for that), attempt, max}, gave-up {used,
 * windowSeconds}, stop-timeout {graceSeconds}, hung {reason},
 * api-degraded {via, is: 'silent' | 'refused', since}, save-overdue {lastAt, intervalMs}, save-failed {reason: what the game
 * said, or an ErrorCode}, tick-rate-low {rate, usual, players}, anomaly and leak: as of `Anomaly`,
 * disk-nearly-full {freeBytes, totalBytes}.
 * Of the PC and the monitoring itself (server `monitor`, no name): host-cpu-saturated {percent, minutes}, low-memory
 * {usedPercent: of the PC's memory}, over-budget {cpuPercent, memoryBytes, intervalMs}, history-stopped {trouble, file, detail},
 * history-damaged {found, aside}, webhook-paused {target, detail: what it said, until: it is tried again}.
 */
export interface Alert {
  id: string;
  rule: AlertRule;
  /** A ServerId, or monitor. */
  server: string;
  serverName: string;
  severity: 'warning' | 'error';
  firstAt: number;
  lastAt: number;
  count: number;
  state: 'active' | 'acknowledged' | 'muted' | 'resolved';
  /** Since when it waits for a person; told of an active one. */
  activeSince?: number;
  /** Where it is muted, or comes back muted. null: for good. */
  mutedUntil?: number | null;
  /** When it was told again because nobody looked. step 1: a warning has become an error; 2: the error was told once more. */
  escalation?: { step: number; at: number };
  data: Record<string, unknown>;
}

/** What happened while nobody looked; the words are the window's. */
export interface AwayCounts {
  crashes: number;
  /** By the restart policy, those that have happened. */
  restarts: number;
  gaveUp: number;
  failedStarts: number;
  notResponding: number;
  stopTimeouts: number;
  lateSaves: number;
  failedSaves: number;
  lowMemory: number;
  /** The servers of all these, in the order in which they come first; the PC and the monitoring are none. */
  servers: string[];
}

/**
 * How a webhook does. hasAddress: its secret is known (`webhook.<name>` of the id `alerts`). dropped: messages given up for
 * want of room or because they were refused; uncertain: sent, and nobody knows whether they arrived; both since it last
 * worked. nextAt: before that it is not tried; null: at any time. detail: what it said last, without its address.
 */
export interface WebhookStatus {
  name: string;
  kind: 'discord' | 'generic';
  enabled: boolean;
  hasAddress: boolean;
  waiting: number;
  dropped: number;
  uncertain: number;
  isPaused: boolean;
  nextAt: number | null;
  detail: string | null;
}
