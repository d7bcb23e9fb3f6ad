import { describe, expect, test } from 'vitest';
import { Failure, messageOf } from '../../../src/shared/failure.js';

describe('Failure', () => {
  test('is an error with a code, its data, and a message for logs', () => {
    const failure = new Failure('busy', { id: 'demo' }, 'still stopping');
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ name: 'Failure', code: 'busy', data: { id: 'demo' }, message: 'still stopping' });
    expect(new Failure('io')).toMatchObject({ data: {}, message: 'io' });
  });

  test('is told by its code', () => {
    const failure: unknown = new Failure('timeout', { ms: 5 });
    expect(Failure.is(failure)).toBe(true);
    expect(Failure.is(failure, 'timeout')).toBe(true);
    expect(Failure.is(failure, 'busy')).toBe(false);
  });

  test.each([new Error('timeout'), { code: 'timeout', data: {} }, 'timeout', null, undefined])(
    'is not just anything that looks like it: %j',
    (other) => {
      expect(Failure.is(other, 'timeout')).toBe(false);
    },
  );
});

test.each([
  [new Error('no space'), 'no space'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [7, '7'],
])('messageOf says something of whatever was thrown: %j', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
