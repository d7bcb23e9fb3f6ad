import { expect, test } from 'vitest';
import type { InsightSample } from '../../../src/core/insight/findings/serverInsight.js';
import { SampleMeans } from '../../../src/core/insightSamples.js';
import { noon, sample } from '../extension/fixtures.js';

type Draft = { -readonly [field in keyof InsightSample]: InsightSample[field] };

const nothing: InsightSample = {
  ...{ at: 0, cpu: null, memory: null, tickRate: null, frameTime: null, players: null },
  ...{ ioRead: null, ioWrite: null, apiTime: null },
};

/** What is told of these measurements; at: seconds after noon. */
function told(
  means: SampleMeans,
  measured: readonly (readonly [at: number, change: Parameters<typeof sample>[0]])[],
): InsightSample[] {
  return measured.flatMap(([at, change]) => {
    const into: Draft = { ...nothing };
    means.add(sample({ ...change, at: noon + at * 1000 }));
    if (means.due === 'no') return [];
    means.take(into);
    return [{ ...into, at: (into.at - noon) / 1000 }];
  });
}

test('what comes more often than every five seconds is told as its mean, of what is known', () => {
  const measured = [0, 2, 4, 6].map((at) => [at, { cpu: 10 * at, players: at === 4 ? 3 : null, memory: 7 }] as const);
  expect(told(new SampleMeans(), measured)).toEqual([
    { ...nothing, at: 0, cpu: 0, memory: 7 },
    { ...nothing, at: 6, cpu: 40, players: 3, memory: 7 },
  ]);
});

test('what comes every five seconds, give or take a little, is told each time', () => {
  const measured = [0, 4.9, 9.9, 14.8].map((at) => [at, { cpu: at }] as const);
  expect(told(new SampleMeans(), measured).map(({ cpu }) => cpu)).toEqual([0, 4.9, 9.9, 14.8]);
});

test('every metric keeps its place', () => {
  const all = { cpu: 1, memory: 2, tickRate: 3, frameTime: 4, players: 5, ioRead: 6, ioWrite: 7, apiTime: 8 };
  expect(told(new SampleMeans(), [[0, all]])).toEqual([{ ...all, at: 0 }]);
});

test('what was before a gap, a clock that was set, or another life is left out', () => {
  const means = new SampleMeans();
  told(means, [
    [0, { cpu: 1 }],
    [2, { cpu: 100 }],
  ]);
  expect(told(means, [[90, { cpu: 2 }]])[0]?.cpu).toBe(2);
  told(means, [[92, { cpu: 100 }]]);
  expect(told(means, [[50, { cpu: 3 }]])[0]?.cpu).toBe(3);
  told(means, [[52, { cpu: 100 }]]);
  means.clear();
  expect(told(means, [[56, { cpu: 4 }]])[0]?.cpu).toBe(4);
});

test('what could be told may wait for a minute, and counts in the mean then', () => {
  const means = new SampleMeans();
  told(means, [[0, { cpu: 1 }]]);
  const due: string[] = [];
  for (let at = 3; at <= 63; at += 3) {
    means.add(sample({ at: noon + at * 1000, cpu: at }));
    due.push(means.due);
  }
  expect(due.slice(0, 2)).toEqual(['no', 'soon']);
  expect(due.slice(-2)).toEqual(['soon', 'now']);
  const into: Draft = { ...nothing };
  means.take(into);
  expect(into.cpu).toBe(33);
});
