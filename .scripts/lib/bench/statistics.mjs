// What is said of repeated measurements. Pure, so that a test can look at it.

/** The value below which that part (0..1) of them lies, between two neighbours in proportion; undefined of none. */
export function quantile(values, part) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (place - below) * (next - sorted[below]);
}

export const median = (values) => quantile(values, 0.5);

/** The median of those that are there; undefined where none is. */
export const medianOf = (values) => median(values.filter((value) => value !== undefined && Number.isFinite(value)));

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Between what the median lies with 95 % confidence: medians of as many values, drawn with repetition, again and again.
 * Undefined of fewer than three values.
 */
export function medianInterval(values, { rounds = 10_000, seed = 7 } = {}) {
  if (values.length < 3) return undefined;
  const random = randomFrom(seed);
  const draw = () => values.map(() => values[Math.floor(random() * values.length)]);
  const medians = Array.from({ length: rounds }, () => median(draw()));
  return { low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}
