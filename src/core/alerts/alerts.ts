import { randomBytes } from 'node:crypto';
import type { Alert, AlertRule, ServerId } from '../../shared/contract.js';
import type { Disposable } from '../ports.js';
import { severityIn, type AlertPolicy } from './policy.js';

/** Where alerts outlive the core. */
export interface AlertKeeper extends Disposable {
  read(): Alert[];
  /** They are different now; asked for them when it is time to write. */
  keep(alerts: () => readonly Alert[]): void;
}

export interface AlertsParts {
  readonly keeper: AlertKeeper;
  /** One is new or different. Never throws. */
  changed(alert: Alert): void;
  /** What is in force now. Where it is missing every rule is on, with its own severity. */
  policy?(this: void): AlertPolicy;
  now?(this: void): number;
}

interface Judged extends Pick<Alert, 'rule' | 'data'> {
  readonly escalation?: Alert['escalation'] | undefined;
}

/** More than anybody reads, and few enough to be written as a whole. */
const maxAlerts = 200;
/** Who comes later than this after it happened has not seen it happen: it looks at the list, nothing pops up. */
const claimMs = 10_000;

/** What people have to be told, once per matter: what happens again while it is open counts on. */
export class Alerts implements Disposable {
  private readonly alerts: Map<string, Alert>;
  /** The time of each alert that a window has taken on itself to show: its count and its step. */
  private readonly claims = new Map<string, string>();
  private readonly now: () => number;

  constructor(private readonly parts: AlertsParts) {
    this.now = parts.now ?? Date.now;
    this.alerts = new Map(parts.keeper.read().map((alert) => [alert.id, alert]));
    this.trim();
  }

  /** Active ones first, then acknowledged, then muted, then resolved ones; the newest first among each. */
  list(): Alert[] {
    return [...this.alerts.values()].sort((a, b) => rank[a.state] - rank[b.state] || b.lastAt - a.lastAt);
  }

  /** In no order: for what is looked at with each change. */
  all(): Iterable<Alert> {
    return this.alerts.values();
  }

  activeOf(server: ServerId): number {
    return this.of(server).filter(({ state }) => state === 'active').length;
  }

  /** The one that is not resolved yet. */
  open(rule: AlertRule, server: ServerId): Alert | undefined {
    return this.of(server).find((alert) => alert.rule === rule && alert.state !== 'resolved');
  }

  /** All that are not resolved yet, of these rules. */
  allOpen(rules: ReadonlySet<AlertRule>): Alert[] {
    const open: Alert[] = [];
    for (const alert of this.alerts.values()) if (alert.state !== 'resolved' && rules.has(alert.rule)) open.push(alert);
    return open;
  }

  /** The latest one, resolved or not. */
  latest(rule: AlertRule, server: ServerId): Alert | undefined {
    return this.of(server)
      .filter((alert) => alert.rule === rule)
      .sort((a, b) => b.lastAt - a.lastAt)[0];
  }

  /** Nothing where the rule is switched off. */
  raise(rule: AlertRule, server: { id: ServerId; name: string }, data: Record<string, unknown>): void {
    if (!this.isOn(rule)) return;
    const now = this.now();
    const before = this.open(rule, server.id);
    const mutedUntil = this.takeMute(before ?? this.latest(rule, server.id), now);
    const escalation = before?.state === 'active' ? before.escalation : undefined;
    this.put({
      id: before?.id ?? randomBytes(8).toString('hex'),
      rule,
      server: server.id,
      serverName: server.name,
      severity: this.severityOf({ rule, data, escalation }),
      firstAt: before?.firstAt ?? now,
      // A clock that was set back must not turn the order round.
      lastAt: Math.max(now, before?.lastAt ?? now),
      count: (before?.count ?? 0) + 1,
      ...(mutedUntil === undefined
        ? { state: 'active', activeSince: activeSince(before) ?? now }
        : { state: 'muted', mutedUntil }),
      ...(escalation === undefined ? {} : { escalation }),
      data,
    });
  }

  /** How it goes on, of one that is open: nothing has happened again. */
  update(rule: AlertRule, server: ServerId, data: Record<string, unknown>): void {
    const alert = this.open(rule, server);
    if (alert === undefined) return;
    const severity = this.severityOf({ rule, data, escalation: alert.escalation });
    this.put({ ...alert, severity, data });
  }

  /** Hours until the memory ends from which on a leak matters. */
  get leakHours(): number {
    return this.parts.policy?.().rules.leak.hoursLeft ?? Infinity;
  }

  /** The matter is over by itself. */
  resolve(rule: AlertRule, server: ServerId): void {
    const alert = this.open(rule, server);
    if (alert !== undefined) this.put({ ...resting(alert), state: 'resolved' });
  }

  resolveAll(server: ServerId): void {
    for (const { rule } of this.of(server)) this.resolve(rule, server);
    // It does not come back, so nothing has to stay muted.
    for (const alert of this.of(server)) if (alert.mutedUntil !== undefined) this.alerts.set(alert.id, unmuted(alert));
  }

  /** Somebody has seen it. One that is not active, or not there any more, is as it should be. */
  acknowledge(id: string): void {
    const alert = this.alerts.get(id);
    if (alert?.state === 'active') this.put({ ...resting(alert), state: 'acknowledged' });
  }

  /**
   * Nobody wants to hear of it until then (Unix ms; null: for good), also where it is over and comes back. It counts on. One
   * that is over or not there any more is as it should be.
   */
  mute(id: string, until: number | null): void {
    const alert = this.alerts.get(id);
    if (alert === undefined || alert.state === 'resolved' || (until !== null && until <= this.now())) return;
    this.put({ ...resting(alert), state: 'muted', mutedUntil: until });
  }

  /** It waits for a person again; one that is over does not come back muted. */
  unmute(id: string): void {
    const alert = this.alerts.get(id);
    if (alert?.mutedUntil === undefined) return;
    const heard = unmuted(alert);
    this.put(alert.state === 'muted' ? { ...heard, state: 'active', activeSince: this.now() } : heard);
  }

  /** To be called now and then: what was muted until now. */
  unmuteDue(): void {
    const now = this.now();
    for (const { id, state, mutedUntil } of this.list()) {
      if (state === 'muted' && typeof mutedUntil === 'number' && mutedUntil <= now) this.unmute(id);
    }
  }

  /** Nobody has looked: it is an error from now on. One that is not active has been seen; each step comes once. */
  escalate(id: string, step: number): void {
    const alert = this.alerts.get(id);
    if (alert?.state !== 'active' || step <= (alert.escalation?.step ?? 0)) return;
    const escalation = { step, at: this.now() };
    this.put({ ...alert, severity: 'error', escalation });
  }

  /** Rules are switched off, or are of another severity than before: what is open is over, what waits follows. */
  followPolicy(): void {
    for (const alert of this.list()) {
      const { rule, server, state } = alert;
      if (state === 'resolved') continue;
      const severity = this.severityOf(alert);
      if (!this.isOn(rule)) this.resolve(rule, server);
      else if (state === 'active' && severity !== alert.severity) this.put({ ...alert, severity });
    }
  }

  /**
   * True for the first who asks, once each time that it happens or gets worse: one window shows it, also when an earlier one
   * is gone.
   */
  claim(id: string): boolean {
    const alert = this.alerts.get(id);
    if (alert?.state !== 'active') return false;
    const { lastAt, count, escalation = { step: 0, at: 0 } } = alert;
    const time = `${String(count)} ${String(escalation.step)}`;
    if (this.now() - Math.max(lastAt, escalation.at) > claimMs || this.claims.get(id) === time) return false;
    this.claims.set(id, time);
    return true;
  }

  dispose(): void {
    this.parts.keeper.dispose();
  }

  private isOn(rule: AlertRule): boolean {
    return this.parts.policy?.().rules[rule].enabled ?? true;
  }

  private severityOf({ rule, data, escalation }: Judged): Alert['severity'] {
    const severity = usualSeverity(rule, data);
    const policy = this.parts.policy?.();
    if (policy !== undefined) return severityIn(policy, { rule, severity, escalation });
    return escalation === undefined ? severity : 'error';
  }

  private of(server: ServerId): Alert[] {
    return [...this.alerts.values()].filter((alert) => alert.server === server);
  }

  /** Until when it stays muted, if it does. The mute goes over to what comes back. */
  private takeMute(alert: Alert | undefined, now: number): number | null | undefined {
    if (alert?.mutedUntil === undefined) return undefined;
    if (alert.state === 'resolved') this.alerts.set(alert.id, unmuted(alert));
    return alert.mutedUntil === null || now < alert.mutedUntil ? alert.mutedUntil : undefined;
  }

  private put(alert: Alert): void {
    this.alerts.set(alert.id, alert);
    this.trim();
    this.parts.keeper.keep(() => this.list());
    this.parts.changed(alert);
  }

  /** What is over goes before what is open, and before what must not be heard of when it comes back. */
  private trim(): void {
    if (this.alerts.size <= maxAlerts) return;
    const goesLate = ({ state, mutedUntil }: Alert): number =>
      state !== 'resolved' || mutedUntil !== undefined ? 0 : 1;
    for (const { id } of this.list()
      .sort((a, b) => goesLate(a) - goesLate(b))
      .slice(maxAlerts)) {
      this.alerts.delete(id);
      this.claims.delete(id);
    }
  }
}

const rank: Record<Alert['state'], number> = { active: 0, acknowledged: 1, muted: 2, resolved: 3 };

/** Of one that is active; an earlier version has not kept it. */
function activeSince(alert: Alert | undefined): number | undefined {
  return alert?.state === 'active' ? (alert.activeSince ?? alert.lastAt) : undefined;
}

/** Without what is told of one that waits for a person. */
function resting({ activeSince: _since, escalation: _escalation, ...alert }: Alert): Alert {
  return alert;
}

function unmuted({ mutedUntil: _until, ...alert }: Alert): Alert {
  return alert;
}

/** What mends itself, or may, is a warning; what waits for a person is an error. */
function usualSeverity(rule: AlertRule, data: Record<string, unknown>): Alert['severity'] {
  switch (rule) {
    case 'crash':
      return data.restarts === true ? 'warning' : 'error';
    case 'anomaly':
    case 'leak':
      return data.severity === 'error' ? 'error' : 'warning';
    case 'hung':
    case 'save-overdue':
    case 'low-memory':
    case 'restarted':
    case 'api-degraded':
    case 'tick-rate-low':
    case 'disk-nearly-full':
    case 'host-cpu-saturated':
    case 'over-budget':
    case 'webhook-paused':
      return 'warning';
    case 'save-failed':
    case 'gave-up':
    case 'stop-timeout':
    case 'history-stopped':
    case 'history-damaged':
      return 'error';
  }
}
