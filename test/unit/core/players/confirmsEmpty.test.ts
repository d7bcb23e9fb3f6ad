import { expect, test } from 'vitest';
import { confirmsEmpty, type CountAnswer } from '../../../../src/core/players/confirmsEmpty.js';

const count = (value: number, source = 'query'): CountAnswer => ({ value, source, isList: false });
const list = (value: number, source = 'rest'): CountAnswer => ({ value, source, isList: true });

test.each<[string, boolean, number | null, CountAnswer[]]>([
  ['nobody says anything', false, null, []],
  ['the log alone', false, 0, []],
  ['a count alone', false, null, [count(0)]],
  ['the same source twice', false, null, [count(0), count(0)]],
  ['the log and a count', true, 0, [count(0)]],
  ['two counts', true, null, [count(0), count(0, 'rcon')]],
  ['a list alone', true, null, [list(0)]],
  ['a list, and the log says one', false, 1, [list(0)]],
  ['a list, and a count says one', false, null, [list(0), count(1)]],
  ['two counts, and a list says one', false, 0, [count(0), list(1)]],
  ['a list, and what makes no sense', false, null, [list(0), count(NaN)]],
  ['a list, and less than nothing', false, null, [list(0), count(-1)]],
])('%s: %s', (_, isEmpty, log, answers) => {
  expect(confirmsEmpty(log, answers)).toBe(isEmpty);
});
