import { expect, test } from 'vitest';
import { exportName, exportRanges } from '../../../src/extension/commands/exportText.js';
import { noon, t } from './fixtures.js';

test('a file name that can be saved anywhere, of the server and the day', () => {
  expect(exportName('Survival', noon)).toBe('Survival 2026-11-22.csv');
  expect(exportName('../a:b\u0000 "c"?', noon)).toBe('.. a b c 2026-11-22.csv');
  expect(exportName('생존 서버', noon)).toBe('생존 서버 2026-11-22.csv');
});

test('ranges grow, and the last one is longer than anything is kept', () => {
  const lengths = exportRanges(t).map(({ ms }) => ms / 86_400_000);
  expect(lengths).toEqual([1, 7, 60, 4000]);
});
