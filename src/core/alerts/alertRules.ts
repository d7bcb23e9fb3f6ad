import type { Alert, AlertRule, Definition, ExitCause, ServerView } from '../../shared/contract.js';
import type { Alerts } from './alerts.js';

/** A server, as far as the rules look at it. */
interface Watched {
  readonly id: string;
  readonly definition: Definition;
  view(): ServerView;
}
type Named = Pick<Watched, 'id' | 'definition'>;

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

/** What is over with something that happens to a server, whatever else is known of it. */
const over = {
  whenBack: new Set<AlertRule>(['crash', 'restarted', 'gave-up']),
  byHand: ['crash', 'restarted', 'gave-up', 'hung'],
  /** Whoever looks for them finds them anew. */
  withoutProcess: ['anomaly', 'leak'],
  withProcess: ['stop-timeout', 'hung', 'save-overdue', 'api-degraded', 'tick-rate-low'],
} as const;

/** What says the same as an anomaly of that kind. */
const alike: Readonly<Record<string, readonly AlertRule[]>> = {
  ...{ 'save-missing': ['save-overdue'], 'save-long': ['save-overdue'] },
  ...{ 'tick-rate-low': ['tick-rate-low'], 'game-bound': ['tick-rate-low'], 'api-slow': ['api-degraded'] },
};

/**
 * Which events of servers become alerts, and what ends them. Methods are told what servers tell; none throws. What lasts may
 * be told as long as it does: while its alert is open it is one matter, also once somebody has seen it, and also where an
 * earlier process has told it.
 */
export class AlertRules {
  /** How each of those ended that are to come back by themselves. */
  private readonly falls = new Map<string, ExitCause>();
  /** Webhooks that are left alone. */
  private readonly paused = new Set<string>();

  constructor(private readonly alerts: Alerts) {}

  /**
   * What has happened while no core was there, or just before one died. `areAllKnown`: servers that are not among these
   * do not exist any more.
   */
  begin(servers: readonly Watched[], areAllKnown: boolean): void {
    for (const server of servers) {
      const { exit, pid } = server.view();
      if (pid === null) {
        this.gone(server.id);
        for (const rule of over.withoutProcess) this.alerts.resolve(rule, server.id);
      }
      const known = this.alerts.latest('crash', server.id)?.data.exitAt;
      if (exit !== null && exit.at !== known) this.crashed(server, { exit, players: null });
    }
    // Of an earlier process: where it is still so, it is told again.
    this.withinBudget();
    if (this.paused.size === 0) this.alerts.resolve('webhook-paused', monitor.id);
    if (!areAllKnown) return;
    // Alerts of the monitoring itself have their own end.
    const ids = new Set(['monitor', ...servers.map(({ id }) => id)]);
    for (const { server } of this.alerts.list()) if (!ids.has(server)) this.removed(server);
  }

  /** Its state, or something else that clients see, is another. */
  changed(server: Watched): void {
    const view = server.view();
    const { id, state, pid, restarts } = view;
    this.followRestart(view);
    // At the very beginning of a start that is none of the planned restarts: a person has taken over.
    if (state !== 'starting' || pid !== null || restarts.used > 0) return;
    for (const rule of over.byHand) {
      const alert = this.alerts.open(rule, id);
      if (alert === undefined) continue;
      this.alerts.acknowledge(alert.id);
      this.alerts.resolve(rule, id);
    }
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
    this.alerts.resolve('restarted', server.id);
    this.alerts.raise('gave-up', server.view(), { used, windowSeconds });
  }

  /** Told once each time that it stops responding, not as long as it does. */
  hung(server: Watched, reason: string | null): void {
    this.alerts.raise('hung', server.view(), { reason });
  }

  saveOverdue(server: Watched, { lastAt, intervalMs }: { lastAt: number | null; intervalMs: number | null }): void {
    this.lasts('save-overdue', server.view(), { lastAt, intervalMs });
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

  memoryIsLow(data: { readonly usedPercent: number }): void {
    this.lasts('low-memory', monitor, data);
  }

  memoryIsBack(): void {
    this.alerts.resolve('low-memory', monitor.id);
  }

  recovered(server: Watched): void {
    this.alerts.resolve('hung', server.id);
  }

  /** The game's interface has not answered for some time. since: Unix ms. */
  apiDegraded(server: Named, data: { via: string | null; is: 'silent' | 'refused'; since: number }): void {
    this.lasts('api-degraded', nameOf(server), data);
  }

  apiBack({ id }: Pick<Watched, 'id'>): void {
    this.alerts.resolve('api-degraded', id);
  }

  /** The game runs slower than usual. Ticks a second. */
  tickRateLow(server: Named, data: { rate: number | null; usual: number; players: number | null }): void {
    this.lasts('tick-rate-low', nameOf(server), data);
  }

  tickRateBack({ id }: Pick<Watched, 'id'>): void {
    this.alerts.resolve('tick-rate-low', id);
  }

  /** To be told of one server of a volume. It stays when the server ends: the volume is as full as before. */
  diskNearlyFull(server: Named, { freeBytes, totalBytes }: NonNullable<ServerView['disk']>): void {
    this.lasts('disk-nearly-full', nameOf(server), { freeBytes, totalBytes });
  }

  diskFree(id: string): void {
    this.alerts.resolve('disk-nearly-full', id);
  }

  /**
   * What it does is not as usual. isNews: it has just been found, is worse, or is something else than it seemed; else it is known
   * and goes on. What another alert tells already is not told twice, and a leak only where it matters soon.
   */
  anomaly(server: Named, rule: 'anomaly' | 'leak', data: Record<string, unknown>, isNews: boolean): void {
    const { kind, hoursLeft } = data;
    // It is found before the crash itself is told, which counts.
    if (kind === 'crash-loop') return;
    const isOpen = this.isOpen(rule, server.id);
    const covers = typeof kind === 'string' && Object.hasOwn(alike, kind) ? (alike[kind] ?? []) : [];
    if (!isOpen && covers.some((other) => this.isOpen(other, server.id))) return;
    const isSoon = rule !== 'leak' || (typeof hoursLeft === 'number' && hoursLeft <= this.alerts.leakHours);
    if (isOpen && !isNews) this.alerts.update(rule, server.id, data);
    else if (isOpen || isSoon) this.alerts.raise(rule, nameOf(server), data);
  }

  anomalyOver(id: string, rule: 'anomaly' | 'leak'): void {
    this.alerts.resolve(rule, id);
  }

  hostSaturated(data: { readonly percent: number; readonly minutes: number }): void {
    this.lasts('host-cpu-saturated', monitor, data);
  }

  hostRelaxed(): void {
    this.alerts.resolve('host-cpu-saturated', monitor.id);
  }

  /** The monitoring itself uses more than it may. */
  overBudget(data: { cpuPercent: number; memoryBytes: number; intervalMs: number }): void {
    const { cpuPercent, memoryBytes, intervalMs } = data;
    this.lasts('over-budget', monitor, { cpuPercent, memoryBytes, intervalMs });
  }

  withinBudget(): void {
    this.alerts.resolve('over-budget', monitor.id);
  }

  /** All that are paused are one matter; one more of them is news. detail: what it said; until: it is tried again, Unix ms. */
  webhookPaused(target: string, detail: string, until: number): void {
    this.paused.add(target);
    const named = this.alerts.open('webhook-paused', monitor.id)?.data.target;
    if (typeof named === 'string' && named.split(', ').includes(target)) return;
    this.alerts.raise('webhook-paused', monitor, { target: [...this.paused].join(', '), detail, until });
  }

  /** It works again, or is not to be told any more. */
  webhookResumed(target: string): void {
    this.paused.delete(target);
    if (this.paused.size === 0) this.alerts.resolve('webhook-paused', monitor.id);
  }

  removed(id: string): void {
    this.falls.delete(id);
    this.alerts.resolveAll(id);
  }

  /** Now and then, while servers run: those that have stayed up are back. */
  review(servers: readonly Watched[], now: number): void {
    for (const alert of this.alerts.allOpen(over.whenBack)) {
      const view = servers.find(({ id }) => id === alert.server)?.view();
      if (view?.state === 'running' && now - view.since >= backMs) this.alerts.resolve(alert.rule, alert.server);
    }
  }

  isOpen(rule: AlertRule, id: string): boolean {
    return this.alerts.open(rule, id) !== undefined;
  }

  /** All that are open of a rule. */
  openOf(rule: AlertRule): Alert[] {
    return this.alerts.allOpen(new Set([rule]));
  }

  /** Back by the restart policy: told when it runs, not when it is tried. A person who starts it meanwhile brings it back. */
  private followRestart(view: ServerView): void {
    const { id, state, pid, exit, restarts } = view;
    if (state === 'restarting') {
      this.falls.set(id, exit?.cause ?? 'unknown');
      return;
    }
    if (state === 'starting' && (pid !== null || restarts.used > 0)) return;
    const cause = this.falls.get(id);
    this.falls.delete(id);
    if (cause === undefined || state !== 'running') return;
    // After an end that was asked for it comes back only where that was asked for because it did not respond.
    const said = cause === 'asked' ? 'hung' : cause;
    // With a short window the attempt may not count any more.
    this.alerts.raise('restarted', view, { cause: said, attempt: Math.max(1, restarts.used), max: restarts.max });
  }

  private lasts(rule: AlertRule, of: { id: string; name: string }, data: Record<string, unknown>): void {
    if (!this.isOpen(rule, of.id)) this.alerts.raise(rule, of, data);
  }

  /** What was wrong with its process went with it. */
  private gone(id: string): void {
    for (const rule of over.withProcess) this.alerts.resolve(rule, id);
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

function nameOf({ id, definition }: Named): { id: string; name: string } {
  return { id, name: definition.name };
}
