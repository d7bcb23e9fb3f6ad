import type { Values } from '../../shared/values.js';
import type { IncidentPoint } from './record.js';
import type { Column, Texts } from './texts.js';

/** As many as a person reads: five minutes at the usual interval. */
const allRows = 100;
/** First, last, and three of each stretch. */
const stretches = 19;

/** Measurements as a Markdown table, one row each; columns that nothing is known of are left out. */
export function sampleTable(points: readonly IncidentPoint[], texts: Texts, values: Values): string {
  const shown = thinned(points);
  const columns = columnsOf(values).filter(
    ({ of, isAlways }) => isAlways === true || points.some((point) => point[of as keyof IncidentPoint] !== null),
  );
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [
    row(columns.map(({ of }) => texts.columns[of])),
    row(columns.map(({ of }) => (of === 'time' ? '---' : '---:'))),
    ...shown.map((point) => row(columns.map(({ show }) => show(point)))),
  ].join('\n');
  return shown.length === points.length ? table : `${texts.thinned(shown.length, points.length)}\n\n${table}`;
}

interface Shown {
  readonly of: Column;
  readonly isAlways?: true;
  readonly show: (point: IncidentPoint) => string;
}

function columnsOf(values: Values): readonly Shown[] {
  return [
    { of: 'time', isAlways: true, show: ({ at }) => values.time(at) },
    { of: 'cpu', isAlways: true, show: ({ cpu }) => values.percent(cpu) },
    { of: 'memory', isAlways: true, show: ({ memory }) => values.bytes(memory) },
    { of: 'players', isAlways: true, show: ({ players }) => values.count(players) },
    { of: 'threads', show: ({ threads }) => values.count(threads) },
    { of: 'ioRead', show: ({ ioRead }) => values.perSecond(ioRead) },
    { of: 'ioWrite', show: ({ ioWrite }) => values.perSecond(ioWrite) },
    { of: 'tickRate', show: ({ tickRate }) => values.number(tickRate) },
    { of: 'frameTime', show: ({ frameTime }) => values.milliseconds(frameTime) },
    { of: 'apiTime', show: ({ apiTime }) => values.milliseconds(apiTime) },
    { of: 'hostCpu', isAlways: true, show: ({ hostCpu }) => values.percent(hostCpu) },
    { of: 'hostMemory', isAlways: true, show: ({ hostMemory }) => values.percent(hostMemory) },
  ];
}

/** All of up to 100; of more, at most 60: the ends, and of each stretch between what stands out in it. */
export function thinned(points: readonly IncidentPoint[]): IncidentPoint[] {
  if (points.length <= allRows) return [...points];
  const kept = new Set<IncidentPoint | undefined>([points[0], points.at(-1)]);
  const length = points.length / stretches;
  for (let n = 0; n < stretches; n++) {
    const stretch = points.slice(Math.floor(n * length), Math.floor((n + 1) * length));
    kept.add(highest(stretch, ({ cpu }) => cpu ?? -1));
    kept.add(highest(stretch, ({ cpu }) => -(cpu ?? Infinity)));
    kept.add(highest(stretch, ({ memory }) => memory ?? -1));
  }
  return points.filter((point) => kept.has(point));
}

function highest(points: readonly IncidentPoint[], by: (point: IncidentPoint) => number): IncidentPoint | undefined {
  return points.reduce<IncidentPoint | undefined>(
    (best, point) => (best === undefined || by(point) > by(best) ? point : best),
    undefined,
  );
}
