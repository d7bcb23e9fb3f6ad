/** Growing pauses between tries: quick at first, because a restart takes a second or two. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly firstMs = 250,
    private readonly maxMs = 5000,
  ) {}

  next(): number {
    return Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.tries++, 16));
  }

  reset(): void {
    this.tries = 0;
  }
}
