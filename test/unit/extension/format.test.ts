import { describe, expect, test } from 'vitest';
import { bytes, cpuShare, duration, moment, percent, secondsLeft } from '../../../src/extension/text/format.js';
import { noon, reader } from './fixtures.js';

describe('numbers', () => {
  test('what is not known is never 0', () => {
    expect(percent(null, reader)).toBe('–');
    expect(bytes(null, reader)).toBe('–');
    expect(cpuShare(null, 'pc', 8, reader)).toBe('–');
  });

  test.each([
    [0, '0.0 %'],
    [3.14, '3.1 %'],
    [9.96, '10 %'],
    [36.4, '36 %'],
    [100, '100 %'],
  ])('percent %d', (value, text) => {
    expect(percent(value, reader)).toBe(text);
  });

  test('CPU of a server as a share of the PC, or of one core', () => {
    expect(cpuShare(144, 'pc', 4, reader)).toBe('36 %');
    expect(cpuShare(144, 'core', 4, reader)).toBe('144 %');
  });

  test.each([
    [512 * 1024, '512 KB'],
    [38 * 1024 ** 2, '38 MB'],
    [1023.6 * 1024 ** 2, '1.0 GB'],
    [6.1 * 1024 ** 3, '6.1 GB'],
    [128 * 1024 ** 3, '128 GB'],
  ])('bytes %d', (value, text) => {
    expect(bytes(value, reader)).toBe(text);
  });

  test('numbers by locale', () => {
    expect(bytes(6.1 * 1024 ** 3, { ...reader, locale: 'de' })).toBe('6,1 GB');
  });
});

describe('times', () => {
  test.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_500_000, '2 h 5 min'],
    [(3 * 24 + 4) * 3_600_000, '3 d 4 h'],
  ])('duration %d', (ms, text) => {
    expect(duration(ms, reader)).toBe(text);
  });

  test('a countdown does not stand at 0 while it runs', () => {
    expect(secondsLeft(noon + 1, noon)).toBe(1);
    expect(secondsLeft(noon, noon)).toBe(0);
    expect(secondsLeft(noon - 1, noon)).toBe(0);
  });

  test('a moment has its date when it was not today', () => {
    expect(moment(noon - 60_000, noon, reader)).toMatch(/^11:59/);
    expect(moment(noon - 86_400_000, noon, reader)).toMatch(/Nov 21/);
  });
});
