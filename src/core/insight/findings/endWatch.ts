const windowMs = 30 * 60_000;
const fewest = 3;
/** Up for so long after the last one, the loop is over. */
const calmMs = 10 * 60_000;

/** Ends that nobody asked for, one after the other. Times are Unix milliseconds. */
export class EndWatch {
  private ends: number[] = [];
  isOpen = false;

  get begin(): number {
    return this.ends[0] ?? 0;
  }

  get count(): number {
    return this.ends.length;
  }

  crashed(at: number): 'begin' | 'more' | null {
    this.ends = this.isOpen ? [...this.ends, at] : [...this.ends.filter((end) => at - end < windowMs), at];
    if (this.isOpen) return 'more';
    this.isOpen = this.ends.length >= fewest;
    return this.isOpen ? 'begin' : null;
  }

  /** Now and then, while it is up. True when a loop is over. */
  review(at: number): boolean {
    if (!this.isOpen || at - (this.ends.at(-1) ?? 0) < calmMs) return false;
    this.isOpen = false;
    this.ends = [];
    return true;
  }
}
