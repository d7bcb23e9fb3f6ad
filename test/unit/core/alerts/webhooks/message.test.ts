import { describe, expect, test } from 'vitest';
import { kindOf, mergedOf, messageOf, testMessage, weightOf } from '../../../../../src/core/alerts/webhooks/message.js';
import type { Alert } from '../../../../../src/shared/contract.js';
import { message } from './support/messages.js';

const alert: Alert = {
  ...{ id: 'a', rule: 'crash', server: 'demo', serverName: 'Demo', severity: 'error', firstAt: 5, lastAt: 9, count: 1 },
  ...{ state: 'active', data: { code: 1 } },
};
const wording = { language: 'en', title: 'title', text: 'text', fields: [] } as const;

describe('what an alert is told as', () => {
  test.each([
    ['raised', {}, 'new', 1],
    // It was held back when it began.
    ['raised', { count: 4 }, 'new', 4],
    ['again', { count: 2 }, 'again', 1],
    ['again', { count: 1, escalation: { step: 1, at: 9 } }, 'worse', 0],
    ['resolved', { count: 2, state: 'resolved' }, 'over', 0],
    ['raised', { count: 3 }, 'held', 3],
    ['again', { count: 3 }, 'held', 2],
    ['resolved', { count: 3, state: 'resolved' }, 'held', 3],
  ] as const)('%s: %j, %s, %i times', (kind, parts, reason, times) => {
    expect(kindOf({ ...alert, ...parts }, { reason, times })).toBe(kind);
  });

  test.each(['acknowledged', 'muted'] as const)('nobody is told of one that is %s', (state) => {
    expect(kindOf({ ...alert, state }, { reason: 'new', times: 1 })).toBeNull();
  });

  test('it holds what is known of the alert, but not its data', () => {
    const told = messageOf(alert, 'raised', 10, wording);
    expect(told).toMatchObject({ ...wording, at: 10, kind: 'raised', alert: { id: 'a', firstAt: 5, lastAt: 9 } });
    expect(told.alert).not.toHaveProperty('data');
  });

  test('each message has an id of its own', () => {
    expect(messageOf(alert, 'raised', 10, wording).id).not.toBe(messageOf(alert, 'raised', 10, wording).id);
    expect(testMessage(10, wording)).toMatchObject({ kind: 'test', alert: { rule: 'test', firstAt: 10 } });
  });
});

test('errors matter more than warnings, a beginning more than its end, and a person who waits the most', () => {
  const kinds = [
    message({ kind: 'resolved' }),
    message({ kind: 'again' }),
    message({ kind: 'resolved', alert: { severity: 'error' } }),
    message({ alert: { severity: 'error' } }),
    message({ kind: 'test' }),
  ];
  expect(kinds.map(weightOf)).toEqual([0, 1, 2, 3, 4]);
});

describe('two of one alert', () => {
  const later = (kind: 'again' | 'resolved') => message({ kind, alert: { count: 7 } });

  test('what began and counts on is still news', () => {
    const again = later('again');
    expect(mergedOf(message(), again)).toEqual({ ...again, kind: 'raised' });
    expect(mergedOf(message({ kind: 'again' }), again)).toEqual(again);
  });

  test('what is over is told as over', () => {
    const over = later('resolved');
    expect(mergedOf(message(), over)).toEqual(over);
  });
});
