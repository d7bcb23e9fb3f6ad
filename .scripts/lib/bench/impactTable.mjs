// What the bench of the harm says about what it measured. Pure, so that a test can look at it.
import { median, quantile } from './statistics.mjs';

/** A result has `blocks` of { ticks, lost, started, done }, each of the last two with p50, p99 and max in milliseconds. */
const over = (series, field) => (result) => median(result.blocks.map((block) => block[series][field]));
const quarter = (series, field, part) => (result) =>
  quantile(
    result.blocks.map((block) => block[series][field]),
    part,
  );
const lostOf = ({ blocks }) => blocks.reduce((sum, { lost }) => sum + lost, 0);

const rowsOf = (series, words) => [
  { title: `${words}: p50, ms`, value: over(series, 'p50') },
  { title: `${words}: p99, ms`, value: over(series, 'p99') },
  { title: `${words}: p99, lower quartile, ms`, value: quarter(series, 'p99', 0.25) },
  { title: `${words}: p99, upper quartile, ms`, value: quarter(series, 'p99', 0.75) },
  { title: `${words}: max, ms`, value: over(series, 'max') },
];

export const impactMeasures = [
  ...rowsOf('started', 'tick begins late'),
  ...rowsOf('done', 'tick done after'),
  { title: 'ticks lost', value: lostOf },
  { title: 'ticks played', value: ({ blocks }) => blocks.reduce((sum, { ticks }) => sum + ticks, 0) },
];

/** How far the median p99 is above the upper quartile of the blocks with nothing; undefined without such. */
export function beyondNothing(series) {
  return (result) => {
    if (!result.nothing) return undefined;
    return over(series, 'p99')(result) - quarter(series, 'p99', 0.75)(result.nothing);
  };
}

/** What the product promises. `nothing` is the result of the blocks without a monitor. */
export const impactBars = [
  {
    title: 'p99 of the lateness above the upper quartile of nothing',
    unit: 'ms',
    limit: 0.5,
    value: beyondNothing('started'),
  },
  {
    title: 'p99 of the end of a tick above the upper quartile of nothing',
    unit: 'ms',
    limit: 0.5,
    value: beyondNothing('done'),
  },
  {
    title: 'ticks lost more than with nothing',
    unit: 'ticks',
    limit: 1,
    value: (result) => (result.nothing ? Math.max(0, lostOf(result) - lostOf(result.nothing)) : undefined),
  },
];

export const impactMain = [
  { title: { en: 'a tick begins late, p99, ms', ko: '틱 시작 지연 p99(ms)' }, value: over('started', 'p99') },
  { title: { en: 'a tick is done after, p99, ms', ko: '틱 완료까지 p99(ms)' }, value: over('done', 'p99') },
  { title: { en: 'ticks lost', ko: '놓친 틱' }, value: lostOf },
];
