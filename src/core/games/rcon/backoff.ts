/** Seconds until the next try, by the failures in a row. */
const pauses = [1, 2, 5, 15, 60] as const;
/** Several windows' servers must not all knock at the same moment. */
const jitter = 0.2;

/** When a game that does not answer may be asked again. */
export class Backoff {
  private failures = 0;
  private blockedUntil = 0;

  constructor(private readonly random: () => number = Math.random) {}

  failed(): void {
    const seconds = pauses[Math.min(this.failures, pauses.length - 1)] ?? 60;
    this.failures += 1;
    this.blockedUntil = Date.now() + Math.round(seconds * 1000 * (1 - jitter + 2 * jitter * this.random()));
  }

  succeeded(): void {
    this.failures = 0;
    this.blockedUntil = 0;
  }

  /** Unix milliseconds of the next try; null where it may be at once. */
  get retryAt(): number | null {
    return Date.now() < this.blockedUntil ? this.blockedUntil : null;
  }
}
