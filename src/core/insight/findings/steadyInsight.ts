import type { Baseline } from '../baseline/baseline.js';
import { habits, insightMetrics, metricCount, placeOf, type InsightMetric } from '../baseline/insightMetrics.js';
import { cellMs } from '../baseline/pointRing.js';
import type { Evidence } from './evidence.js';
import type { FindingBook } from './findingBook.js';
import { LevelWatch } from './levelWatch.js';

/** What has lasted so long is how it is now. */
const acceptedMs = 12 * 3_600_000;
const levels = ['cpu', 'tickRate', 'frameTime', 'apiTime'] as const;
/** Of what nobody would call unusual for a minute, this much is nothing for hours either. */
const leastPart = 0.6;

/** Changes of level and slow drift; and what lasts for half a day becomes normal. */
export class SteadyInsight {
  private readonly watch = new LevelWatch();
  private readonly sums = new Float64Array(metricCount);
  private readonly times = new Float64Array(metricCount);

  constructor(
    private readonly baseline: Baseline,
    private readonly book: FindingBook,
  ) {}

  begin(metric: InsightMetric): void {
    this.sums[placeOf[metric]] = 0;
    this.times[placeOf[metric]] = 0;
  }

  /** An open anomaly is so far beside what is expected. */
  off(metric: InsightMetric, ms: number, distance: number): void {
    const place = placeOf[metric];
    this.sums[place] = (this.sums[place] ?? 0) + distance * ms;
    this.times[place] = (this.times[place] ?? 0) + ms;
  }

  /** Another level was told before, and lasts. */
  goOn(metric: InsightMetric): void {
    this.watch.goOn(placeOf[metric]);
  }

  reset(metric: InsightMetric): void {
    this.watch.reset(placeOf[metric]);
  }

  resetAll(): void {
    this.watch.resetAll();
  }

  /** A point has been finished. players: NaN where not known. */
  sealed(
    at: number,
    players: number,
    isMuted: (metric: InsightMetric) => boolean,
    evidence: readonly Evidence[],
  ): void {
    for (const metric of insightMetrics) {
      const open = this.book.of(metric);
      if (open?.metric === metric && open.kind !== 'leak' && at - open.begin > acceptedMs) {
        this.accept(metric, open.begin, at);
        evidence[placeOf[metric]]?.reset();
      }
    }
    for (const metric of levels) {
      const place = placeOf[metric];
      const isOpen = evidence[place]?.isOpen === true;
      const model = this.baseline.model(metric);
      // Where nobody knows who plays, an evening is another level.
      if (!isMuted(metric) && !isOpen && !(metric === 'cpu' && model?.isBlind === true)) this.look(metric, at, players);
      else if (isOpen || !this.watch.isOpen(place)) this.watch.reset(place);
      else this.over(metric, at);
    }
  }

  private look(metric: InsightMetric, at: number, players: number): void {
    const place = placeOf[metric];
    const point = this.baseline.sealed[place];
    const model = this.baseline.model(metric);
    const band = this.baseline.lookWith(place, at - cellMs / 2, players);
    if (point === undefined || model === null || band === undefined) return;
    const { side, least, leastShare } = habits[metric];
    const sign = side === 'low' ? -1 : 1;
    const distance = sign * (point.mid - band.mid);
    const isLittle = distance < leastPart * Math.max(least, leastShare * band.mid);
    const units = isLittle ? 0 : distance / this.baseline.unitOf(place);
    const limit = side === 'low' ? -model.hourly.low : model.hourly.high;
    const turn = this.watch.seal(place, units, limit);
    const open = this.book.of(metric);
    if (open?.kind === 'level-change') this.off(metric, cellMs, point.mid - band.mid);
    // It may have been told as a part of something else.
    if (turn === 'end') this.over(metric, at);
    if (turn !== 'begin') return;
    const begin = at - 18 * cellMs;
    this.begin(metric);
    this.baseline.flag(metric, begin, at, true);
    this.baseline.cover(metric, true);
    this.book.begin({
      ...{ kind: 'level-change', metric, cause: 'unknown', begin },
      standing: {
        ...{ at, ms: cellMs, value: point.mid, excess: this.watch.mean / this.watch.limit, players },
        ...{ low: Math.max(0, band.low), mid: band.mid, high: band.high },
      },
      ...{ by: this.baseline.method, confidence: this.baseline.confidence(metric).value },
    });
  }

  private over(metric: InsightMetric, at: number): void {
    this.watch.reset(placeOf[metric]);
    this.baseline.cover(metric, false);
    this.book.over(metric, at);
  }

  private accept(metric: InsightMetric, begin: number, at: number): void {
    const place = placeOf[metric];
    const times = this.times[place] ?? 0;
    if (times > 0) this.baseline.shift(metric, begin, (this.sums[place] ?? 0) / times);
    this.baseline.cover(metric, false);
    this.watch.reset(place);
    this.book.over(metric, at, 'normal');
  }
}
