import { describe, expect, test } from 'vitest';
import type { FindingKind, FindingMetric } from '../../../../../src/core/insight/findings/finding.js';
import { FindingBook, type Standing } from '../../../../../src/core/insight/findings/findingBook.js';

const minuteMs = 60_000;

function standing(at: number, excess = 1.2): Standing {
  return { at, ms: minuteMs, value: 100 * excess, excess, low: 40, mid: 50, high: 60, players: NaN };
}

function begin(book: FindingBook, kind: FindingKind, metric: FindingMetric, at: number): void {
  book.begin({ kind, metric, cause: 'unknown', begin: at, standing: standing(at), by: 'robust', confidence: 1 });
}

const told = (book: FindingBook): string[] => book.drain().map(({ turn, finding }) => `${turn} ${finding.kind}`);

describe('one cause, one finding', () => {
  test('what it does to other metrics is a part of it, and it lasts until all of them are as usual', () => {
    const book = new FindingBook();
    begin(book, 'cpu-without-players', 'cpu', 0);
    begin(book, 'tick-rate-low', 'tickRate', minuteMs);
    expect(told(book)).toEqual(['begin cpu-without-players']);
    expect(book.list()[0]).toMatchObject({ also: ['tickRate'], players: null });
    book.over('cpu', 5 * minuteMs);
    expect(told(book)).toEqual([]);
    book.over('tickRate', 6 * minuteMs);
    expect(told(book)).toEqual(['end cpu-without-players']);
    expect(book.isQuiet).toBe(true);
  });

  test('a symptom that was seen first turns into its cause', () => {
    const book = new FindingBook();
    begin(book, 'api-slow', 'apiTime', 0);
    begin(book, 'cpu-without-players', 'cpu', 3 * minuteMs);
    expect(told(book)).toEqual(['begin api-slow', 'change cpu-without-players']);
    expect(book.list()).toHaveLength(1);
    expect(book.list()[0]).toMatchObject({ metric: 'cpu', begin: 0, also: ['apiTime'] });
  });

  test('one that is over can be called normal, and one of now is left alone by that', () => {
    const book = new FindingBook();
    begin(book, 'cpu-high', 'cpu', 0);
    book.over('cpu', 5 * minuteMs);
    begin(book, 'cpu-high', 'cpu', 90 * minuteMs);
    const first = book.around(2 * minuteMs, 'cpu');
    expect(first).toMatchObject({ begin: 0, endedBy: 'ended' });
    if (first !== undefined) book.normal(first, 5 * minuteMs);
    expect(book.list().map(({ begin, end, endedBy }) => ({ begin, end, endedBy }))).toEqual([
      { begin: 90 * minuteMs, end: null, endedBy: null },
      { begin: 0, end: 5 * minuteMs, endedBy: 'normal' },
    ]);
  });

  test('what began an hour before is another matter', () => {
    const book = new FindingBook();
    begin(book, 'api-slow', 'apiTime', 0);
    begin(book, 'cpu-without-players', 'cpu', 60 * minuteMs);
    expect(told(book)).toEqual(['begin api-slow', 'begin cpu-without-players']);
  });

  test('two things that do not explain each other are two', () => {
    const book = new FindingBook();
    begin(book, 'leak', 'memory', 0);
    begin(book, 'cpu-without-players', 'cpu', 0);
    expect(book.list()).toHaveLength(2);
  });
});

describe('how it goes on', () => {
  test('the worst moment is kept; twice as bad is told again, once in ten minutes', () => {
    const book = new FindingBook();
    begin(book, 'cpu-high', 'cpu', 0);
    told(book);
    book.progress('cpu', standing(5 * minuteMs, 3));
    expect(told(book)).toEqual([]);
    book.progress('cpu', standing(11 * minuteMs, 2));
    expect(told(book)).toEqual(['change cpu-high']);
    expect(book.list()[0]).toMatchObject({ excess: 3, peak: 300, peakAt: 5 * minuteMs });
    book.progress('cpu', standing(30 * minuteMs, 4));
    expect(told(book)).toEqual([]);
  });

  test('a leak is worse with less than two hours left', () => {
    const book = new FindingBook();
    const leak = { bytesPerHour: 1e9, low: 9e8, high: 1.1e9, hoursLeft: 5 };
    const begun = { cause: 'bug', begin: 0, standing: standing(0), by: 'robust', confidence: 1 } as const;
    book.begin({ ...begun, kind: 'leak', metric: 'memory', leak });
    expect(book.list()[0]).toMatchObject({ severity: 'warning', leak });
    told(book);
    book.leak({ ...leak, hoursLeft: 1.5 }, minuteMs);
    expect(told(book)).toEqual(['change leak']);
    expect(book.list()[0]).toMatchObject({ severity: 'error' });
  });
});

test('the last thirty are kept', () => {
  const book = new FindingBook();
  for (let one = 0; one < 60; one++) {
    begin(book, 'cpu-high', 'cpu', one * minuteMs);
    book.over('cpu', one * minuteMs + 1);
  }
  expect(book.list()).toHaveLength(30);
  expect(book.list()[0]?.begin).toBe(59 * minuteMs);
  expect(book.around(59 * minuteMs, 'cpu')?.begin).toBe(59 * minuteMs);
  expect(book.around(-60 * minuteMs, 'cpu')).toBeUndefined();
});
