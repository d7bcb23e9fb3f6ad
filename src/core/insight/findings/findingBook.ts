import type { Method } from '../baseline/baseline.js';
import {
  explains,
  isSymptomOf,
  type Finding,
  type FindingCause,
  type FindingKind,
  type FindingMetric,
  type Leak,
  type Turn,
} from './finding.js';

/** How a metric stands at a moment. excess: 1 is the limit; ms: for how long it stands; players: NaN where not known. */
export interface Standing {
  readonly at: number;
  readonly ms: number;
  readonly value: number;
  readonly excess: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  readonly players: number;
}

/** What is found at its beginning. */
export interface Begun {
  readonly kind: FindingKind;
  readonly metric: FindingMetric;
  readonly cause: FindingCause;
  readonly begin: number;
  readonly standing: Standing;
  readonly by: Method;
  readonly confidence: number;
  readonly leak?: Leak | null;
}

type Draft = { -readonly [field in keyof Finding]: Finding[field] } & {
  readonly active: Set<FindingMetric>;
  sum: number;
  sumMs: number;
  toldAt: number;
  toldExcess: number;
};

const mostRecent = 30;
/** What began within this time before is taken for the same matter. */
const togetherMs = 15 * 60_000;
const toldAgainMs = 10 * 60_000;

/** The findings of one server: what begins together and can explain one another is one. */
export class FindingBook {
  private drafts: Draft[] = [];
  private past: Finding[] = [];
  private turns: Turn[] = [];

  /** Those that last, and the last ones that are over; newest first. */
  list(): Finding[] {
    return [...this.drafts.map(snapshot), ...this.past].sort((a, b) => b.begin - a.begin);
  }

  /** Those that are over and worth keeping. */
  restore(past: readonly Finding[]): void {
    this.past = [...past].slice(0, mostRecent);
  }

  /** It was told before, and lasts. */
  goOn(finding: Finding): void {
    const sumMs = Math.max(1, finding.peakAt - finding.begin);
    this.drafts.push({
      ...finding,
      ...{ active: new Set([finding.metric, ...finding.also]), sum: finding.value * sumMs, sumMs },
      ...{ toldAt: finding.peakAt, toldExcess: finding.excess },
    });
  }

  /** It lasted when the monitoring ended, and what has become of it is not known. */
  lost(finding: Finding, at: number): void {
    this.past = [{ ...finding, end: at, endedBy: 'gone' as const }, ...this.past].slice(0, mostRecent);
  }

  /** What has happened since it was last asked. Mostly the same empty list. */
  drain(): readonly Turn[] {
    if (this.turns.length === 0) return nothing;
    const { turns } = this;
    this.turns = [];
    return turns;
  }

  get isQuiet(): boolean {
    return this.drafts.length === 0;
  }

  /** The finding that this metric belongs to. */
  of(metric: FindingMetric): Readonly<Finding> | undefined {
    return this.draftOf(metric);
  }

  begin(found: Begun): void {
    const { kind, metric, begin } = found;
    const same = this.drafts.find((draft) => draft.kind === kind && draft.metric === metric);
    // It was there first, but this explains it.
    const first = this.drafts.find((draft) => isSymptomOf(draft, kind) && begin - draft.begin < togetherMs);
    if (same === undefined && first !== undefined) {
      this.turnInto(first, found);
      return;
    }
    const cover = same ?? this.drafts.find((draft) => draft.kind === kind || explains(draft.kind, metric));
    if (cover !== undefined) {
      this.join(cover, metric);
      return;
    }
    this.add(found);
  }

  /** How it goes on. */
  progress(metric: FindingMetric, standing: Standing): void {
    const draft = this.draftOf(metric);
    if (draft?.metric !== metric) return;
    draft.sum += standing.value * standing.ms;
    draft.sumMs += standing.ms;
    draft.value = draft.sum / draft.sumMs;
    if (standing.excess > draft.excess) this.worst(draft, standing);
    const isMuchWorse = draft.excess >= 2 * draft.toldExcess;
    if (isMuchWorse && standing.at - draft.toldAt >= toldAgainMs) this.tell(draft, 'change', standing.at);
  }

  leak(leak: Leak, at: number): void {
    const draft = this.draftOf('memory');
    if (draft?.leak == null) return;
    const severity = severityOf('leak', leak);
    const isOther = severity !== draft.severity;
    Object.assign(draft, { leak, severity });
    if (isOther) this.tell(draft, 'change', at);
  }

  /** This metric is as usual again. at: since when. */
  over(metric: FindingMetric, at: number, by: 'ended' | 'normal' | 'gone' = 'ended'): void {
    for (const draft of this.drafts)
      if (draft.active.delete(metric) && draft.active.size === 0) this.end(draft, at, by);
  }

  /** Somebody says that it was. One that lasts is over with that; of one that is over it is noted. */
  normal({ key, metric, also, end }: Finding, at: number): void {
    if (end === null) for (const one of [metric, ...also]) this.over(one, at, 'normal');
    this.past = this.past.map((one) => (one.key === key ? { ...one, endedBy: 'normal' } : one));
  }

  endAll(at: number, by: 'gone' | 'normal', but?: FindingKind): void {
    for (const draft of this.drafts) if (draft.kind !== but) this.end(draft, at, by);
  }

  /** The newest one around that time in which this metric has a part. */
  around(at: number, metric: FindingMetric): Finding | undefined {
    const near = 5 * 60_000;
    return this.list().find(
      (one) =>
        (one.metric === metric || one.also.includes(metric)) &&
        at >= one.begin - near &&
        at <= (one.end ?? Infinity) + near,
    );
  }

  private draftOf(metric: FindingMetric): Draft | undefined {
    return this.drafts.find(({ active }) => active.has(metric));
  }

  private add(found: Begun): void {
    const { kind, metric, cause, begin, standing, by, confidence, leak = null } = found;
    const { at, value, excess, low, mid, high, players } = standing;
    const draft: Draft = {
      ...{ key: `${metric}@${Math.round(begin)}`, kind, metric, cause, begin, end: null, endedBy: null },
      ...{ value, peak: value, peakAt: at, expected: { low, mid, high }, by, confidence, excess, also: [], leak },
      ...{ players: Number.isNaN(players) ? null : players, severity: severityOf(kind, leak) },
      ...{ active: new Set([metric]), sum: value * standing.ms, sumMs: standing.ms, toldAt: at, toldExcess: excess },
    };
    this.drafts.push(draft);
    this.tell(draft, 'begin', at);
  }

  private turnInto(draft: Draft, { kind, metric, cause, begin, standing, by, confidence, leak = null }: Begun): void {
    const also = [...draft.also, draft.metric].filter((one) => one !== metric);
    Object.assign(draft, { kind, metric, cause, also, by, confidence, leak, severity: severityOf(kind, leak) });
    draft.begin = Math.min(draft.begin, begin);
    draft.active.add(metric);
    this.worst(draft, standing);
    this.tell(draft, 'change', standing.at);
  }

  private join(draft: Draft, metric: FindingMetric): void {
    draft.active.add(metric);
    if (draft.metric !== metric && !draft.also.includes(metric)) draft.also = [...draft.also, metric];
  }

  private worst(draft: Draft, { at, value, excess, low, mid, high, players }: Standing): void {
    Object.assign(draft, { peak: value, peakAt: at, excess, expected: { low, mid, high } });
    draft.players = Number.isNaN(players) ? null : players;
  }

  private end(draft: Draft, at: number, endedBy: 'ended' | 'normal' | 'gone'): void {
    Object.assign(draft, { end: Math.max(at, draft.begin), endedBy });
    this.drafts = this.drafts.filter((one) => one !== draft);
    this.past = [snapshot(draft), ...this.past].slice(0, mostRecent);
    this.tell(draft, 'end', at);
  }

  private tell(draft: Draft, turn: Turn['turn'], at: number): void {
    draft.toldAt = at;
    draft.toldExcess = draft.excess;
    this.turns.push({ turn, finding: snapshot(draft) });
  }
}

const nothing: readonly Turn[] = [];

function snapshot(draft: Draft): Finding {
  const { active: _active, sum: _sum, sumMs: _sumMs, toldAt: _toldAt, toldExcess: _toldExcess, ...finding } = draft;
  return { ...finding, also: [...finding.also] };
}

function severityOf(kind: FindingKind, leak: Leak | null | undefined): Finding['severity'] {
  if (kind === 'crash-loop') return 'error';
  if (kind === 'leak') return (leak?.hoursLeft ?? Infinity) < 2 ? 'error' : 'warning';
  return kind === 'api-slow' || kind === 'disk-high' || kind === 'level-change' ? 'info' : 'warning';
}
