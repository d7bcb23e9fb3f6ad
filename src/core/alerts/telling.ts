import type { Alert } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import type { Log } from '../ports.js';
import type { Alerts } from './alerts.js';
import type { Attention, Decision } from './attention.js';
import { escalationStep } from './escalation.js';
import { severityIn, type AlertPolicy } from './policy.js';

/** Why somebody is told now. times: how often it has happened since it was told last. held: it had to wait. */
export interface Told {
  readonly reason: 'new' | 'again' | 'worse' | 'over' | 'held';
  readonly times: number;
}

export interface TellingParts {
  readonly alerts: Pick<Alerts, 'all' | 'list' | 'claim' | 'escalate' | 'unmuteDue' | 'followPolicy'>;
  readonly attention: Attention;
  readonly log: Log;
  policy(this: void): AlertPolicy;
  /** To whoever is told outside of windows. */
  tell(this: void, alert: Alert, how: Told): void;
  /** What has been told and what waits is another. */
  changed(this: void): void;
  now?(this: void): number;
}

/** A window that asks later than this has not seen it happen. */
const claimMs = 10_000;

/** Tells people of alerts, each where and when it may be told. Whatever fails here is logged and goes no further. */
export class Telling {
  /** By id since when a window may show an alert that no window has taken yet; the oldest first. */
  private readonly open = new Map<string, number>();
  private readonly now: () => number;

  constructor(private readonly parts: TellingParts) {
    this.now = parts.now ?? Date.now;
  }

  /** An alert is new or different. */
  changed(alert: Alert): void {
    this.guarded('a change', () => {
      this.act(alert, this.parts.attention.decide(alert, this.parts.policy(), this.now()));
    });
  }

  /** Other settings hold, or somebody has stopped working on a server: who has to be told after all? */
  review(): void {
    const { alerts, attention, policy } = this.parts;
    this.guarded('a review', () => {
      alerts.followPolicy();
    });
    this.guarded('a review', () => {
      for (const alert of alerts.list()) {
        if (alert.state === 'active') this.act(alert, attention.review(alert, policy(), this.now()));
      }
    });
  }

  /** To be called now and then: what nobody has looked at, what was muted until now, and what was held. */
  look(): void {
    const { alerts, policy } = this.parts;
    this.guarded('mutes', () => {
      alerts.unmuteDue();
    });
    this.guarded('escalation', () => {
      for (const alert of alerts.list()) {
        const step = escalationStep(alert, policy(), this.now());
        if (step !== null) alerts.escalate(alert.id, step);
      }
    });
    this.guarded('what was held', () => {
      this.tellHeld();
    });
  }

  /** look() may find something sooner or later, without anything happening before. */
  get isWaiting(): boolean {
    const { alerts, attention, policy } = this.parts;
    if (attention.isHolding) return true;
    const escalates = policy().escalateAfterMinutes > 0;
    for (const { state, mutedUntil } of alerts.all()) {
      if (state === 'active' ? escalates : state === 'muted' && typeof mutedUntil === 'number') return true;
    }
    return false;
  }

  /** True for the one window that shows it, where it may be told now. */
  claim(id: string): boolean {
    const since = this.open.get(id);
    if (since === undefined || this.now() - since > claimMs || !this.parts.alerts.claim(id)) return false;
    this.open.delete(id);
    return true;
  }

  private tellHeld(): void {
    const { attention, log, policy } = this.parts;
    const summary = attention.due(policy(), this.now());
    if (summary === null) return;
    this.parts.changed();
    const { alerts, dropped } = summary;
    if (dropped > 0) log.write('warn', 'alerts', 'more had to wait than there was room for', { dropped });
    const isError = (alert: Alert): number => (severityIn(policy(), alert) === 'error' ? 0 : 1);
    for (const { alert, times } of [...alerts].sort((a, b) => isError(a.alert) - isError(b.alert))) {
      this.tell(alert, { reason: 'held', times });
    }
  }

  private act(alert: Alert, decision: Decision): void {
    this.parts.changed();
    if (decision.what === 'tell') {
      this.offer(alert);
      this.tell(alert, decision);
      return;
    }
    // Within its cooldown the window that was told first may still be about to show it.
    if (decision.reason !== 'cooldown' && decision.reason !== 'told') this.open.delete(alert.id);
  }

  /** To the windows: the first that takes it shows it. */
  private offer({ id, state }: Alert): void {
    const now = this.now();
    this.open.delete(id);
    if (state === 'active') this.open.set(id, now);
    for (const [old, since] of this.open) if (now - since > claimMs) this.open.delete(old);
  }

  private tell(alert: Alert, { reason, times }: Told): void {
    // The webhook in question would be told last of all.
    if (alert.rule === 'webhook-paused') return;
    this.guarded('webhooks', () => {
      this.parts.tell(alert, { reason, times });
    });
  }

  private guarded(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.parts.log.write('error', 'alerts', 'telling failed', { what, error: messageOf(error) });
    }
  }
}
