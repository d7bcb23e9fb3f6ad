/**
 * The computing of the game. It is a fixed number of steps and not a time, so that it takes longer when the processor is
 * wanted elsewhere, as with a real game. The numbers are calibrated on one core of a server processor at 2.6 GHz:
 * about a third of a millisecond per tick for the world, and three quarters for each player.
 */
export const stepsPerTick = 60_000;
export const stepsPerPlayer = 140_000;

/** 64 KB: stays in a cache that ticks of other games would use, too. */
const cells = 16_384;

export class WorldMap {
  private readonly map = new Uint32Array(cells);
  private at: number;

  constructor(seed: number) {
    this.at = seed >>> 0;
    for (let i = 0; i < cells; i++) this.map[i] = Math.imul(i + 1, 0x9e3779b1);
  }

  /** Moves things about. Each step depends on the one before, so that nothing can be left out. */
  run(steps: number): void {
    const map = this.map;
    let at = this.at;
    for (let i = 0; i < steps; i++) {
      at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
      const cell = at >>> 18;
      at ^= map[cell] ?? 0;
      map[cell] = (at ^ (at << 13)) >>> 0;
    }
    this.at = at >>> 0;
  }

  /** A number that tells two states of the map apart. */
  get checksum(): number {
    return this.at;
  }

  /** One piece of region data: mixed from the map, which costs time as packing does in a game. */
  fillRegion(into: Uint32Array, steps: number): void {
    this.run(steps);
    for (let i = 0; i < into.length; i++) into[i] = Math.imul((this.map[i % cells] ?? 0) ^ this.at, i | 1);
  }
}
