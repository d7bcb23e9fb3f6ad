/**
 * Every kind of event that the history keeps, with its data. Data holds no passwords and no addresses of webhooks. The id
 * of an event is a server's, `host`, or `monitor`.
 */
export const eventKinds = [
  /** {pid, by: 'user' | 'autostart' | 'restart' | 'found'} */
  'started',
  /** {tookMs} It is ready for players. */
  'ready',
  /** {mode: 'stop' | 'graceful', reason} Somebody asked for it. */
  'stopping',
  /** {cause, code, signal, uptimeMs} */
  'stopped',
  /** {cause, code, signal, uptimeMs, players} */
  'crashed',
  /** {cause, code, signal} */
  'start-failed',
  /** {attempt, max, nextAt} */
  'restarting',
  /** {used, windowSeconds} */
  'gave-up',
  /** {graceSeconds} */
  'stop-timeout',
  /** {reason} */
  'not-responding',
  'responding',
  'save-begun',
  /** {tookMs: number | null} null where the beginning was not seen. */
  'saved',
  /** {name} */
  'player-joined',
  /** {name, playedMs: number | null} */
  'player-left',
  /** {alert, rule, severity, state, count} */
  'alert',
  /** {metric, …} */
  'anomaly',
  /** {at} An end with a report on record. */
  'incident',
  /** {name} of a server's definition. */
  'added',
  'changed',
  'removed',
  /** {keys} Monitoring settings that were set, without their values. */
  'settings',
  /** {version} */
  'monitoring-started',
  'monitoring-ended',
  /** {trouble, …} The history itself: damage, a full disk, a clock that was set. */
  'history',
] as const;
export type EventKind = (typeof eventKinds)[number];
