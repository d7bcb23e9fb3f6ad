const maxFailures = 5;

/** Of one way to one server: what has failed often enough is asked seldom, until it answers. Times are monotonic. */
export class Breaker {
  private failures = 0;
  private lastAt = 0;

  /** seldomMs: between asks while it is open. */
  constructor(private readonly seldomMs: number) {}

  get isOpen(): boolean {
    return this.failures >= maxFailures;
  }

  /** Whether polling may ask now. */
  mayAsk(now: number): boolean {
    return !this.isOpen || now - this.lastAt >= this.seldomMs;
  }

  failed(now: number): void {
    this.failures += 1;
    this.lastAt = now;
  }

  succeeded(): void {
    this.failures = 0;
  }
}
