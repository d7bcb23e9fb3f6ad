import { availableParallelism } from 'node:os';
import type { ServerView } from '../shared/contract.js';
import { Failure, messageOf } from '../shared/failure.js';
import type { AnomalyMetric } from '../shared/anomaly.js';
import { sourceKindOf } from '../shared/metrics.js';
import type { Method } from './insight/baseline/baseline.js';
import { HostInsight } from './hostInsight.js';
import { InsightFile } from './insightFile.js';
import { followedOf, isOnItsWay, zoneMinutesAt, type Followed } from './insightFollowed.js';
import { isEnd, type LearningParts } from './insightLearning.js';
import { blankHost, blankSample, takeHost } from './insightSamples.js';
import { InsightTelling, type InsightTellingParts } from './insightTelling.js';
import { insightView, mostKnown } from './insightView.js';
import type { ServerFace } from './lifecycle/serverTools.js';
import type { Disposable, HistoryEvent, Log } from './ports.js';
import type { Round } from './sampling/samplingLoop.js';

export interface InsightSettings {
  readonly enabled: boolean;
  readonly method: Method;
}

type Watched = Pick<ServerFace, 'id' | 'definition' | 'state' | 'process' | 'sample'>;

export interface InsightCareParts extends LearningParts, Omit<InsightTellingParts, 'server' | 'changed' | 'now'> {
  readonly dataDir: string;
  readonly log: Log;
  settings(this: void): InsightSettings;
  /** Percent of a core that its busiest thread has used of late; null: not known. */
  busiestThread(this: void, id: string): number | null;
  server(this: void, id: string): Watched | undefined;
  /** What is shown of it is another. */
  changed(this: void, id: string): void;
  now?(this: void): number;
}

/** What is shown of a server beside the rest. */
export interface InsightStanding extends Required<Pick<ServerView, 'anomalies' | 'learned'>> {
  /** When the next save is due by its rhythm; null: not known. Unix milliseconds. */
  readonly nextSaveAt: number | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const saveEveryMs = hourMs;
/** What was told that long ago has ended somehow. */
const toldMs = 30 * dayMs;
const mostTold = 1000;
const mostMissed = 1000;
/** A history that does not answer so often is gone on without. */
const mostFailures = 3;
const reviewEveryMs = minuteMs;
const sureOfRhythm = 0.6;
/** For all servers together, in one round; with many of them a little more. */
const leastMs = 4;

/**
 * What is normal for each server, and what is wrong now: feeds their insights with what is measured and what happens, keeps what
 * they learn, and tells what they find. Costs some microseconds per server and round; whatever takes longer is done for one
 * server at a time.
 */
export class InsightCare implements Disposable {
  private readonly followed = new Map<string, Followed>();
  /** Of which nothing is known any more, for a fault of ours. */
  private readonly broken = new Set<string>();
  private readonly file: InsightFile;
  private readonly pc: HostInsight;
  private readonly now: () => number;
  /** The same ones each time. */
  private readonly host = blankHost(availableParallelism());
  private readonly sample = blankSample();
  /** Whose turn it is first. */
  private first = 0;
  private isBusy = false;
  private isDisposed = false;
  private reviewedAt = -Infinity;

  constructor(private readonly parts: InsightCareParts) {
    this.now = parts.now ?? Date.now;
    this.file = new InsightFile(parts.dataDir, parts.log);
    this.pc = new HostInsight(parts);
  }

  /** Once the servers are known. areAllKnown: others do not exist any more. */
  begin(servers: readonly Pick<Watched, 'id'>[], areAllKnown: boolean): void {
    const ids = servers.map(({ id }) => id);
    if (areAllKnown) this.file.removeAllBut(new Set(ids));
    if (this.parts.settings().enabled) return;
    for (const id of ids) for (const rule of ['anomaly', 'leak'] as const) this.parts.alertRules.anomalyOver(id, rule);
  }

  /** To be called with every round of samples. isShort: of memory; what reads much of the history waits. */
  round({ at, host, samples }: Round, servers: readonly Watched[], isShort: boolean): void {
    if (!this.parts.settings().enabled || this.isDisposed) return;
    takeHost(host, this.host);
    this.feedAll(servers, samples, this.pc.round(at, host));
    void this.work(at, isShort);
  }

  /** Something has happened that the history keeps. */
  event(event: HistoryEvent): void {
    const { id, at, kind, data } = event;
    if (kind === 'anomaly' || this.isDisposed || id === 'host' || id === 'monitor') return;
    const followed = this.followed.get(id);
    if (followed === undefined) return;
    if (followed.learning !== null) {
      if (followed.missed.length < mostMissed) followed.missed.push(event);
      return;
    }
    try {
      this.happened(followed, at, kind, data);
    } catch (error) {
      this.broke(id, error);
    }
  }

  settingsChanged(): void {
    const { enabled, method } = this.parts.settings();
    if (!enabled) {
      this.pc.end();
      for (const followed of this.followed.values()) {
        this.save(followed);
        followed.learning?.cancel();
        followed.telling.endAll();
      }
      const ids = [...this.followed.keys()];
      this.followed.clear();
      for (const id of ids) this.parts.changed(id);
      return;
    }
    for (const followed of this.followed.values()) this.use(followed, method);
  }

  /** The server is no more. isGone: for good, and not for a fault in its definition. */
  forget(id: string, isGone: boolean): void {
    const followed = this.followed.get(id);
    followed?.learning?.cancel();
    if (followed !== undefined && !isGone) this.save(followed);
    this.followed.delete(id);
    if (isGone) this.file.remove(id);
  }

  /** undefined: nothing is looked at. */
  standing(id: string): InsightStanding | undefined {
    const followed = this.followed.get(id);
    if (followed === undefined) return undefined;
    const { insight, telling, isUp } = followed;
    const { by, confidence, nextAt } = insight.cycle.view();
    const isSure = isUp && by === 'rhythm' && confidence >= sureOfRhythm && nextAt !== null && nextAt > this.now();
    const { days, of } = mostKnown(insight);
    return { anomalies: telling.count, learned: { days, of }, nextSaveAt: isSure ? nextAt : null };
  }

  /** id: also `host`. Rejects unsupported while it is switched off. */
  view(id: string): Record<string, unknown> {
    if (sourceKindOf(id) === 'host') return this.pc.view();
    const { insight, learning } = this.known(id);
    const players = this.parts.server(id)?.sample?.players ?? null;
    return { isCatchingUp: learning !== null, ...insightView(insight, this.now(), players) };
  }

  /** Everything is learned anew from then on. Rejects invalid-definition, and as `view`. */
  relearn(id: string, from = this.now()): void {
    if (from > this.now() + minuteMs) throw new Failure('invalid-definition', { field: 'from', detail: 'is to come' });
    this.teach(id, ({ insight }) => {
      insight.relearn(from);
    });
    this.parts.log.write('info', 'insight', 'is learned anew', { id, from });
  }

  /** Somebody says what that was. Where nothing was found then there is nothing to be learned. Rejects as `view`. */
  feedback(id: string, at: number, metric: AnomalyMetric, verdict: 'normal' | 'real'): void {
    const { log } = this.parts;
    // What is real stays as it was found.
    if (verdict === 'real') {
      this.known(id);
      return;
    }
    this.teach(id, ({ insight }) => {
      const isFound = insight.normal(at, metric);
      log.write('info', 'insight', isFound ? 'that was normal' : 'nothing was found then', { id, at, metric });
    });
  }

  /** Nothing of this metric is told until then; null: for good; a time that is over: it is told again. Rejects as `view`. */
  mute(id: string, metric: AnomalyMetric, until: number | null): void {
    this.teach(id, ({ insight }) => {
      insight.mute(metric, until);
    });
  }

  /** What was learned is on the disk then. */
  dispose(): void {
    this.isDisposed = true;
    this.pc.end();
    for (const followed of this.followed.values()) {
      followed.learning?.cancel();
      this.save(followed);
    }
  }

  /** Every ten minutes each has more to do, all at the same time: what does not fit into this round waits for the next one. */
  private feedAll(servers: readonly Watched[], samples: Round['samples'], isReading: boolean): void {
    const begun = performance.now();
    const mostMs = Math.max(leastMs, servers.length / 10);
    const { first } = this;
    let isFull = false;
    let hasRead = isReading;
    for (let n = 0; n < servers.length; n++) {
      const place = (first + n) % servers.length;
      const server = servers[place];
      const sample = server?.process == null ? undefined : samples[server.id];
      if (server === undefined || sample === undefined) continue;
      const followed = this.followed.get(server.id);
      try {
        // Not more than one file in a round.
        if (followed === undefined && !hasRead && !this.broken.has(server.id)) {
          hasRead = true;
          this.follow(server.id);
        } else if (followed?.learning === null) {
          followed.means.add(sample);
          const { due } = followed.means;
          if (due === 'no' || (isFull && due === 'soon')) continue;
          this.feed(followed, server);
          if (isFull || performance.now() - begun < mostMs) continue;
          isFull = true;
          this.first = place + 1;
        }
      } catch (error) {
        this.broke(server.id, error);
      }
    }
  }

  private feed(followed: Followed, { id, state, process }: Watched): void {
    const { sample } = this;
    followed.means.take(sample);
    if (!followed.isUp && process !== null && isOnItsWay({ state })) {
      // It was up before anybody here looked, and its start has been told by an earlier process.
      followed.isUp = true;
      followed.insight.resume(sample.at, process.startedAt);
    }
    sample.busiestThread = this.parts.busiestThread(id);
    followed.unsavedAt = sample.at;
    followed.telling.turns(followed.insight.sample(sample, this.host));
  }

  private happened(followed: Followed, at: number, kind: string, data: HistoryEvent['data']): void {
    if (kind === 'started') followed.isUp = true;
    else if (isEnd(kind)) followed.isUp = false;
    if (kind === 'started') followed.means.clear();
    followed.telling.turns(followed.insight.event(at, kind === 'start-failed' ? 'stopped' : kind, data));
  }

  /** What is known of it, to be gone on with. */
  private follow(id: string): Followed {
    const { log, settings, sink, alertRules, server, changed } = this.parts;
    const { now, file } = this;
    const { method } = settings();
    const telling = new InsightTelling(id, { sink, alertRules, server, changed, now });
    const followed = followedOf(id, {
      ...{ method, file, telling, source: this.parts, now: now() },
      upSince: server(id)?.process?.startedAt ?? null,
    });
    this.followed.set(id, followed);
    this.use(followed, method);
    const { savedAt } = followed;
    log.write('info', 'insight', savedAt === null ? 'begins' : 'goes on', { id, savedAt });
    return followed;
  }

  private use({ insight, telling, learning }: Followed, method: Method): void {
    if (insight.baseline.method === method) return;
    insight.use(method);
    if (learning === null) telling.turns(insight.event(this.now(), 'settings'));
  }

  private known(id: string): Followed {
    if (!this.parts.settings().enabled || this.broken.has(id)) throw new Failure('unsupported', { what: 'insight' });
    return this.followed.get(id) ?? this.follow(id);
  }

  private teach(id: string, lesson: (followed: Followed) => void): void {
    const followed = this.known(id);
    lesson(followed);
    // What follows from it is told, unless it is of the past.
    const turns = followed.insight.event(this.now(), 'settings');
    if (followed.learning === null) followed.telling.turns(turns);
    followed.unsavedAt = this.now();
    this.save(followed);
    this.parts.changed(id);
  }

  /** What takes longer: one thing at a time. Never rejects. */
  private async work(now: number, isShort: boolean): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    let due: Followed | undefined;
    try {
      if (Math.abs(now - this.reviewedAt) >= reviewEveryMs) this.review(now);
      for (const followed of this.followed.values()) if (followed.learning !== null) due ??= followed;
      if (isShort) return;
      await (due === undefined ? this.pc.learn() : this.learn(due));
    } catch (error) {
      this.failed(due, error);
    } finally {
      this.isBusy = false;
    }
  }

  private async learn(followed: Followed): Promise<void> {
    const { learning, id } = followed;
    if (learning === null) return;
    const now = this.now();
    const until = await learning.step(now);
    if (until === undefined || !this.isCurrent(followed)) return;
    const from = now - toldMs;
    const told = await this.parts.events.find({ id, from, to: now, kinds: ['anomaly'], limit: mostTold });
    if (this.isCurrent(followed)) this.caughtUp(followed, told, until);
  }

  /** From now on it is judged. until: up to when all is known. */
  private caughtUp(followed: Followed, told: readonly HistoryEvent[], until: number): void {
    const { learning, insight, telling, missed, id } = followed;
    const server = this.parts.server(id);
    const startedAt = server?.process?.startedAt ?? null;
    // What was found on the way is of the past.
    insight.event(until, 'settings');
    followed.learning = null;
    followed.isUp = startedAt !== null && (learning?.endsUp ?? false);
    if (startedAt !== null && !followed.isUp && isOnItsWay(server)) {
      followed.isUp = true;
      insight.resume(until, startedAt);
    }
    telling.begin(told, startedAt === null ? [] : insight.findings(), startedAt !== null);
    for (const { at, kind, data } of missed) if (at >= until) this.happened(followed, at, kind, data);
    missed.length = 0;
    followed.unsavedAt = this.now();
    this.parts.changed(id);
  }

  private failed(followed: Followed | undefined, error: unknown): void {
    const { log } = this.parts;
    log.write('info', 'insight', 'the history does not answer', { id: followed?.id, error: messageOf(error) });
    if (followed === undefined || ++followed.failures < mostFailures || !this.isCurrent(followed)) return;
    try {
      this.caughtUp(followed, [], this.now());
    } catch (fault) {
      this.broke(followed.id, fault);
    }
  }

  /** Neither what measures nor a server's life suffers from it: that server is left alone until the next start of the monitoring. */
  private broke(id: string, error: unknown): void {
    this.parts.log.write('error', 'insight', 'failed', { id, error: messageOf(error) });
    this.followed.get(id)?.learning?.cancel();
    this.followed.delete(id);
    this.broken.add(id);
  }

  private isCurrent(followed: Followed): boolean {
    return !this.isDisposed && this.followed.get(followed.id) === followed;
  }

  /** Once a minute: what is told and not over, and one that is to be written. */
  private review(now: number): void {
    this.reviewedAt = now;
    let due: Followed | undefined;
    const zoneMinutes = zoneMinutesAt(now);
    for (const followed of this.followed.values()) {
      const { insight, telling, learning, writtenAt, unsavedAt } = followed;
      if (learning !== null) continue;
      insight.baseline.zoneMinutes = zoneMinutes;
      try {
        if (telling.count > 0) telling.review(insight.findings());
      } catch (error) {
        this.broke(followed.id, error);
      }
      const isDue = unsavedAt > 0 && Math.abs(now - writtenAt) >= saveEveryMs;
      if (isDue && writtenAt <= (due?.writtenAt ?? Infinity)) due = followed;
    }
    if (due === undefined) return;
    this.save(due);
    const { days } = mostKnown(due.insight);
    if (days !== due.days) this.parts.changed(due.id);
    due.days = days;
  }

  private save(followed: Followed): void {
    const { id, insight, learning, unsavedAt } = followed;
    if (unsavedAt === 0) return;
    // What it has not caught up with is learned again next time.
    const savedAt = learning === null ? this.now() : (followed.savedAt ?? 0);
    this.file.write(id, { version: 1, savedAt, insight: insight.state(true) });
    followed.writtenAt = this.now();
    followed.unsavedAt = 0;
  }
}
