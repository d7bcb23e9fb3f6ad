const size = 64;
/** The further beyond the limit, the less it need last: from 1.5 times on; what is nearer has to last twice as long, or this long. */
const plainly = 1.5;
const longestNearMs = 15 * 60_000;
/** So that a single minute is never enough. */
const mostWeight = 2.5;
/** However far off, it lasts this part of the time. */
const leastPart = 0.5;
/** Clearly inside the limit: over. */
const insideOf = 0.7;
const shortestEndMs = 3 * 60_000;

/**
 * k of n: plainly bad for so long within 5/3 of that time begins it, or a little bad for twice as long; half the time (three
 * minutes at least) clearly within the limits ends it. A single spike never does either.
 */
export class Evidence {
  isOpen = false;
  /** When it began to be bad, once it is open. Unix milliseconds. */
  begin = 0;
  private readonly times = new Float64Array(size);
  private readonly lengths = new Float32Array(size);
  private readonly weights = new Float32Array(size);
  private next = 0;
  private goodMs = 0;

  constructor(private readonly needMs: number) {}

  /** excess: 1 is the limit; ms: for how long it stands. */
  feed(at: number, ms: number, excess: number): 'begin' | 'end' | null {
    const isBad = excess > 1;
    this.times[this.next] = at;
    this.lengths[this.next] = ms;
    this.weights[this.next] = isBad ? Math.min(mostWeight, excess / plainly) : 0;
    this.next = (this.next + 1) % size;
    if (this.isOpen) {
      this.goodMs = excess < insideOf ? this.goodMs + ms : isBad ? 0 : this.goodMs;
      if (this.goodMs < Math.max(shortestEndMs, this.needMs / 2)) return null;
      this.reset();
      return 'end';
    }
    if (!isBad) return null;
    const nearMs = Math.max(this.needMs, Math.min(2 * this.needMs, longestNearMs));
    return this.isEnough(at, this.needMs, 1) || this.isEnough(at, nearMs, 0) ? 'begin' : null;
  }

  /** It was told before, and lasts. */
  goOn(begin: number): void {
    this.isOpen = true;
    this.begin = begin;
  }

  /** Nothing of what was counts any more. */
  reset(): void {
    this.isOpen = false;
    this.goodMs = 0;
    this.weights.fill(0);
  }

  /** leastWeight: what weighs less does not count. */
  private isEnough(at: number, needMs: number, leastWeight: number): boolean {
    const since = at - (needMs * 5) / 3;
    let sum = 0;
    let plain = 0;
    let first = at;
    for (let back = 1; back <= size; back++) {
      const place = (this.next - back + size) % size;
      const time = this.times[place] ?? 0;
      if (time <= since || time > at) break;
      const weight = this.weights[place] ?? 0;
      if (weight === 0 || weight < leastWeight) continue;
      const ms = this.lengths[place] ?? 0;
      sum += ms * Math.max(1, weight);
      plain += ms;
      first = time - ms;
    }
    if (sum < needMs || plain < leastPart * needMs) return false;
    this.isOpen = true;
    this.begin = first;
    this.goodMs = 0;
    return true;
  }
}
