import type { Alert, AlertRule } from '../../shared/contract.js';
import { maintenanceUntil, severityIn, type AlertPolicy } from './policy.js';
import { quietUntil } from './quietHours.js';

/** times: how often it has happened since it was told last. until: Unix ms. */
export type Decision =
  | { readonly what: 'tell'; readonly reason: 'new' | 'again' | 'worse' | 'over'; readonly times: number }
  | { readonly what: 'hold'; readonly reason: 'quiet-hours' | 'cooldown'; readonly until: number }
  | { readonly what: 'not'; readonly reason: Refusal };

/** seen: somebody has; told: it was, as it is now; untold: it is over, and nobody has heard of it. */
type Refusal = 'disabled' | 'muted' | 'maintenance' | 'cooldown' | 'seen' | 'told' | 'untold';

/** What was held, as it is now. */
interface HeldAlert {
  readonly alert: Alert;
  readonly times: number;
}

export interface Summary {
  /** When the first of them was held. */
  readonly from: number;
  readonly alerts: readonly HeldAlert[];
  /** How many more there were than could be held. */
  readonly dropped: number;
}

interface Told {
  readonly id: string;
  readonly at: number;
  readonly count: number;
  readonly severity: Alert['severity'];
  readonly step: number;
  readonly isOver: boolean;
}

interface Held {
  readonly alert: Alert;
  readonly reason: 'quiet-hours' | 'cooldown';
  readonly since: number;
  readonly until: number;
}

/** Plain data: what has to outlive the core, so that nothing is told twice and nothing that was held is lost. */
export interface AttentionState {
  /** By rule and server. */
  readonly told: readonly (readonly [string, Told])[];
  /** By the id of the alert. */
  readonly held: readonly (readonly [string, Held])[];
  readonly dropped: number;
}

/** What has happened, and does not last: that it is over is nothing to tell. */
const moments: ReadonlySet<AlertRule> = new Set(['restarted']);
const mostTold = 500;
const mostHeld = 200;

/** Who hears of an alert, and when. To be asked once for each change of each alert, and now and then for what was held. */
export class Attention {
  private readonly told: Map<string, Told>;
  private readonly held: Map<string, Held>;
  private dropped: number;

  constructor({ told, held, dropped }: AttentionState = { told: [], held: [], dropped: 0 }) {
    this.told = new Map(told);
    this.held = new Map(held);
    this.dropped = dropped;
  }

  get state(): AttentionState {
    return { told: [...this.told], held: [...this.held], dropped: this.dropped };
  }

  decide(alert: Alert, policy: AlertPolicy, now: number): Decision {
    const refusal = refusalOf(alert, policy, now);
    if (refusal === null)
      return alert.state === 'resolved' ? this.over(alert, policy, now) : this.active(alert, policy, now);
    this.held.delete(alert.id);
    if (refusal === 'seen') this.forgetCooldown(alert);
    return { what: 'not', reason: refusal };
  }

  /** Other rules hold now: what nobody has heard of yet, or what is worse by them. Nothing has happened again. */
  review(alert: Alert, policy: AlertPolicy, now: number): Decision {
    const isKnown = this.toldOf(alert) !== undefined && !this.isWorse(alert, policy);
    return isKnown ? { what: 'not', reason: 'told' } : this.decide(alert, policy, now);
  }

  /** Something waits to be told. */
  get isHolding(): boolean {
    return this.held.size > 0;
  }

  /** What was held and may be told now, all at once; null where there is none. */
  due(policy: AlertPolicy, now: number): Summary | null {
    const all: (HeldAlert & { since: number })[] = [];
    for (const [id, { alert, reason, since, until }] of this.held) {
      const isRefused = refusalOf(alert, policy, now) !== null;
      // Quiet hours may have been set differently since.
      if (!isRefused && (quietFor(alert, policy, now) !== null || (reason === 'cooldown' && now < until))) continue;
      this.held.delete(id);
      if (isRefused) continue;
      all.push({ alert, since, times: this.timesOf(alert) });
      this.note(alert, policy, now);
    }
    if (all.length === 0) return null;
    const { dropped } = this;
    this.dropped = 0;
    const from = Math.min(...all.map(({ since }) => since));
    return { from, alerts: all.map(({ alert, times }) => ({ alert, times })), dropped };
  }

  private active(alert: Alert, policy: AlertPolicy, now: number): Decision {
    const last = this.told.get(keyOf(alert));
    const same = this.toldOf(alert);
    const isWorse = this.isWorse(alert, policy);
    if (same !== undefined && alert.count <= same.count && !isWorse) return { what: 'not', reason: 'told' };
    const quiet = quietFor(alert, policy, now);
    if (quiet !== null) return this.hold(alert, 'quiet-hours', now, quiet);
    const until = (last?.at ?? 0) + policy.rules[alert.rule].cooldownSeconds * 1000;
    // After a clock was set back, a time that is to come says nothing.
    if (last !== undefined && last.at <= now && now < until && !isWorse) {
      // A new matter that lasts is told later: nobody has heard of it.
      return same === undefined ? this.hold(alert, 'cooldown', now, until) : { what: 'not', reason: 'cooldown' };
    }
    const times = this.timesOf(alert);
    this.note(alert, policy, now);
    return { what: 'tell', reason: same === undefined ? 'new' : isWorse ? 'worse' : 'again', times };
  }

  /** Who has heard of it hears that it is over. */
  private over(alert: Alert, policy: AlertPolicy, now: number): Decision {
    const held = this.held.get(alert.id);
    const isKnown = this.toldOf(alert) !== undefined;
    if (moments.has(alert.rule)) {
      // It is told in the morning as it was.
      if (held?.reason === 'quiet-hours') return { what: 'hold', reason: held.reason, until: held.until };
      this.held.delete(alert.id);
      return { what: 'not', reason: isKnown ? 'told' : 'untold' };
    }
    const quiet = quietFor(alert, policy, now);
    if (quiet !== null && (isKnown || held?.reason === 'quiet-hours'))
      return this.hold(alert, 'quiet-hours', now, quiet);
    if (held?.reason === 'quiet-hours') return this.hold(alert, 'quiet-hours', now, now);
    this.held.delete(alert.id);
    if (!isKnown) return { what: 'not', reason: 'untold' };
    const times = this.timesOf(alert);
    this.note(alert, policy, now);
    return { what: 'tell', reason: 'over', times };
  }

  private hold(alert: Alert, reason: Held['reason'], now: number, until: number): Decision {
    this.held.set(alert.id, { alert, reason, since: this.held.get(alert.id)?.since ?? now, until });
    if (this.held.size > mostHeld) {
      const all = [...this.held];
      const leastBad = all.find(([, one]) => one.alert.severity === 'warning') ?? all[0];
      if (leastBad !== undefined) this.held.delete(leastBad[0]);
      this.dropped++;
    }
    return { what: 'hold', reason, until };
  }

  private note(alert: Alert, policy: AlertPolicy, now: number): void {
    const { id, count, escalation, state } = alert;
    const key = keyOf(alert);
    this.held.delete(id);
    // That it is over is not told too often: what begins counts.
    const at = state === 'resolved' ? (this.told.get(key)?.at ?? now) : now;
    // The newest stands last.
    this.told.delete(key);
    const told = { id, count, at, severity: severityIn(policy, alert), step: escalation?.step ?? 0 };
    this.told.set(key, { ...told, isOver: state === 'resolved' });
    const [oldest] = this.told.keys();
    if (this.told.size > mostTold && oldest !== undefined) this.told.delete(oldest);
  }

  /** Than what was told of that rule and server last. */
  private isWorse(alert: Alert, policy: AlertPolicy): boolean {
    const last = this.told.get(keyOf(alert));
    return last !== undefined && rankOf(alert, policy) > (last.severity === 'error' ? 1 : 0) + last.step;
  }

  /** Whoever has seen it is told of the next time at once: it is not the same again and again. */
  private forgetCooldown(alert: Alert): void {
    const key = keyOf(alert);
    const told = this.told.get(key);
    if (told !== undefined) this.told.set(key, { ...told, at: 0 });
  }

  private timesOf(alert: Alert): number {
    return alert.count - (this.toldOf(alert)?.count ?? 0);
  }

  /** This very matter, where it was told and not that it is over. */
  private toldOf(alert: Alert): Told | undefined {
    const told = this.told.get(keyOf(alert));
    return told?.id === alert.id && !told.isOver ? told : undefined;
  }
}

function refusalOf({ rule, server, state }: Alert, policy: AlertPolicy, now: number): Refusal | null {
  if (!policy.rules[rule].enabled) return 'disabled';
  if (state === 'muted') return 'muted';
  if (maintenanceUntil(policy, server, now) !== null) return 'maintenance';
  return state === 'acknowledged' ? 'seen' : null;
}

/** Until when it is kept back. */
function quietFor(alert: Alert, policy: AlertPolicy, now: number): number | null {
  const { quietHours } = policy;
  if (severityIn(policy, alert) === 'error' && quietHours?.tellErrors !== false) return null;
  return quietUntil(quietHours, now);
}

/** An error is worse than a warning, and each step makes it worse. */
function rankOf(alert: Alert, policy: AlertPolicy): number {
  return (severityIn(policy, alert) === 'error' ? 1 : 0) + (alert.escalation?.step ?? 0);
}

function keyOf({ rule, server }: Alert): string {
  return `${rule} ${server}`;
}
