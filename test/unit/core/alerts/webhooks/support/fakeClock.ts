import type { Clock } from '../../../../../../src/core/alerts/webhooks/outbox.js';

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  private time = 1_800_000_000_000;
  private readonly timers = new Set<{ at: number; act: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.time + ms, act };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  random(): number {
    return 0.5;
  }

  /** Whoever waited is gone. */
  kill(): void {
    this.timers.clear();
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.time = next.at;
      next.act();
    }
    this.time = end;
  }
}
