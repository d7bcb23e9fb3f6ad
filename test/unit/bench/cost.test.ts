import { describe, expect, test } from 'vitest';
import { beyondNothing, impactBars, type ImpactResult } from '../../../.scripts/lib/bench/impactTable.mjs';
import { diskBars, diskMeasures, ratiosOf } from '../../../.scripts/lib/bench/diskTable.mjs';
import { politeBars, summarize, type Window } from '../../../.scripts/lib/bench/politeTable.mjs';
import { kilobytesOf, numberOf, schedstatOf, switchesOf } from '../../../.scripts/lib/bench/procTexts.mjs';
import { mainTable, replaceBetween, type MainMeasure } from '../../../.scripts/lib/bench/publishing.mjs';
import { judge, pageOf } from '../../../.scripts/lib/bench/report.mjs';
import { median, medianInterval, medianOf, quantile, randomFrom } from '../../../.scripts/lib/bench/statistics.mjs';

describe('statistics', () => {
  test('quantiles lie between neighbours in proportion', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([5], 0.99)).toBe(5);
    expect(quantile([], 0.5)).toBeUndefined();
    expect(median([10, 1, 2])).toBe(2);
    expect(median([1, 2])).toBe(1.5);
  });

  test('what was not measured does not count', () => {
    expect(medianOf([undefined, 3, Number.NaN, 1])).toBe(2);
    expect(medianOf([undefined])).toBeUndefined();
  });

  test('chance is the same for the same seed', () => {
    const numbers = (seed: number): number[] => Array.from({ length: 50 }, randomFrom(seed));
    expect(numbers(3)).toEqual(numbers(3));
    expect(numbers(3)).not.toEqual(numbers(4));
    for (const number of numbers(5)) expect(number >= 0 && number < 1).toBe(true);
  });

  test('the interval of a median holds it, is narrower of more values, and takes three', () => {
    const values = (count: number): number[] => Array.from({ length: count }, randomFrom(9));
    const few = medianInterval(values(10))!;
    const many = medianInterval(values(400))!;
    expect(few.low).toBeLessThan(median(values(10))!);
    expect(few.high).toBeGreaterThan(median(values(10))!);
    expect(many.high - many.low).toBeLessThan((few.high - few.low) / 2);
    expect(medianInterval([1, 2])).toBeUndefined();
    // By the binomial distribution: between the 40th and the 61st of a hundred.
    const { low, high } = medianInterval(Array.from({ length: 100 }, (_, index) => index + 1))!;
    expect([Math.abs(low - 40.5) < 2, Math.abs(high - 60.5) < 2]).toEqual([true, true]);
  });
});

test('what Linux says of processes', () => {
  const status = 'Name:\tnode\nVmRSS:\t   2048 kB\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t5\n';
  expect(kilobytesOf(status, 'VmRSS')).toBe(2048 * 1024);
  expect(switchesOf(status)).toBe(12);
  expect(numberOf('rchar: 1\nwrite_bytes: 4096\ncancelled_write_bytes: 9\n', 'write_bytes')).toBe(4096);
  expect(schedstatOf('123456 789 10\n')).toBe(123456);
  expect([numberOf('', 'x'), schedstatOf('')]).toEqual([0, 0]);
});

describe('cost', () => {
  const megabyte = 1024 ** 2;
  const window = (cpuMs: number, more: Partial<Window> = {}): Window => ({
    ...{ seconds: 30, cpuMs, writtenBytes: 1024, switches: 5, rounds: 15, processes: [] },
    ...more,
  });

  test('is told per minute, as medians, and in multiples of the same run', () => {
    const runs = [
      { product: window(20), minimal: window(10) },
      { product: window(90), minimal: window(30) },
      { product: window(40), minimal: window(10) },
    ];
    const found = summarize(runs, 'product')!;
    expect(found).toMatchObject({ cpuMs: 80, times: 3, kilobytes: 2, switches: 10, rounds: 30 });
    expect([found.lowest, found.highest]).toEqual([40, 180]);
    expect(found.rss).toBeUndefined();
    expect(found.early).toBeUndefined();
    expect(summarize(runs, 'product', window(75))).toMatchObject({ cpuMs: 80, early: 150 });
    expect(summarize(runs, 'pm2')).toBeUndefined();
  });

  test('is judged by the worst memory and by the multiples', () => {
    const of = (role: string, mb: number): Window['processes'][number] => {
      return { pid: 1, role, cpuMs: 1, rss: mb * megabyte, pss: megabyte };
    };
    const by = (times: number, core: number) => {
      const processes = [of('core', core), of('launcher', 46)];
      return summarize([{ product: window(times, { processes }), minimal: window(1) }], 'product')!;
    };
    const result = { heading: 'ours', isProduct: true, by: { 20: by(2.4, 70), 200: by(2.1, 81) } };
    expect(judge(politeBars, result).map(({ met }) => met)).toEqual([true, false, false, true]);
    expect(judge(politeBars, result)[2]?.measured).toBe(81);
  });
});

describe('harm', () => {
  const block = (p99: number, lost = 0) => {
    return { ticks: 100, lost, started: { p50: 0, p99, max: 9 }, done: { p50: 35, p99: 35 + p99, max: 44 } };
  };
  const nothing: ImpactResult = {
    heading: 'nothing',
    isProduct: false,
    blocks: [1, 2, 3, 4, 5].map((p99) => block(p99)),
  };
  const ours = (p99: number, lost = 0): ImpactResult => {
    return { heading: 'ours', isProduct: true, blocks: [block(p99, lost), block(p99)], nothing };
  };

  test('is what is above the upper quartile of nothing', () => {
    expect(beyondNothing('started')(ours(4.2))).toBeCloseTo(0.2);
    expect(beyondNothing('started')(ours(1))).toBe(-3);
    expect(beyondNothing('started')(nothing)).toBeUndefined();
  });

  test('is judged with half a millisecond and not one lost tick', () => {
    expect(judge(impactBars, ours(4.4)).map(({ met }) => met)).toEqual([true, true, true]);
    expect(judge(impactBars, ours(4.6)).map(({ met }) => met)).toEqual([false, false, true]);
    expect(judge(impactBars, ours(1, 1)).map(({ met }) => met)).toEqual([true, true, false]);
  });
});

describe('saves', () => {
  const pairs = [110, 100, 103].map((ms) => ({ with: ms, without: 100 }));
  const ours = { heading: 'ours', isProduct: true, pairs };

  test('are compared pair by pair', () => {
    expect(ratiosOf(ours)).toEqual([1.1, 1, 1.03]);
    expect(judge(diskBars, ours).map(({ met }) => met)).toEqual([true]);
    expect(judge(diskBars, { ...ours, pairs: pairs.slice(0, 1) }).map(({ met }) => met)).toEqual([false]);
  });

  test('without the product have times, and nothing to be compared with', () => {
    const values = diskMeasures.map(({ value }) => value({ ...ours, isProduct: false }));
    expect(values.slice(0, 4)).toEqual([100, 100, 100, 100]);
    expect(values.slice(4)).toEqual([undefined, undefined, undefined]);
  });
});

describe('publishing', () => {
  const page = 'a\n<!-- bench:polite -->\nold\n<!-- /bench:polite -->\nb\n';

  test('changes what stands between the marks, and nothing else', () => {
    const changed = replaceBetween(page, 'polite', 'new');
    expect(changed).toBe('a\n<!-- bench:polite -->\nnew\n<!-- /bench:polite -->\nb\n');
    expect(replaceBetween(changed, 'polite', 'old')).toBe(page);
    expect(() => replaceBetween(page, 'disk', 'new')).toThrow('no place for disk');
  });

  test('shows the product first, and when and where it was measured', () => {
    const measures: MainMeasure<{ heading: string; isProduct: boolean; cost: number }>[] = [
      { title: { en: 'cost', ko: '비용' }, value: ({ cost }) => cost },
    ];
    const results = [
      { heading: 'minimal loop', isProduct: false, cost: 5 },
      { heading: 'product', isProduct: true, cost: 2 },
    ];
    const found = { results, date: '2026-01-02T03:04:05Z', machine: 'a PC' };
    expect(mainTable(measures, found, 'ko')).toBe(
      '|  | 이 확장 | 최소 루프 |\n|---|---:|---:|\n| 비용 | 2.00 | 5.00 |\n\n*2026-01-02, a PC*',
    );
    expect(mainTable(measures, found, 'en')).toContain(
      '|  | this product | minimal loop |\n|---|---:|---:|\n| cost | 2.00 | 5.00 |',
    );
  });

  test('a page has its sections below its own level', () => {
    const cells = [
      ['', 'x'],
      ['y', '1'],
    ];
    const sections = [{ heading: 'More', about: 'of it', cells }];
    const text = pageOf(
      { name: 'polite', about: 'cost' },
      { cells, remarks: ['r'], bars: [], facts: ['f'], sections },
      2,
    );
    expect(text).toContain('## Bench: polite\n\ncost');
    expect(text).toContain('### More\n\nof it\n\n|  | x |');
    expect(text).not.toContain('Bars');
  });
});
