/**
 * Every kind of event that the history keeps, with its data. Data holds no passwords, no addresses of webhooks, and no
 * values of settings. The id of an event is a server's, `host`, or `monitor`. Times are Unix milliseconds, and spans are
 * milliseconds. docs/events.md says when each of them comes, and when not.
 */
export const eventKinds = [
  /** {pid, by: StartedBy} It has a process. */
  'started',
  /** {tookMs} It is ready for players; the time is that since its start. */
  'ready',
  /** {by, mode, reason, restarts} as of StopWish. */
  'stopping',
  /** {what: 'stop' | 'restart'} A stop that was under way, or a restart that was planned, does not happen. */
  'called-off',
  /** {cause, code, signal, uptimeMs, unseen?: true} It ended as somebody wanted, or by itself in an orderly way. */
  'stopped',
  /** {cause, code, signal, uptimeMs, players, unseen?: true} players: how many were on; null where that is not known. */
  'crashed',
  /** {cause: 'start-failed', code, signal, reason, unseen?: true} reason: an ErrorCode where nothing could be run at all. */
  'start-failed',
  /** {attempt, max, nextAt} It comes back by itself. */
  'restarting',
  /** {used, windowSeconds} */
  'gave-up',
  /** {graceSeconds} */
  'stop-timeout',
  /** {reason} The signs, with a space between them. */
  'not-responding',
  /** {} */
  'responding',
  /** {} */
  'save-begun',
  /** {tookMs: number | null} null where that is not known. */
  'saved',
  /** {reason} What the game said, or an ErrorCode. */
  'save-failed',
  /** {name} */
  'player-joined',
  /** {name, playedMs: number | null, byEnd?: true} null where the joining was not seen; byEnd: with the server's end. */
  'player-left',
  /** {alert, rule, severity, state, count} It is active, acknowledged, muted or resolved now. */
  'alert',
  /** {turn: 'begin' | 'change' | 'end', …Anomaly} It leaves what is normal, is something else than it seemed, or is over. */
  'anomaly',
  /**
   * {metric, value, low, high, aspect: 'value' | 'level' | 'variation' | 'rhythm', z, score, from, to} The PC is not as it has
   * been: the mean of that time, and between what it was expected (null: not known); z: so many deviations off, null: not known.
   */
  'unusual',
  /** {at, cause} The report of an end is on record: it ended at `at`. */
  'incident',
  /** {name} of a server's definition. */
  'added',
  /** {name, keys} keys: which fields of the definition are different, without what is in them. */
  'changed',
  /** {name} */
  'removed',
  /** {keys} Monitoring settings that are different, as `sampling.baseIntervalMs`, without their values. */
  'settings',
  /** {version, pid} */
  'monitoring-started',
  /** {uptimeMs} In order; one that was killed tells nothing. */
  'monitoring-ended',
  /** {state: 'over' | 'ok', cpuPercent, memoryBytes, intervalMs} What the monitoring itself costs, and how often it measures over that. */
  'budget',
  /** {trouble, …} The history itself: too-many-events {kind, dropped}; damage, a full disk, a clock that was set. */
  'history',
  /**
   * {level, before: 'none' | 'high' | 'critical', by: 'use' | 'stalls', usedPercent, stalls: number | null, droppedBytes} How
   * short of memory the PC is now; stalls: percent of the last ten seconds; droppedBytes: of caches of ours.
   */
  'memory',
] as const;
export type EventKind = (typeof eventKinds)[number];

/**
 * What made a server run: a person, the start of the PC, the restart policy; or it was found running, connected by hand or
 * started by a monitoring process that ended before it could tell.
 */
export type StartedBy = 'user' | 'autostart' | 'restart' | 'found';

/**
 * Who wants a server to end: a person, the PC that goes down, or the watch over one that does not respond. graceful: with a
 * countdown; kill: by force. reason: a person's own words, or the signs of not responding. restarts: a start follows.
 */
export interface StopWish {
  readonly by: 'user' | 'host' | 'hang';
  readonly mode: 'stop' | 'graceful' | 'kill';
  readonly reason: string | null;
  readonly restarts: boolean;
}
