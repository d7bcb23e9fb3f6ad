import { serve } from '../../support/serve.js';

interface Thing {
  readonly id: number;
  x: number;
  readonly tags: number[];
}

const ringSize = 4096;
const clutterBytes = 256 * 1024;
const trials = 12;
const clock = new Int32Array(new SharedArrayBuffer(4));
const ring: Thing[] = [];
let world = new Uint32Array(0);
let clutter: Uint8Array | undefined;
let seed = 1;

/** A tick's work: reads and writes all over the world, and throws away objects and blocks as games do. */
function work(steps: number): void {
  const last = world.length - 1;
  for (let step = 0; step < steps; step += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const at = seed & last;
    world[at] = (world[at] ?? 0) + step;
    if (step % 64 === 0) ring[seed % ringSize] = { id: step, x: seed, tags: [step, seed] };
  }
  clutter = new Uint8Array(clutterBytes).fill(seed & 255);
}

/** Sleeps without the event loop, whose timers know whole milliseconds only. */
function sleepUntil(at: number): void {
  for (let left = at - performance.now(); left > 0; left = at - performance.now()) Atomics.wait(clock, 0, 0, left);
}

function spread(values: number[]): { p50: number; p99: number; max: number } {
  const sorted = values.sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

interface Block {
  readonly seconds: number;
  readonly periodMs: number;
  readonly steps: number;
}

/** A game with a loop of fixed length. While it plays it answers nobody. */
serve({
  /** A power of two of bytes, all of it touched. */
  prepare({ bytes }: { bytes: number }) {
    world = new Uint32Array(bytes / 4).fill(1);
  },
  /** Steps that take this long; the quickest of several trials counts, as others may be at work. */
  calibrate({ targetMs }: { targetMs: number }) {
    const steps = 200_000;
    let best = Infinity;
    for (let trial = 0; trial < trials; trial += 1) {
      const before = performance.now();
      work(steps);
      best = Math.min(best, performance.now() - before);
    }
    return Math.round((steps * targetMs) / best);
  },
  play({ seconds, periodMs, steps }: Block) {
    const [started, done]: [number[], number[]] = [[], []];
    let lost = 0;
    let due = performance.now() + periodMs;
    const end = due + seconds * 1000;
    while (due < end) {
      sleepUntil(due);
      started.push(performance.now() - due);
      work(steps);
      const now = performance.now();
      done.push(now - due);
      due += periodMs;
      // What could not begin before the next one is due is never made up for.
      while (now > due + periodMs) {
        lost += 1;
        due += periodMs;
      }
    }
    return { ticks: started.length, lost, started: spread(started), done: spread(done), clutter: clutter?.length ?? 0 };
  },
});
