import type { Alert, ServerId, ServerView, WebhookStatus } from '../../../shared/contract.js';
import { Failure, messageOf as textOf } from '../../../shared/failure.js';
import { alertsId } from '../../../shared/secrets.js';
import type { Language } from '../../../shared/values.js';
import type { Log } from '../../ports.js';
import type { Letter } from './attempt.js';
import { discordMost, discordPayload } from './discord.js';
import { genericPayload } from './generic.js';
import { kindOf, messageOf, testMessage, type Batch, type Telling, type Wording } from './message.js';
import { Outbox, type Clock } from './outbox.js';
import { OutboxFile } from './outboxFile.js';
import { send, type Delivery } from './send.js';
import type { WebhookTarget } from './targets.js';
import { missedText, testWording, wordingOf } from './wording.js';

export interface WebhooksParts {
  readonly dataDir: string;
  readonly log: Log;
  /** Of settings; asked again at configure(). */
  targets(this: void): readonly WebhookTarget[];
  /** undefined: not known (yet). */
  address(this: void, name: string): string | undefined;
  language(this: void): Language;
  /** As it is now; undefined: there is none (monitor, or removed). */
  server(this: void, id: ServerId): ServerView | undefined;
  /** A target is left alone for now because it fails; it works again. */
  paused(this: void, target: string, detail: string, until: number): void;
  resumed(this: void, target: string): void;
  readonly clock?: Clock;
  /** For one attempt; 5 s. */
  readonly attemptMs?: number;
}

interface Pending {
  readonly alert: Alert;
  readonly how: Telling;
}

/** So many are put into words at once at most: a burst costs no more memory than that. */
const mostPending = 200;
/** Of so many alerts is known how bad they have been. */
const mostWorst = 1000;
/** Discord's word on a limit without a time. */
const leastHoldMs = 5000;

/**
 * Tells webhooks of alerts. Nobody waits for it, whatever the webhooks do. Their addresses are secrets: they stay in memory, and
 * stand in nothing that is logged, told or written.
 */
export class Webhooks {
  private targets: readonly WebhookTarget[];
  private readonly file: OutboxFile;
  private readonly outbox: Outbox;
  /** By alert. */
  private pending = new Map<string, Pending>();
  /** The worst that an alert has been told as: who has heard of it hears that it is over. */
  private readonly worst = new Map<string, Alert['severity']>();
  /** What targets said last, where it did not work. */
  private readonly details = new Map<string, string>();
  /** As last seen: one that is set again as it was is no other. */
  private readonly addresses = new Map<string, string>();
  private readonly tests = new AbortController();
  private isDisposed = false;

  /** Begins to send what an earlier process has left. */
  constructor(private readonly parts: WebhooksParts) {
    this.targets = parts.targets();
    this.file = new OutboxFile(parts.dataDir, parts.log);
    for (const { name } of this.targets) this.noteAddress(name);
    this.outbox = new Outbox(
      {
        keeper: this.file,
        ...(parts.clock === undefined ? {} : { clock: parts.clock }),
        send: async (name, batch, options) => await this.send(name, batch, options),
        most: (name) => (this.target(name)?.kind === 'discord' ? discordMost : 1),
        isReachable: (name) => this.parts.address(name) !== undefined,
        paused: (name, detail, until) => {
          parts.log.write('warn', 'alerts', 'a target is left alone for now', { target: name, detail, until });
          parts.paused(name, detail, until);
        },
        resumed: (name) => {
          parts.log.write('info', 'alerts', 'a target works again', { target: name });
          parts.resumed(name);
        },
      },
      this.enabled(),
    );
  }

  /**
   * severity of the alert counts for who hears of it. Words are found when the work of the moment is done: whether a server that
   * has crashed comes back is settled by then. Never throws, never waits.
   */
  tell(alert: Alert, how: Telling): void {
    if (this.isDisposed) return;
    const before = this.pending.get(alert.id);
    const isOne = before !== undefined && before.alert.state !== 'resolved' && alert.state !== 'resolved';
    if (isOne) {
      // A burst is put into words once.
      const reason = before.how.reason === 'new' ? 'new' : how.reason;
      this.pending.set(alert.id, { alert, how: { reason, times: before.how.times + how.times } });
      return;
    }
    if (before !== undefined || this.pending.size >= mostPending) this.tellPending();
    if (this.pending.size === 0) queueMicrotask(() => this.tellPending());
    this.pending.set(alert.id, { alert, how });
  }

  /** Targets or language are others. What waits for those that are gone, or switched off, is forgotten. */
  configure(): void {
    this.targets = this.parts.targets();
    for (const name of [...this.details.keys()]) if (this.target(name) === undefined) this.details.delete(name);
    this.outbox.setTargets(this.enabled());
  }

  addressChanged(name: string): void {
    const before = this.addresses.get(name);
    const now = this.noteAddress(name);
    // The first that this process hears of may well be the one that is limited or fails.
    if (before !== undefined && now !== undefined && before !== now) this.outbox.retry(name);
    else this.outbox.look();
  }

  /**
   * Sends at once beside the queue, once, also to one that is paused or switched off. status: null: no answer. detail: technical,
   * English, without the address. Rejects invalid-definition {field: target}, secret-missing, cancelled.
   */
  async test(name: string, signal?: AbortSignal): Promise<{ status: number | null; detail: string }> {
    const target = this.target(name);
    if (target === undefined)
      throw new Failure('invalid-definition', { field: 'target', detail: 'there is no webhook of this name' });
    const url = this.parts.address(name);
    if (url === undefined) throw new Failure('secret-missing', { id: alertsId, key: `webhook.${name}` });
    const message = testMessage(this.now(), testWording(name, this.languageOf(target)));
    const calls = AbortSignal.any([this.tests.signal, ...(signal === undefined ? [] : [signal])]);
    const batch = { messages: [message], missed: { dropped: 0, uncertain: 0 } };
    const delivery = await this.deliver(target, url, batch, { signal: calls, retries: 0 });
    if (delivery.is === 'later' && delivery.why === 'cancelled') throw new Failure('cancelled');
    if (delivery.is === 'delivered') this.outbox.worked(name, delivery.notBefore);
    else if (delivery.is === 'later' && delivery.why === 'limited')
      this.outbox.holdBack([name], this.heldUntil(delivery));
    const { status, detail } = delivery;
    return { status, detail };
  }

  /** In the order of the settings. */
  list(): WebhookStatus[] {
    const now = this.now();
    return this.targets.map(({ name, kind, enabled }) => {
      const { waiting, dropped, uncertain, notBefore, isPaused } = this.outbox.status(name) ?? idle;
      return {
        ...{ name, kind, enabled, hasAddress: this.parts.address(name) !== undefined },
        ...{ waiting, dropped, uncertain, isPaused, nextAt: notBefore > now ? notBefore : null },
        detail: this.details.get(name) ?? null,
      };
    });
  }

  /** Ends what is under way; what was not sent is on the disk then. */
  async dispose(): Promise<void> {
    if (this.isDisposed) return;
    this.tellPending();
    this.isDisposed = true;
    this.tests.abort();
    await this.outbox.dispose();
    this.file.dispose();
  }

  private tellPending(): void {
    const { pending } = this;
    this.pending = new Map();
    if (pending.size === 0 || this.isDisposed) return;
    this.outbox.together(() => {
      for (const { alert, how } of pending.values()) {
        try {
          this.tellNow(alert, how);
        } catch (error) {
          this.parts.log.write('error', 'alerts', 'could not be told', { alert: alert.id, error: textOf(error) });
        }
      }
    });
  }

  private tellNow(alert: Alert, how: Telling): void {
    const kind = kindOf(alert, how);
    if (kind === null) return;
    const severity = this.noteSeverity(alert);
    const hearers = this.targets.filter((target) => hears(target, alert, severity));
    if (hearers.length === 0) return;
    const now = this.now();
    const view = alert.serverName === '' ? undefined : this.parts.server(alert.server);
    const worded = new Map<string, Wording>();
    for (const target of hearers) {
      // It has not heard of the last time either, so nothing is "since the last message".
      const times = this.outbox.waiting(target.name, alert.id) === undefined ? how.times : alert.count;
      const language = this.languageOf(target);
      const key = `${language} ${times}`;
      const wording = worded.get(key) ?? wordingOf({ alert, kind, telling: { ...how, times }, view, now }, language);
      worded.set(key, wording);
      this.outbox.add(target.name, messageOf(alert, kind, now, wording));
    }
  }

  private noteSeverity({ id, severity, state }: Alert): Alert['severity'] {
    const worst = severity === 'error' ? severity : (this.worst.get(id) ?? severity);
    this.worst.delete(id);
    if (state === 'resolved') return worst;
    this.worst.set(id, worst);
    const [oldest] = this.worst.keys();
    if (this.worst.size > mostWorst && oldest !== undefined) this.worst.delete(oldest);
    return severity;
  }

  private async send(name: string, batch: Batch, options: { signal: AbortSignal; retries: number }): Promise<Delivery> {
    const target = this.target(name);
    const url = this.parts.address(name);
    if (target === undefined || url === undefined) return { ...unreachable, at: this.now() };
    return await this.deliver(target, url, batch, options);
  }

  /** Whoever asked: what comes of it is noted. */
  private async deliver(
    target: WebhookTarget,
    url: string,
    batch: Batch,
    options: { signal: AbortSignal; retries: number },
  ): Promise<Delivery> {
    const { attemptMs } = this.parts;
    const letter = letterOf(target, url, batch, this.languageOf(target));
    const now = (): number => this.now();
    const delivery = await send(letter, { ...options, now, ...(attemptMs === undefined ? {} : { attemptMs }) });
    if (delivery.is === 'delivered') this.details.delete(target.name);
    else if (delivery.is === 'refused' || delivery.why !== 'cancelled') this.details.set(target.name, delivery.detail);
    if (delivery.is === 'later' && delivery.isGlobal === true && target.kind === 'discord') {
      const all = this.targets.filter(({ kind }) => kind === 'discord').map(({ name }) => name);
      this.outbox.holdBack(all, this.heldUntil(delivery));
    }
    return delivery;
  }

  private heldUntil({ at }: { at: number }): number {
    return Math.max(at, this.now() + leastHoldMs);
  }

  private target(name: string): WebhookTarget | undefined {
    return this.targets.find((target) => target.name === name);
  }

  private enabled(): string[] {
    return this.targets.filter(({ enabled }) => enabled).map(({ name }) => name);
  }

  private noteAddress(name: string): string | undefined {
    const address = this.parts.address(name);
    if (address !== undefined) this.addresses.set(name, address);
    return address;
  }

  private languageOf({ language }: WebhookTarget): Language {
    return language ?? this.parts.language();
  }

  private now(): number {
    return this.parts.clock?.now() ?? Date.now();
  }
}

const idle = { waiting: 0, dropped: 0, uncertain: 0, notBefore: 0, isPaused: false };
const unreachable = { is: 'later', why: 'limited', status: null, detail: 'no address', isUncertain: false } as const;

/** severity: of the alert, or the worst that it was where it is over. */
function hears(target: WebhookTarget, { rule, server, state, data }: Alert, severity: Alert['severity']): boolean {
  if (!target.enabled || (state === 'resolved' && !target.resolved)) return false;
  if (target.severity === 'error' && severity !== 'error') return false;
  // Whoever cannot be told anything now needs not be told that.
  if (rule === 'webhook-paused' && data.target === target.name) return false;
  return target.servers === null || target.servers.includes(server);
}

function letterOf({ kind }: WebhookTarget, url: string, batch: Batch, language: Language): Letter {
  const [message] = batch.messages;
  const payload =
    kind === 'discord' || message === undefined
      ? discordPayload(batch, (missed) => missedText(missed, language))
      : genericPayload(message, batch.missed);
  return { url, body: JSON.stringify(payload), id: message?.id ?? '' };
}
