import { randomFrom } from '../../../../../.scripts/lib/bench/statistics.mjs';

/** A series with a value every `stepMs`, NaN where one is missing. */
export interface Series {
  readonly at: readonly number[];
  readonly values: readonly number[];
}
type Random = () => number;
/** The value of a sample; `random` is the series' own. */
type Shape = (index: number, random: Random) => number;

/** A Monday, 00:00 UTC. */
const begin = Date.UTC(2026, 0, 5);
export const stepMs = 5 * 60_000;
/** Samples of a day. */
export const day = 288;

export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with three degrees of freedom: a value beyond ten deviations every few thousand. */
export function heavy(random: Random): number {
  const chi = gauss(random) ** 2 + gauss(random) ** 2 + gauss(random) ** 2;
  return gauss(random) / Math.sqrt(chi / 3);
}

export function seriesOf(seed: number, length: number, shape: Shape): Series {
  const random = randomFrom(seed);
  const indices = Array.from({ length }, (_, index) => index);
  return { at: indices.map((index) => begin + index * stepMs), values: indices.map((index) => shape(index, random)) };
}

/** The same series, changed from a sample on, or for some of them. */
export function changed(series: Series, change: (value: number, index: number) => number): Series {
  return { at: series.at, values: series.values.map(change) };
}

/** One value depends on the one before it: made anew for each series. */
function wandering(keep: number, step: (random: Random) => number): () => Shape {
  return () => {
    let last = 0;
    return (_, random) => {
      last = keep * last + step(random);
      return 100 + last;
    };
  };
}

const spread = (random: Random): number => -Math.log(1 - random());

/** How many of a rare thing happen: four on average. */
function countOf(random: Random): number {
  let [part, number] = [Math.exp(-4), 0];
  for (let left = random(); left > part; number += 1) {
    left -= part;
    part *= 4 / (number + 1);
  }
  return number;
}

/** Values that do not depend on each other, by how they are distributed. */
export const noises: Readonly<Record<string, (random: Random) => number>> = {
  normal: gauss,
  even: (random) => random(),
  exponential: spread,
  Laplace: (random) => spread(random) - spread(random),
  lognormal: (random) => Math.exp(gauss(random)),
  'Student, 3 degrees': heavy,
  Poisson: countOf,
  'whole numbers': (random) => Math.round(gauss(random)),
  'two peaks': (random) => (random() < 0.3 ? 10 : 0) + gauss(random),
};

const hourOf = (index: number): number => ((index % day) / day) * 24;
const isWeekend = (index: number): boolean => Math.floor(index / day) % 7 >= 5;
const atWork = (index: number): boolean => hourOf(index) >= 9 && hourOf(index) < 18;

/** Series in which nothing is wrong, by what is hard about them. Each call of one makes a new shape. */
export const calm: Readonly<Record<string, () => Shape>> = {
  noise: () => (_, random) => 50 + 3 * gauss(random),
  'heavy tails': () => (_, random) => 50 + heavy(random),
  'one-sided noise': () => (_, random) => Math.exp(gauss(random)),
  'slow waves': wandering(0.95, gauss),
  'a random walk': wandering(1, (random) => 0.2 * gauss(random)),
  'counts of players': () => (index, random) =>
    Math.max(0, Math.round(10 + 8 * Math.sin((index / day) * 2 * Math.PI) + 1.5 * gauss(random))),
  'a day with its rhythm': () => (index, random) => (atWork(index) ? 80 : 20) + 2 * gauss(random),
  'a week with its rhythm': () => (index, random) => (atWork(index) && !isWeekend(index) ? 80 : 20) + 2 * gauss(random),
  'saves every hour': () => (index, random) => (index % 12 < 2 ? 70 + 5 * gauss(random) : 20) + gauss(random),
  'saves every five hours': () => (index, random) => (index % 60 < 3 ? 90 + 5 * gauss(random) : 20) + gauss(random),
  'spikes now and then': () => (_, random) => (random() < 0.02 ? 40 + 50 * random() : 5) + gauss(random),
  'a slow climb': () => (index, random) => 100 + 0.02 * index + gauss(random),
  'two levels': () => (_, random) => (random() < 0.3 ? 0.066 : 0.134) + 0.001 * gauss(random),
  constant: () => () => 45,
};
