import { randomBytes } from 'node:crypto';
import type { Alert, AlertRule, ServerId } from '../../../shared/contract.js';
import type { Language } from '../../../shared/values.js';

/** raised: nobody was told of it before. again: it counts on. test: a person tries the target, there is no alert. */
export type MessageKind = 'raised' | 'again' | 'resolved' | 'test';

/** Why an alert is told. times: how often it has happened since it was told last; held: through the quiet hours. */
export interface Telling {
  readonly reason: 'new' | 'again' | 'worse' | 'over' | 'held';
  readonly times: number;
}

/** What a person reads, already in their language, without any markup. */
export interface Wording {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** What is to be told, whoever it is told to. Times are Unix milliseconds. */
export interface Message extends Wording {
  /** Of this message, not of its alert: a receiver that gets it twice knows it by this. */
  readonly id: string;
  readonly at: number;
  readonly kind: MessageKind;
  readonly alert: {
    readonly id: string;
    readonly rule: AlertRule | 'test';
    readonly severity: Alert['severity'];
    readonly server: ServerId;
    readonly serverName: string;
    readonly count: number;
    readonly firstAt: number;
    readonly lastAt: number;
  };
}

/** Messages that never came: given up for want of room or because they were refused; and sent, but nobody knows whether they arrived. */
export interface Missed {
  readonly dropped: number;
  readonly uncertain: number;
}

/** What goes out in one request. */
export interface Batch {
  readonly messages: readonly Message[];
  readonly missed: Missed;
}

/** null where there is nothing to tell: somebody has seen it, or wants to hear nothing of it. */
export function kindOf({ state, count }: Alert, { reason, times }: Telling): Exclude<MessageKind, 'test'> | null {
  if (state === 'acknowledged' || state === 'muted') return null;
  if (state === 'resolved') return 'resolved';
  return reason === 'new' || (reason === 'held' && times >= count) ? 'raised' : 'again';
}

export function messageOf(alert: Alert, kind: MessageKind, at: number, wording: Wording): Message {
  const { id, rule, severity, server, serverName, count, firstAt, lastAt } = alert;
  const of = { id, rule, severity, server, serverName, count, firstAt, lastAt };
  return { id: newId(), at, kind, alert: of, ...wording };
}

export function testMessage(at: number, wording: Wording): Message {
  const id = newId();
  const of = { server: 'monitor', serverName: '', count: 1, firstAt: at, lastAt: at };
  return { id, at, kind: 'test', alert: { id, rule: 'test', severity: 'warning', ...of }, ...wording };
}

/** The higher, the more it matters that it is told. That something is over matters less than that it began. */
export function weightOf({ kind, alert }: Message): number {
  // A person is waiting for it.
  if (kind === 'test') return 4;
  return (alert.severity === 'error' ? 2 : 0) + (kind === 'resolved' ? 0 : 1);
}

/**
 * One message in place of two about the same alert, of which the earlier has not been told. Its count and its words are the
 * later one's. What began and is over before anybody heard of it is told once, as over, with both its times.
 */
export function mergedOf(earlier: Message, later: Message): Message {
  return later.kind === 'again' && earlier.kind === 'raised' ? { ...later, kind: 'raised' } : later;
}

function newId(): string {
  return randomBytes(8).toString('hex');
}
