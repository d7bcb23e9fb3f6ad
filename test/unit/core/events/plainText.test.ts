import { expect, test } from 'vitest';
import { plainText } from '../../../../src/core/events/plainText.js';

test.each([
  ['Aldric', 'Aldric'],
  ['다람쥐 ❤', '다람쥐 ❤'],
  [' \u0000An\u0007n\r\n\t\u007f\u009f ', 'Ann'],
  ['\u001b[32mAnn\u001b[0m', 'Ann'],
  ['\u202eevil\u2066', 'evil'],
  ['\u0001\u0002', ''],
])('%j is kept as %j', (text, plain) => {
  expect(plainText(text, 64)).toBe(plain);
});

test('is cut by characters, not through one', () => {
  expect(plainText('🐿'.repeat(100), 64)).toBe('🐿'.repeat(64));
  expect(plainText('x'.repeat(65), 64)).toBe('x'.repeat(64));
});
