import { describe, expect, test } from 'vitest';
import {
  anomalyCauses,
  anomalyKinds,
  anomalyMetrics,
  anomalyOf,
  hintOf,
  type Anomaly,
} from '../../../src/shared/anomaly.js';
import {
  anomalyAlso,
  anomalyHint,
  anomalyLabel,
  anomalySentence,
  anomalyTitle,
} from '../../../src/shared/anomalyText.js';

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.UTC(2026, 10, 22, 12);
const megabyte = 1024 ** 2;

function of(change: Partial<Anomaly>): Anomaly {
  return {
    ...{ key: 'a', kind: 'cpu-without-players', metric: 'cpu', cause: 'bug', severity: 'warning' },
    ...{ begin: noon - 90_000, end: null, endedBy: null, value: 300, peak: 312, peakAt: noon },
    ...{ low: 120, mid: 140, high: 170, players: 5, by: 'robust', confidence: 1, also: [] },
    ...{ bytesPerHour: null, hoursLeft: null },
    ...change,
  };
}

const cases: readonly (readonly [Partial<Anomaly>, string, string])[] = [
  [
    {},
    'CPU 312 %, expected 120 to 170 % for 5 players at this hour, for 1 min 30 s.',
    'CPU 312%(예상: 이 시간대 플레이어 5명 120~170%), 1분 30초 동안.',
  ],
  [
    { players: 1, end: noon - minute },
    'CPU 312 %, expected 120 to 170 % for 1 player at this hour, for 30 s.',
    'CPU 312%(예상: 이 시간대 플레이어 1명 120~170%), 30초 동안.',
  ],
  [
    { low: 0, players: null },
    'CPU 312 %, expected 0 to 170 % at this hour, for 1 min 30 s.',
    'CPU 312%(예상: 이 시간대 0~170%), 1분 30초 동안.',
  ],
  [
    { players: null, by: 'three-sigma' },
    'CPU 312 %, expected 120 to 170 %, for 1 min 30 s.',
    'CPU 312%(예상: 120~170%), 1분 30초 동안.',
  ],
  [
    {
      kind: 'memory-high',
      metric: 'memory',
      peak: 6e9,
      low: 900 * megabyte,
      high: 2.2e9,
      players: 0,
      begin: noon - 95 * minute,
    },
    'Memory 5.6 GB, expected 900 MB to 2.0 GB for 0 players at this hour, for 1 h 35 min.',
    '메모리 5.6GB(예상: 이 시간대 플레이어 0명 900MB~2.0GB), 1시간 35분 동안.',
  ],
  [
    { kind: 'tick-rate-low', metric: 'tickRate', peak: 12.34, low: 19.99, high: 20.01, players: null },
    'Tick rate 12.3, expected 20.0 at this hour, for 1 min 30 s.',
    '틱 레이트 12.3(예상: 이 시간대 20.0), 1분 30초 동안.',
  ],
  [
    { kind: 'leak', metric: 'memory', bytesPerHour: 52 * megabyte, hoursLeft: 5.2, begin: noon - 190 * minute },
    'Memory has grown by 52 MB an hour for 3 h 10 min, whoever plays. If it goes on like this, the PC has none left in about 5 h 12 min.',
    '플레이어 수와 관계없이 메모리가 시간당 52MB씩 3시간 10분 동안 늘었습니다. 이대로라면 약 5시간 12분 뒤에 PC의 메모리가 바닥납니다.',
  ],
  [
    { kind: 'save-missing', metric: 'save', begin: noon - 9 * minute, mid: 5 * minute, high: 12 * minute },
    'No save for 14 min; one is expected every 5 min.',
    '14분 동안 세이브가 없습니다. 보통 5분마다 세이브합니다.',
  ],
  [
    { kind: 'save-long', metric: 'save', peak: 6 * minute, high: 90_000, begin: noon - 7 * minute },
    'A save has taken 7 min; at most 1 min 30 s is expected.',
    '세이브에 7분 걸렸습니다(예상: 최대 1분 30초).',
  ],
  [
    { kind: 'crash-loop', metric: 'ends', peak: 3, peakAt: noon, begin: noon - 4 * minute },
    '3 crashes within 4 min.',
    '4분 동안 크래시 3회.',
  ],
];

test.each(cases)('%j', (change, english, korean) => {
  expect(anomalySentence(of(change), 'en', noon)).toBe(english);
  expect(anomalySentence(of(change), 'ko', noon)).toBe(korean);
});

test('the title says what is wrong, also of what is not known here', () => {
  expect(anomalyTitle({ kind: 'cpu-high', metric: 'cpu' }, 'en')).toBe('CPU usage anomaly');
  expect(anomalyTitle({ kind: 'cpu-high', metric: 'cpu' }, 'ko')).toBe('CPU 사용량 이상');
  expect(anomalyTitle({ kind: 'leak', metric: 'memory' }, 'ko')).toBe('메모리 누수 의심');
  expect(anomalyTitle({ kind: 'level-change', metric: 'tickRate' }, 'en')).toBe('tick rate on a new level');
  expect(anomalyTitle({ kind: 'moon', metric: 'moon' }, 'en')).toBe('anomaly');
  expect(anomalyTitle({ metric: '__proto__' }, 'ko')).toBe('이상 패턴');
});

describe('every kind, metric and cause', () => {
  const all = anomalyKinds.flatMap((kind) =>
    anomalyMetrics.flatMap((metric) => anomalyCauses.map((cause) => of({ kind, metric, cause, also: [metric] }))),
  );

  test('has words in both languages, without those of the code', () => {
    for (const one of all) {
      const words = (['en', 'ko'] as const).map((language) =>
        [
          ...[anomalyTitle(one, language), anomalySentence(one, language, noon), anomalyHint(one, language)],
          ...[anomalyAlso(one, language) ?? '', anomalyLabel(one.metric, language)],
        ].join(' '),
      );
      for (const text of words) expect(text).not.toMatch(/undefined|null|NaN|baseline|Infinity| {2}/);
      expect(words[0]).not.toMatch(/\p{Script=Hangul}/u);
      expect(words[1]).toMatch(/\p{Script=Hangul}/u);
    }
  });

  test('with the cause in the hint where that makes a difference', () => {
    expect(hintOf({ kind: 'game-bound', cause: 'game' })).not.toBe(hintOf({ kind: 'game-bound', cause: 'load' }));
    expect(hintOf({ kind: 'tick-rate-low', cause: 'disk' })).toBe('disk');
    expect(hintOf({ kind: 'api-slow', cause: 'host' })).toBe(hintOf({ kind: 'host-bound', cause: 'host' }));
    expect(hintOf({ kind: 'cpu-without-players', cause: 'bug' })).toBe('bug');
  });
});

describe('data', () => {
  test('is read as it was written', () => {
    const one = of({ also: ['tickRate'], end: noon, endedBy: 'gone', players: null });
    expect(anomalyOf(JSON.parse(JSON.stringify(one)) as Record<string, unknown>)).toEqual(one);
  });

  test.each([
    ['nothing', {}],
    ['of an unknown kind', { ...of({}), kind: 'moon' }],
    ['of an unknown metric', { ...of({}), metric: 'constructor' }],
    ['without a beginning', { ...of({}), begin: null }],
    ['with a worst that is no number', { ...of({}), peak: 'much' }],
  ])('%s is none', (_, data) => {
    expect(anomalyOf({ ...data })).toBeUndefined();
  });

  test('with what makes no sense is read without that', () => {
    const read = anomalyOf({ ...of({}), also: ['cpu', 5, 'moon'], players: NaN, cause: 7, severity: 'bad', end: 'x' });
    expect(read).toMatchObject({ also: ['cpu'], players: null, cause: 'unknown', severity: 'warning', end: null });
  });
});

test('an hour and more is told in hours', () => {
  expect(anomalySentence(of({ begin: noon - 3 * hour }), 'en', noon)).toContain('for 3 h.');
});
