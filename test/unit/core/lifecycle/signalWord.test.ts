import { expect, test } from 'vitest';
import { signalWord } from '../../../../src/core/lifecycle/signalWord.js';

test('signals have names that people know: on Windows, what is sent for them', () => {
  expect(signalWord('SIGTERM', 'linux')).toBe('SIGTERM');
  expect(signalWord('SIGINT', 'win32')).toBe('Ctrl+C');
  expect(signalWord('SIGTERM', 'win32')).toBe('close window');
});
