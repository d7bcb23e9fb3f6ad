import { expect, test } from 'vitest';
import type { GameAction } from '../../../../../src/core/games/adapter.js';
import { actionArgs } from '../../../../../src/core/games/runner/actionArgs.js';

const action = { fields: { player: 'required', reason: 'optional' }, ask: () => [] } as const;

test('takes what there are fields for', () => {
  expect(actionArgs(action, { player: 'Ann', reason: 'x', other: 1 })).toEqual({ player: 'Ann', reason: 'x' });
  expect(actionArgs(action, { player: 'Ann', reason: '' })).toEqual({ player: 'Ann' });
  expect(actionArgs(action, { player: 'a'.repeat(500), reason: null })).toEqual({ player: 'a'.repeat(500) });
});

test.each([
  [{}, 'player'],
  [{ player: '  ' }, 'player'],
  [{ player: 7 }, 'player'],
  [{ player: 'a\nb' }, 'player'],
  [{ player: 'a\u2028b' }, 'player'],
  [{ player: 'a'.repeat(501) }, 'player'],
  [{ player: 'Ann', reason: ['x'] }, 'reason'],
  [{ player: 'Ann', reason: 'a\u0000' }, 'reason'],
])('%o is told apart by its field', (args, field) => {
  expect(() => actionArgs(action, args)).toThrow(
    expect.objectContaining({ code: 'invalid-definition', data: { field, detail: expect.any(String) as string } }),
  );
});

test('a field that only a prototype has is none', () => {
  const odd: GameAction = { fields: Object.fromEntries([['valueOf', 'required' as const]]), ask: () => [] };
  expect(() => actionArgs(odd, {})).toThrow(
    expect.objectContaining({ data: { field: 'valueOf', detail: 'must be text' } }),
  );
});
