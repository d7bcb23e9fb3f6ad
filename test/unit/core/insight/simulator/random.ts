/** mulberry32: the same numbers from the same seed, 0 to 1. */
export class Random {
  private state: number;
  private spare = NaN;

  constructor(seed: number) {
    this.state = (seed * 2_654_435_761 + 12_345) >>> 0;
    for (let warm = 0; warm < 3; warm++) this.next();
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const { spare } = this;
      this.spare = NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[Math.floor(this.next() * values.length)] ?? values[0];
  }

  /** How many of what comes so often on average. */
  poisson(mean: number): number {
    let left = Math.exp(-mean);
    let count = -1;
    let product = 1;
    left = Math.max(left, 1e-300);
    do {
      count++;
      product *= this.next();
    } while (product > left && count < 200);
    return count;
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    const mixed = [...values];
    for (let place = mixed.length - 1; place > 0; place--) {
      const other = Math.floor(this.next() * (place + 1));
      const [a, b] = [mixed[place], mixed[other]];
      if (a === undefined || b === undefined) continue;
      mixed[place] = b;
      mixed[other] = a;
    }
    return mixed;
  }
}

/** Noise that lasts: as strong as 1, and remembered for so long. */
export class Lasting {
  value: number;
  private readonly kept: number;

  constructor(
    private readonly random: Random,
    stepMs: number,
    lastsMs: number,
  ) {
    this.kept = Math.exp(-stepMs / lastsMs);
    this.value = random.normal();
  }

  next(): number {
    this.value = this.kept * this.value + Math.sqrt(1 - this.kept * this.kept) * this.random.normal();
    return this.value;
  }
}
