import type { Alert, Definition, DefinitionProblem, ExitCause, ServerView } from '../../shared/contract.js';
import type { EventKind, StartedBy, StopWish } from '../../shared/events.js';
import type { EventSink, Happening } from '../ports.js';
import { changedKeys, DefinitionWatch } from './changes.js';
import { plainText } from './plainText.js';

const longestName = 64;
const longestReason = 200;

type Exit = NonNullable<ServerView['exit']>;

/** A process, as far as events tell of it. */
interface Running {
  readonly priorityRefused?: true;
  readonly pid: number;
  readonly startedAt: number;
  readonly isOurs: boolean;
}

/** Where a server is in its life. */
interface State {
  readonly at: ServerView['state'];
  readonly process?: Running | null;
  readonly exit?: Exit | null;
}

/** What has brought it there. */
interface Step {
  readonly is: string;
  readonly by?: StartedBy | undefined;
  readonly wish?: StopWish;
  readonly isReady?: boolean;
  readonly reason?: string;
  readonly nextAt?: number;
  readonly isKnown?: boolean;
}

/** A server, as far as events tell of it. */
interface Told {
  readonly id: string;
  readonly state: State;
  readonly lines: { leaving(at: number): readonly Happening[] };
  view(): Pick<ServerView, 'restarts'>;
}

interface EndReport {
  readonly exit: Exit;
  readonly process: Running;
  readonly players: readonly string[] | null;
  /** Who leaves with it by the game's own word, beside those that its lines tell of. */
  readonly leaving: readonly Happening[];
}

/** What an earlier core has noted of a start. since: of the state that it was in. */
interface Noted {
  readonly startedAt: number;
  readonly since: number;
}

interface EventRecorderParts {
  readonly sink: EventSink;
  /** Alerts and settings as they are: only what changes from here on is told. */
  readonly alerts: readonly Alert[];
  readonly settings: Readonly<Record<string, unknown>>;
  now?(this: void): number;
}

/**
 * Makes events of what happens: told what servers, alerts, settings and definitions tell. What an earlier core has told is
 * not told again. No method throws.
 */
export class EventRecorder {
  private readonly now: () => number;
  private readonly startedAt: number;
  /** How each open alert was last told. */
  private readonly alerts: Map<string, string>;
  private settings: Readonly<Record<string, unknown>>;
  private readonly definitions = new DefinitionWatch();

  constructor(private readonly parts: EventRecorderParts) {
    this.now = parts.now ?? Date.now;
    this.startedAt = this.now();
    this.alerts = new Map(parts.alerts.map((alert) => [alert.id, standingOf(alert)]));
    this.settings = parts.settings;
  }

  monitoringStarted(version: string, pid: number): void {
    this.tell('monitor', 'monitoring-started', { version, pid });
  }

  monitoringEnded(): void {
    this.tell('monitor', 'monitoring-ended', { uptimeMs: Math.max(0, this.now() - this.startedAt) });
  }

  /** A step of a server's life. Its end is told by `ended`, which knows more of it. */
  stepped(server: Told, before: State, step: Step): void {
    const { id, state } = server;
    const running = state.process ?? null;
    if (step.is === 'spawned' && running !== null && step.by !== undefined) {
      const refused = running.priorityRefused ? { priority: 'refused' } : {};
      this.tell(id, 'started', { pid: running.pid, by: step.by, ...refused });
    } else if (step.is === 'spawnFailed' && state.exit?.cause === 'start-failed') {
      this.tell(id, 'start-failed', { cause: 'start-failed', code: null, signal: null, reason: step.reason ?? null });
    } else if (step.is === 'up' && step.isReady === true && running?.isOurs === true) {
      this.tell(id, 'ready', { tookMs: Math.max(0, this.now() - running.startedAt) });
    } else if (step.is === 'stopAsked') {
      this.stopAsked(id, before, step.wish);
    } else if (step.is === 'stopCancelled') {
      this.tell(id, 'called-off', { what: 'stop' });
    } else if (step.is === 'restartPlanned' && step.isKnown !== true) {
      const { used, max, nextAt } = server.view().restarts;
      this.tell(id, 'restarting', { attempt: used + 1, max, nextAt });
    } else if (step.is === 'hostTook' && before.at === 'restarting') {
      this.tell(id, 'called-off', { what: 'restart' });
    }
  }

  happened({ id }: Pick<Told, 'id'>, what: Happening): void {
    if (what.is === 'joined') this.player(id, 'player-joined', what, {});
    else if (what.is === 'left') this.player(id, 'player-left', what, { playedMs: what.playedMs });
    else if (what.is === 'saveBegun') this.tell(id, 'save-begun', {}, what.at);
    else if (what.is === 'saved') this.tell(id, 'saved', { tookMs: what.tookMs }, what.at);
    else this.tell(id, 'save-failed', { reason: plainText(what.reason, longestReason) }, what.at);
  }

  /** Who was on has left with it. */
  ended(server: Told, { exit, process, players, leaving }: EndReport): void {
    for (const what of [...server.lines.leaving(exit.at), ...leaving]) {
      if (what.is === 'left') this.player(server.id, 'player-left', what, { playedMs: what.playedMs, byEnd: true });
    }
    this.end(server.id, exit, { uptimeMs: Math.max(0, exit.at - process.startedAt) }, players?.length ?? null, exit.at);
  }

  /** When it ended is known where the launcher has noted it; else it is told as of now, with nothing said of its time. */
  endedUnseen({ id }: Pick<Told, 'id'>, exit: Exit, { startedAt, since }: Noted): void {
    const isKnown = exit.at > since;
    const uptimeMs = isKnown ? Math.max(0, exit.at - startedAt) : null;
    this.end(id, exit, { uptimeMs, unseen: true }, null, isKnown ? exit.at : this.now());
  }

  gaveUp({ id }: Pick<Told, 'id'>, used: number, windowSeconds: number): void {
    this.tell(id, 'gave-up', { used, windowSeconds });
  }

  stopTimedOut({ id }: Pick<Told, 'id'>, graceSeconds: number): void {
    this.tell(id, 'stop-timeout', { graceSeconds });
  }

  hung({ id }: Pick<Told, 'id'>, signs: readonly string[]): void {
    this.tell(id, 'not-responding', { reason: signs.join(' ') });
  }

  recovered({ id }: Pick<Told, 'id'>): void {
    this.tell(id, 'responding', {});
  }

  /** Only where it stands otherwise than before: what it counts is told by itself, each time that it happens. */
  alertChanged(alert: Alert): void {
    const { id, rule, server, severity, state, count } = alert;
    const standing = standingOf(alert);
    if (this.alerts.get(id) === standing) return;
    if (state === 'resolved') this.alerts.delete(id);
    else this.alerts.set(id, standing);
    this.tell(server, 'alert', { alert: id, rule, severity, state, count });
  }

  /** What the monitoring costs is more than it may, or no longer. */
  budgetChanged(
    change: Readonly<Record<'cpuPercent' | 'memoryBytes' | 'intervalMs', number>> & { state: string },
  ): void {
    this.tell('monitor', 'budget', { ...change });
  }

  incidentRecorded(id: string, { at, cause }: Pick<Exit, 'at' | 'cause'>): void {
    this.tell(id, 'incident', { at, cause });
  }

  /** A window sends its settings whenever it opens: only what is different then is told. */
  settingsChanged(settings: Readonly<Record<string, unknown>>): void {
    const keys = changedKeys(this.settings, settings);
    this.settings = settings;
    if (keys.length > 0) this.tell('monitor', 'settings', { keys });
  }

  /** The definitions as they are now. The first time tells nothing. */
  defined(definitions: readonly Definition[], problems: readonly DefinitionProblem[]): void {
    for (const { is, id, name, keys } of this.definitions.look(definitions, problems)) {
      const told = plainText(name, longestName);
      this.tell(id, is, is === 'changed' ? { name: told, keys } : { name: told });
    }
  }

  private stopAsked(id: string, before: State, wish: StopWish | undefined): void {
    if (before.at === 'restarting') this.tell(id, 'called-off', { what: 'restart' });
    // It stops already, and the PC has become one more reason for it; or an earlier core has told it.
    else if (before.at !== 'stopping' && wish !== undefined) {
      const reason = wish.reason === null ? null : plainText(wish.reason, longestReason);
      this.tell(id, 'stopping', { ...wish, reason: reason === '' ? null : reason });
    }
  }

  private end(id: string, exit: Exit, times: object, players: number | null, at: number): void {
    const { cause, code, signal } = exit;
    const how = { cause, code, signal };
    if (cause === 'start-failed') {
      const unseen = 'unseen' in times ? { unseen: true } : {};
      this.tell(id, 'start-failed', { ...how, reason: null, ...unseen }, at);
    } else if (orderly.has(cause)) this.tell(id, 'stopped', { ...how, ...times }, at);
    else this.tell(id, 'crashed', { ...how, ...times, players }, at);
  }

  private player(id: string, kind: EventKind, { name, at }: { name: string; at: number }, data: object): void {
    const plain = plainText(name, longestName);
    if (plain !== '') this.tell(id, kind, { name: plain, ...data }, at);
  }

  /** at: never later than now, also where the clock was set back since. */
  private tell(id: string, kind: EventKind, data: Readonly<Record<string, unknown>>, at = this.now()): void {
    this.parts.sink.add({ at: Math.min(at, this.now()), id, kind, data });
  }
}

const orderly = new Set<ExitCause>(['asked', 'stopped-from-inside', 'host-restart']);

function standingOf({ state, severity }: Alert): string {
  return `${state} ${severity}`;
}
