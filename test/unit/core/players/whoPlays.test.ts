import { expect, test } from 'vitest';
import { WhoPlays } from '../../../../src/core/players/whoPlays.js';

const start = 1_000_000;
const ann = { name: 'Ann', id: '1' };
const bob = { name: 'Bob', id: '2' };

test('where lines cannot name anybody, the lists tell from the first on', () => {
  const who = new WhoPlays();
  who.begun(start);
  expect(who.told([ann], start + 15_000, false)).toEqual([{ is: 'joined', at: start + 15_000, name: 'Ann' }]);
  expect(who.told([], start + 30_000, false)).toEqual([
    { is: 'left', at: start + 30_000, name: 'Ann', playedMs: 15_000 },
  ]);
});

test('where lines name who comes, the lists tell nothing twice', () => {
  const who = new WhoPlays();
  who.begun(start);
  expect(who.told([ann], start + 15_000, true)).toEqual([]);
  who.named();
  expect(who.told([ann, bob], start + 30_000, true)).toEqual([]);
  expect(who.linesAreMute).toBe(false);
  expect(who.online().map(({ name }) => name)).toEqual(['Ann', 'Bob']);
  expect(who.end(start + 60_000)).toEqual([]);
});

test('where lines could name somebody and do not, the second list with somebody in it tells, and the lines are mute', () => {
  const who = new WhoPlays();
  who.begun(start);
  for (let n = 1; n < 60; n++) expect(who.told([], start + n * 15_000, true)).toEqual([]);
  expect(who.told([ann], start + 900_000, true)).toEqual([]);
  expect(who.linesAreMute).toBe(false);
  expect(who.told([ann], start + 915_000, true)).toEqual([{ is: 'joined', at: start + 915_000, name: 'Ann' }]);
  expect(who.linesAreMute).toBe(true);
  expect(who.end(start + 930_000)).toMatchObject([{ is: 'left', name: 'Ann', playedMs: 15_000 }]);
});

test('of one that was found running nobody is told to have joined, and the next start begins anew', () => {
  const who = new WhoPlays();
  who.begun(null);
  expect(who.told([ann], start, false)).toEqual([]);
  expect(who.online()).toEqual([{ name: 'Ann', id: '1', since: null }]);
  who.begun(start + 60_000);
  expect(who.linesAreMute).toBe(false);
  expect(who.online()).toEqual([]);
});
