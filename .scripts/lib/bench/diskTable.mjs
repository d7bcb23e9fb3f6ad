// What the bench of saves says about what it measured. Pure, so that a test can look at it.
import { median, medianInterval, quantile } from './statistics.mjs';

/** Times of the save with the monitor to that without, of each pair. `pairs` have milliseconds: with, without. */
export const ratiosOf = ({ pairs }) => pairs.map((pair) => pair.with / pair.without);

const times = (result) => result.pairs.map((pair) => pair[result.isProduct ? 'with' : 'without']);
const ofProduct = (value) => (result) => (result.isProduct ? value(result) : undefined);
const ratio = ofProduct((result) => median(ratiosOf(result)));

export const diskMeasures = [
  { title: 'a save, median, ms', value: (result) => median(times(result)) },
  { title: 'a save, lower quartile, ms', value: (result) => quantile(times(result), 0.25) },
  { title: 'a save, upper quartile, ms', value: (result) => quantile(times(result), 0.75) },
  { title: 'a save, longest, ms', value: (result) => Math.max(...times(result)) },
  { title: 'times without, median of pairs', value: ratio },
  { title: 'times without, 95 % from', value: ofProduct((result) => medianInterval(ratiosOf(result))?.low) },
  { title: 'times without, 95 % to', value: ofProduct((result) => medianInterval(ratiosOf(result))?.high) },
];

export const diskBars = [{ title: 'a save, with to without', unit: 'times', limit: 1.05, value: ratio }];

export const diskMain = [
  { title: { en: 'a save of 500 MB, ms', ko: '500 MB 저장 시간(ms)' }, value: (result) => median(times(result)) },
];
