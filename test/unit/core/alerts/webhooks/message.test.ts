import { describe, expect, test } from 'vitest';
import { mergedOf, messageOf, testMessage, weightOf } from '../../../../../src/core/alerts/webhooks/message.js';
import type { Alert } from '../../../../../src/shared/contract.js';
import { message } from './support/messages.js';

const alert: Alert = {
  ...{ id: 'a', rule: 'crash', server: 'demo', serverName: 'Demo', severity: 'error', firstAt: 5, lastAt: 9, count: 1 },
  ...{ state: 'active', data: { code: 1 } },
};
const worded = (kind: string) => ({ title: `title ${kind}`, text: 'text', fields: [] });

describe('what an alert is told as', () => {
  test.each([
    [{}, 'raised'],
    [{ count: 2 }, 'again'],
    [{ count: 2, state: 'resolved' }, 'resolved'],
  ] as const)('%j', (parts, kind) => {
    const told = messageOf({ ...alert, ...parts }, 10, worded)!;
    expect(told).toMatchObject({ at: 10, kind, title: `title ${kind}`, alert: { id: 'a', firstAt: 5, lastAt: 9 } });
    expect(told.alert).not.toHaveProperty('data');
  });

  test('nobody is told that somebody has seen it', () => {
    expect(messageOf({ ...alert, state: 'acknowledged' }, 10, worded)).toBeNull();
  });

  test('each message has an id of its own', () => {
    expect(messageOf(alert, 10, worded)!.id).not.toBe(messageOf(alert, 10, worded)!.id);
    expect(testMessage(10, worded('test'))).toMatchObject({ kind: 'test', alert: { rule: 'test', firstAt: 10 } });
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
