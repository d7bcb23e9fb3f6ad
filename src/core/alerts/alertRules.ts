import type { AlertRule, Definition, ExitCause, ServerView } from '../../shared/contract.js';
import type { Alerts } from './alerts.js';

/** A server, as far as the rules look at it. */
interface Watched {
  readonly id: string;
  readonly definition: Definition;
  view(): ServerView;
}

interface End {
  readonly exit: NonNullable<ServerView['exit']>;
  readonly players: readonly string[] | null;
}

/** Ends that nobody asked for. A start that fails is told to whoever started it. */
const crashes = new Set<ExitCause>(['crash', 'oom', 'killed-outside', 'unknown']);
/** What is nobody's among the servers. */
const monitor = { id: 'monitor', name: '' };
/** Up for this long after a crash, it has come back for good. */
const backMs = 10 * 60_000;
const overWhenBack: ReadonlySet<AlertRule> = new Set(['crash', 'gave-up']);

/** Which events of servers become alerts, and what ends them. Methods are told what servers tell; none throws. */
export class AlertRules {
  constructor(private readonly alerts: Alerts) {}

  /**
   * What has happened while no core was there, or just before one died. `areAllKnown`: servers that are not among these
   * do not exist any more.
   */
  begin(servers: readonly Watched[], areAllKnown: boolean): void {
    for (const server of servers) {
      const { exit, pid } = server.view();
      if (pid === null) this.gone(server.id);
      const known = this.alerts.latest('crash', server.id)?.data.exitAt;
      if (exit !== null && exit.at !== known) this.crashed(server, { exit, players: null });
    }
    if (!areAllKnown) return;
    // Alerts of the monitoring itself have their own end.
    const ids = new Set(['monitor', ...servers.map(({ id }) => id)]);
    for (const { server } of this.alerts.list()) if (!ids.has(server)) this.removed(server);
  }

  /** Its state, or something else that clients see, is another. */
  changed(server: Watched): void {
    const { id, state, pid, restarts } = server.view();
    // At the very beginning of a start that is none of the planned restarts: a person has taken over.
    if (state !== 'starting' || pid !== null || restarts.used > 0) return;
    for (const rule of ['crash', 'gave-up', 'hung'] as const) this.alerts.resolve(rule, id);
  }

  ended(server: Watched, end: End): void {
    this.gone(server.id);
    this.crashed(server, end);
  }

  /** With the PC, or with the core: whoever wants it to run has not seen it fail. */
  startFailedUnasked(server: Watched, exit: End['exit']): void {
    this.raiseCrash(server, { exit, players: null });
  }

  stopTimedOut(server: Watched, graceSeconds: number): void {
    const view = server.view();
    // It may have ended in the very last moment.
    if (view.state === 'stopping') this.alerts.raise('stop-timeout', view, { graceSeconds });
  }

  gaveUp(server: Watched, used: number, windowSeconds: number): void {
    this.alerts.raise('gave-up', server.view(), { used, windowSeconds });
  }

  /** Told once each time that it stops responding, not as long as it does. */
  hung(server: Watched, reason: string | null): void {
    this.alerts.raise('hung', server.view(), { reason });
  }

  /** May be told as long as it lasts: a save that is missing is one matter, also once somebody has seen it. */
  saveOverdue(server: Watched, { lastAt, intervalMs }: { lastAt: number | null; intervalMs: number | null }): void {
    if (this.alerts.open('save-overdue', server.id) !== undefined) return;
    this.alerts.raise('save-overdue', server.view(), { lastAt, intervalMs });
  }

  /** Whoever has asked for it: the world is safe. */
  saveDone({ id }: Pick<Watched, 'id'>): void {
    this.alerts.resolve('save-overdue', id);
    this.alerts.resolve('save-failed', id);
  }

  /** reason: what the game said, or an ErrorCode. It stays also when the server ends: its last save may be the failed one. */
  saveFailed(server: Watched, reason: string): void {
    this.alerts.raise('save-failed', server.view(), { reason });
  }

  /** What an earlier process has told of it is the same matter. */
  memoryIsLow(data: { readonly usedPercent: number }): void {
    if (this.alerts.open('low-memory', monitor.id) === undefined) this.alerts.raise('low-memory', monitor, { ...data });
  }

  memoryIsBack(): void {
    this.alerts.resolve('low-memory', monitor.id);
  }

  recovered(server: Watched): void {
    this.alerts.resolve('hung', server.id);
  }

  removed(id: string): void {
    this.alerts.resolveAll(id);
  }

  /** Now and then, while servers run: those that have stayed up are back. */
  review(servers: readonly Watched[], now: number): void {
    for (const alert of this.alerts.allOpen(overWhenBack)) {
      const view = servers.find(({ id }) => id === alert.server)?.view();
      if (view?.state === 'running' && now - view.since >= backMs) this.alerts.resolve(alert.rule, alert.server);
    }
  }

  /** What was wrong with its process went with it. */
  private gone(id: string): void {
    this.alerts.resolve('stop-timeout', id);
    this.alerts.resolve('hung', id);
    this.alerts.resolve('save-overdue', id);
  }

  private crashed(server: Watched, end: End): void {
    if (crashes.has(end.exit.cause)) this.raiseCrash(server, end);
  }

  private raiseCrash(server: Watched, { exit, players }: End): void {
    const { code, signal, cause, at } = exit;
    const restarts = (server.definition.restart?.policy ?? 'never') !== 'never';
    this.alerts.raise('crash', server.view(), {
      ...{ code, signal, cause, exitAt: at, restarts },
      players: players?.length ?? null,
    });
  }
}
