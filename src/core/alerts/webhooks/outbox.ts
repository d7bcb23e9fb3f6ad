import type { Batch, Message, Missed } from './message.js';
import { isWaiting, queuedWith, type Entry } from './queue.js';
import type { Delivery } from './send.js';

/** Of one target, as it outlives the core. Without its address, which is a secret. Times are Unix milliseconds. */
export interface StoredTarget extends Missed {
  readonly entries: readonly Entry[];
  /** Failures running, and until when it is left alone because of them or by its own wish. */
  readonly failures: number;
  readonly notBefore: number;
  readonly isPaused: boolean;
}

/** By target's name. */
export type Stored = Readonly<Record<string, StoredTarget>>;

export interface OutboxKeeper {
  read(): Stored;
  /** It is different now; asked for when it is time to write, soon. */
  keep(get: () => Stored): void;
  /** What is to be kept is on the disk when this returns, as far as the disk allows. Never throws. */
  flush(): void;
}

/** The clock, for whoever has another one. */
export interface Clock {
  now(): number;
  /** Answers how to call it off. */
  after(ms: number, act: () => void): () => void;
  random(): number;
}

export interface OutboxParts {
  readonly keeper: OutboxKeeper;
  readonly clock?: Clock;
  /** Never rejects. retries: fewer for a target that has failed just now, so that it holds up nobody. */
  send(target: string, batch: Batch, options: { signal: AbortSignal; retries: number }): Promise<Delivery>;
  /** How many messages go into one request. */
  most(target: string): number;
  /** False: there is no way to it yet, and what waits for it waits. Asked anew at `look`. */
  isReachable?(target: string): boolean;
  /** It has failed so often that a person should know; it is tried again at `until`. Told once until it works again. */
  paused(target: string, detail: string, until: number): void;
  /** It works again after that. */
  resumed(target: string): void;
}

export interface TargetStatus extends Missed {
  readonly waiting: number;
  readonly failures: number;
  readonly notBefore: number;
  readonly isPaused: boolean;
}

interface Target {
  entries: Entry[];
  dropped: number;
  uncertain: number;
  failures: number;
  notBefore: number;
  isPaused: boolean;
  running: { calls: AbortController; done: Promise<void> } | undefined;
  /** So many go one by one: together they were refused, and only one of them may be the reason. */
  singly: number;
}

const atOnce = 2;
const retries = 3;
/** Failures running until a person is told. */
const deadAfter = 5;
const firstBackoffMs = 30_000;
const longestBackoffMs = 30 * 60_000;
/** For a target that limits without saying for how long, or by so little that it would never end. */
const leastPauseMs = 5000;
/** More than this no timer takes. */
const longestTimerMs = 2 ** 31 - 1;
/** It is the message that is wrong, not the address. */
const refusedForContent = new Set([400, 413, 415, 422]);

/**
 * What waits for its targets, by their names. One request at a time for each, two overall; nobody ever waits for any of it.
 *
 * Over a restart each message is delivered once, or counted: before its request begins, the disk says that it is being
 * sent. A core that is killed then does not know whether it was heard. The next one counts it as uncertain instead of
 * sending it twice: a channel that repeats itself is believed no more, and the number says that something may be missing.
 */
export class Outbox {
  private readonly targets = new Map<string, Target>();
  private readonly clock: Clock;
  private callOff: (() => void) | undefined;
  private isGathering = false;
  private isDisposed = false;

  /** names: of the targets that there are. What waits for others is forgotten. */
  constructor(
    private readonly parts: OutboxParts,
    names: readonly string[],
  ) {
    this.clock = parts.clock ?? realClock;
    const stored = parts.keeper.read();
    if (Object.keys(stored).some((name) => !names.includes(name))) this.changed();
    for (const name of names) this.targets.set(name, restored(Object.hasOwn(stored, name) ? stored[name] : undefined));
    this.pump();
  }

  /** Those that stay keep what they have. */
  setTargets(names: readonly string[]): void {
    if (names.length === this.targets.size && names.every((name) => this.targets.has(name))) return;
    for (const [name, target] of this.targets) {
      if (names.includes(name)) continue;
      target.running?.calls.abort();
      this.targets.delete(name);
      if (target.isPaused) this.parts.resumed(name);
    }
    for (const name of names) if (!this.targets.has(name)) this.targets.set(name, restored(undefined));
    this.changed();
    this.pump();
  }

  /** For a target that is not there, nothing happens. */
  add(name: string, message: Message): void {
    const target = this.targets.get(name);
    if (target === undefined || this.isDisposed) return;
    const { entries, dropped } = queuedWith(target.entries, message);
    target.entries = entries;
    target.dropped += dropped;
    this.changed();
    this.pump();
  }

  /** What is added within it is on the disk, all of it, before the first of it is sent. */
  together(add: () => void): void {
    this.isGathering = true;
    try {
      add();
    } finally {
      this.isGathering = false;
      this.pump();
    }
  }

  /** What waits there of an alert, and is not under way. */
  waiting(name: string, alert: string): Message | undefined {
    return this.targets.get(name)?.entries.find((entry) => isWaiting(entry, alert))?.message;
  }

  /** There may be a way now to those that could not be reached. */
  look(): void {
    this.pump();
  }

  /** Its address is another: what the one before has asked for does not count. */
  retry(name: string): void {
    const target = this.targets.get(name);
    if (target === undefined) return;
    target.notBefore = 0;
    this.changed();
    this.pump();
  }

  /** They want to be left alone until then. */
  holdBack(names: readonly string[], until: number): void {
    for (const name of names) {
      const target = this.targets.get(name);
      if (target !== undefined) target.notBefore = Math.max(target.notBefore, until);
    }
    this.changed();
    this.pump();
  }

  /** A person has seen it work. notBefore: as in Delivery. */
  worked(name: string, notBefore: number): void {
    const target = this.targets.get(name);
    if (target === undefined) return;
    this.healed(name, target, notBefore);
    this.changed();
    this.pump();
  }

  status(name: string): TargetStatus | undefined {
    const target = this.targets.get(name);
    if (target === undefined) return undefined;
    const { entries, dropped, uncertain, failures, notBefore, isPaused } = target;
    return { waiting: entries.length, dropped, uncertain, failures, notBefore, isPaused };
  }

  /** Ends what is under way; what surely was not heard waits for the next core. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.callOff?.();
    const running = [...this.targets.values()].flatMap((target) => target.running ?? []);
    for (const { calls } of running) calls.abort();
    await Promise.all(running.map(({ done }) => done));
    // Who has no webhooks gets no file.
    if (this.targets.size > 0) this.changed();
    this.parts.keeper.flush();
  }

  private pump(): void {
    this.callOff?.();
    this.callOff = undefined;
    if (this.isDisposed || this.isGathering) return;
    const now = this.clock.now();
    const all = [...this.targets];
    const idle = all.filter(([name, target]) => isIdle(target) && this.parts.isReachable?.(name) !== false);
    const ready = idle.filter(([, { notBefore }]) => notBefore <= now);
    // Whoever works goes first: one that hangs takes a slot for seconds.
    ready.sort(([, a], [, b]) => a.failures - b.failures || headAt(a) - headAt(b));
    const free = atOnce - all.filter(([, { running }]) => running !== undefined).length;
    const begun = ready.slice(0, Math.max(0, free));
    const batches = begun.map(([name, target]) => [name, target, this.take(name, target)] as const);
    // On the disk before anything of it is on the wire; see the class.
    if (batches.length > 0) this.changed();
    if (batches.length > 0) this.parts.keeper.flush();
    for (const [name, target, messages] of batches) this.begin(name, target, messages);
    const waits = idle.map(([, { notBefore }]) => notBefore - now).filter((ms) => ms > 0);
    const next = Math.min(...waits);
    if (next === Infinity) return;
    this.callOff = this.clock.after(Math.min(next, longestTimerMs), () => {
      this.pump();
    });
  }

  private take(name: string, target: Target): Message[] {
    const most = target.singly > 0 ? 1 : Math.max(1, this.parts.most(name));
    const taken = target.entries.slice(0, most).map(({ message }) => message);
    target.entries = target.entries.map((entry, index) => (index < most ? { ...entry, state: 'sending' } : entry));
    return taken;
  }

  private begin(name: string, target: Target, messages: Message[]): void {
    const calls = new AbortController();
    const missed = { dropped: target.dropped, uncertain: target.uncertain };
    const options = { signal: calls.signal, retries: target.failures === 0 ? retries : 0 };
    const sending = this.parts.send(name, { messages, missed }, options).catch(() => unexpected);
    const done = sending.then((delivery) => {
      target.running = undefined;
      if (this.targets.get(name) === target) this.ended(name, target, { messages, missed }, delivery);
      this.pump();
    });
    target.running = { calls, done };
  }

  private ended(name: string, target: Target, batch: Batch, delivery: Delivery): void {
    const count = batch.messages.length;
    const sent = target.entries.filter(({ state }) => state === 'sending');
    const others = target.entries.filter(({ state }) => state === 'waiting');
    const isGone = delivery.is === 'delivered' || isUnknown(delivery) || isContentRefused(delivery, count);
    target.entries = isGone ? others : rejoined(sent, others);
    target.singly = Math.max(0, target.singly - (isGone ? count : 0));
    if (delivery.is === 'delivered') this.delivered(name, target, batch.missed, delivery.notBefore);
    else if (isUnknown(delivery)) target.uncertain += count;
    else if (isContentRefused(delivery, count)) target.dropped += count;
    else if (delivery.is === 'later' && delivery.why === 'limited')
      target.notBefore = Math.max(target.notBefore, delivery.at, this.clock.now() + leastPauseMs);
    else if (delivery.is === 'refused' && isAboutContent(delivery)) target.singly = count;
    else if (delivery.is === 'refused' || delivery.why === 'failed') this.failed(name, target, delivery);
    this.changed();
  }

  /** missed: what was told with it. More may have been missed since. */
  private delivered(name: string, target: Target, missed: Missed, notBefore: number): void {
    target.dropped -= missed.dropped;
    target.uncertain -= missed.uncertain;
    // When it began, it was not held back; it may be since.
    this.healed(name, target, Math.max(target.notBefore, notBefore));
  }

  private healed(name: string, target: Target, notBefore: number): void {
    target.failures = 0;
    target.notBefore = notBefore;
    if (!target.isPaused) return;
    target.isPaused = false;
    this.parts.resumed(name);
  }

  private failed(name: string, target: Target, delivery: Exclude<Delivery, { is: 'delivered' }>): void {
    target.failures += 1;
    const backoff = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (target.failures - 1));
    const at = this.clock.now() + backoff * (0.75 + this.clock.random() / 2);
    target.notBefore = Math.max(target.notBefore, at, delivery.is === 'later' ? delivery.at : 0);
    // An address that is wrong gets right by nothing but a person.
    const isDead = target.failures >= deadAfter || delivery.is === 'refused';
    if (!isDead || target.isPaused) return;
    target.isPaused = true;
    this.parts.paused(name, delivery.detail, target.notBefore);
  }

  private changed(): void {
    this.parts.keeper.keep(() => this.stored());
  }

  private stored(): Stored {
    const parts = [...this.targets].map(([name, target]) => {
      const { entries, dropped, uncertain, failures, notBefore, isPaused } = target;
      return [name, { entries, dropped, uncertain, failures, notBefore, isPaused }] as const;
    });
    return Object.fromEntries(parts);
  }
}

function restored(stored: StoredTarget | undefined): Target {
  const none = { entries: [], dropped: 0, uncertain: 0, failures: 0, notBefore: 0, isPaused: false };
  const { entries, uncertain, ...rest } = stored ?? none;
  const waiting = entries.filter(({ state }) => state === 'waiting');
  const lost = entries.length - waiting.length;
  return { ...rest, entries: waiting, uncertain: uncertain + lost, running: undefined, singly: 0 };
}

function headAt({ entries }: Target): number {
  return entries[0]?.message.at ?? 0;
}

function isIdle({ running, entries }: Target): boolean {
  return running === undefined && entries.length > 0;
}

/** Called off in the middle. What failed with an answer lost is sent again instead: it is not over, and its id says so. */
function isUnknown(delivery: Delivery): boolean {
  return delivery.is === 'later' && delivery.why === 'cancelled' && delivery.isUncertain;
}

function isAboutContent(delivery: Delivery): boolean {
  return delivery.is === 'refused' && delivery.status !== null && refusedForContent.has(delivery.status);
}

function isContentRefused(delivery: Delivery, count: number): boolean {
  return isAboutContent(delivery) && count === 1;
}

/** What was under way waits again, before what came meanwhile; of one matter they are one. */
function rejoined(sent: readonly Entry[], others: readonly Entry[]): Entry[] {
  let entries: Entry[] = sent.map(({ message }) => ({ message, state: 'waiting' }));
  for (const { message } of others) entries = queuedWith(entries, message).entries;
  return entries;
}

const unexpected: Delivery = {
  ...{ is: 'later', why: 'failed', status: null, at: 0, detail: 'unexpected failure', isUncertain: true },
};

const realClock: Clock = {
  now: Date.now,
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: Math.random,
};
