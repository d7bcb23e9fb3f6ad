import { describe, expect, test } from 'vitest';
import {
  categoriesOf,
  complaintOf,
  insightBars,
  insightMeasures,
  withScores,
} from '../../../.scripts/lib/bench/insightTable.mjs';
import { judge, tableOf } from '../../../.scripts/lib/bench/report.mjs';
import { momentOf, readSeries } from '../../bench/insight/csv.js';

describe('a series from a file', () => {
  const read = (text: string) => readSeries(text, 'one.csv');

  test('has its columns wherever they are, and what else there is does not matter', () => {
    expect(
      read('\uFEFFhost,value,"timestamp"\r\na,1.5,2014-04-01 00:00:00\r\nb,"-2e3","2014-04-01 00:05:00"\r\n'),
    ).toEqual([
      { timestamp: '2014-04-01 00:00:00', value: '1.5', at: Date.UTC(2014, 3, 1), number: 1.5 },
      { timestamp: '2014-04-01 00:05:00', value: '-2e3', at: Date.UTC(2014, 3, 1, 0, 5), number: -2000 },
    ]);
  });

  test.each(['', 'NaN', 'null', '-inf'])('%j is a value that is missing', (value) => {
    expect(read(`timestamp,value\n2014-04-01,${value}`)[0]?.number).toBeNaN();
  });

  test('may have no rows at all', () => {
    expect(read('timestamp,value\n')).toEqual([]);
  });

  test.each([
    ['', 'one.csv has no columns timestamp and value'],
    ['time,value\n1,2', 'one.csv has no columns timestamp and value'],
    ['timestamp,value\n2014-04-01,1\n2014-04-02', 'one.csv, line 3: 1 cells instead of 2: 2014-04-02'],
    ['timestamp,value\n2014-04-01,1\n\n2014-04-02,1', 'one.csv, line 3: 1 cells instead of 2: '],
    ['timestamp,value\n2014-04-01,much', 'one.csv, line 2: "much" is no number'],
    ['timestamp,value\nyesterday,1', 'one.csv, line 2: "yesterday" is no time'],
  ])('%j is refused with the place', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  const moment = Date.UTC(2014, 3, 1, 7, 5);
  test.each([
    '2014-04-01 07:05:00',
    '2014-04-01 07:05:00.000000',
    '2014-04-01T07:05:00',
    '2014-04-01T07:05Z',
    '2014-04-01 16:05:00+09:00',
    '2014-04-01T09:05:00+0200',
    '2014/04/01 07:05',
    '2014-4-1 7:05:00',
    '04/01/2014 07:05',
    'Tue, 01 Apr 2014 07:05:00 GMT',
    '1396335900',
    '1396335900.0',
    '1396335900000',
  ])('%s is a time, UTC where it does not say', (text) => {
    expect(momentOf(text)).toBe(moment);
  });

  test('a date alone is its beginning', () => {
    expect(momentOf('2014-04-01')).toBe(Date.UTC(2014, 3, 1));
  });
});

describe('what is said of it', () => {
  const run = { heading: 'this product', isProduct: true, samples: 1000, cpuMicroseconds: 900 };
  const one = (score: number, falsePositives = 0) => ({ score, falsePositives, windows: 3, hits: 2 });
  const categories = {
    realAWSCloudwatch: one(70.1, 9),
    artificialWithAnomaly: one(60.1),
    artificialNoAnomaly: one(-0.2, 2),
  };
  const met = (changes: object, more = {}): (boolean | undefined)[] =>
    judge(insightBars, {
      ...withScores(run, { threshold: 0.5, categories: { ...categories, ...changes } }),
      ...more,
    }).map((bar) => bar.met);

  test('each bar is met above its score, below its false positives and its cost', () => {
    expect(met({})).toEqual([true, true, true, true]);
    expect(met({ realAWSCloudwatch: one(69.9) })).toEqual([false, true, true, true]);
    expect(met({ artificialWithAnomaly: one(59.9) })).toEqual([true, false, true, true]);
    expect(met({ artificialNoAnomaly: one(-0.3, 3) })).toEqual([true, true, false, true]);
    expect(met({}, { cpuMicroseconds: 5100 })).toEqual([true, true, true, false]);
  });

  test('without labels nothing is judged but the cost, and there is no table of categories', () => {
    const result = withScores(run);
    expect(judge(insightBars, result).map((bar) => bar.met)).toEqual([undefined, undefined, undefined, true]);
    expect(tableOf(insightMeasures, [result]).slice(2, 5)).toEqual([
      ['microseconds of CPU per value', '0.90'],
      ['the one best threshold', '–'],
      ['realAWSCloudwatch, score', '–'],
    ]);
    expect(categoriesOf([result])).toBeUndefined();
    expect(judge(insightBars, withScores({ ...run, samples: 0 }))[3]?.met).toBeUndefined();
  });

  test('every category of the data has a line, whatever it is called', () => {
    const ours = withScores(run, { threshold: 0.5, categories: { realTweets: one(61.23, 7), all: one(50) } });
    const plain = withScores({ ...run, heading: '3 sigma' }, { threshold: 0.4, categories: { all: one(20, 30) } });
    expect(categoriesOf([ours, withScores(run), plain])?.cells).toEqual([
      [
        '',
        'this product, score',
        'windows found',
        'false positives',
        '3 sigma, score',
        'windows found',
        'false positives',
      ],
      ['all', '50', '2 of 3', '0', '20', '2 of 3', '30'],
      ['realTweets', '61.2', '2 of 3', '7', '–', '–', '–'],
    ]);
  });

  test('of a scorer that failed its error is told', () => {
    const text =
      'file:///score.mjs:90\n  if (left < 0) throw new Error(`x`);\n\nError: a.csv: no row at it\n    at y\n\nNode.js v20\n';
    expect(complaintOf(text)).toBe('Error: a.csv: no row at it');
    expect(complaintOf('usage: score.mjs\n')).toBe('usage: score.mjs');
    expect(complaintOf('')).toBe('its scorer failed and says nothing');
  });
});
