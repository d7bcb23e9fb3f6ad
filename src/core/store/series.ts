/** As long as there are buckets; NaN where nothing is known. */
export interface SeriesColumns {
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Gathers what is known of one metric into buckets of equal width. */
export class Series {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly min: Float64Array;
  private readonly max: Float64Array;

  /** from: Unix milliseconds of the first bucket's start. */
  constructor(
    private readonly from: number,
    private readonly bucketMs: number,
    buckets: number,
  ) {
    this.sums = new Float64Array(buckets);
    this.counts = new Float64Array(buckets);
    this.min = new Float64Array(buckets).fill(NaN);
    this.max = new Float64Array(buckets).fill(NaN);
  }

  /**
   * A value of the time from `start` to `end`, Unix milliseconds. One that lies within a bucket counts there; one that is
   * longer than a bucket counts in each that it covers, so that a coarse past has no holes. What reaches into the range
   * from outside counts at its edge: no peak is lost there.
   */
  add(start: number, end: number, mean: number, min: number, max: number, count: number): void {
    const { bucketMs } = this;
    if (end - start < bucketMs) {
      // In the middle: the ends of neighbours are the same moment.
      this.put(Math.floor(((start + end) / 2 - this.from) / bucketMs), mean, min, max, count);
      return;
    }
    const first = Math.max(0, Math.ceil((start - this.from) / bucketMs - 0.5));
    const last = Math.min(this.sums.length, Math.ceil((end - this.from) / bucketMs - 0.5));
    if (first >= last) this.put(first, mean, min, max, count);
    for (let bucket = first; bucket < last; bucket++) this.put(bucket, mean, min, max, count);
  }

  columns(): SeriesColumns {
    const mean = this.sums.map((sum, bucket) => sum / (this.counts[bucket] ?? 0));
    return { mean, min: this.min, max: this.max };
  }

  private put(place: number, mean: number, min: number, max: number, count: number): void {
    const bucket = Math.min(Math.max(0, place), this.sums.length - 1);
    this.sums[bucket] = (this.sums[bucket] ?? 0) + mean * count;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    const low = this.min[bucket] ?? NaN;
    const high = this.max[bucket] ?? NaN;
    this.min[bucket] = min < low || Number.isNaN(low) ? min : low;
    this.max[bucket] = max > high || Number.isNaN(high) ? max : high;
  }
}
