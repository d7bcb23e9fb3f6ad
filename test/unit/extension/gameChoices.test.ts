import { expect, test } from 'vitest';
import { gameGroups } from '../../../src/extension/commands/gameChoices.js';
import { gameLabel } from '../../../src/extension/text/gameLabel.js';
import type { GameInfo } from '../../../src/shared/contract.js';
import { gameInfo, games } from '../../../src/shared/games.js';
import { t } from './fixtures.js';

const own: GameInfo = {
  ...{ id: 'mine', label: 'My Game', icon: 'rocket', proof: 'basic', isLessKnown: false, isOwn: true, ports: {} },
};

test('the known games, the own ones and the others, each once, with its icon and how far it was tried', () => {
  const groups = gameGroups([...games.map(gameInfo), own], t);
  expect(groups.map(({ heading }) => heading)).toEqual([undefined, 'Own games', 'More games']);
  const [known, mine, more] = groups.map(({ choices }) => choices);
  expect(mine).toEqual([
    {
      ...{ label: '$(rocket) My Game', description: 'mine', value: 'mine' },
      detail: 'basic: not tested, never restarted or ended by force unless you say so',
    },
  ]);
  expect(known?.[0]).toMatchObject({ value: 'palworld', description: 'palworld', detail: 'tested by protocol' });
  expect(known?.find(({ value }) => value === 'other')?.label).toBe('$(terminal) Other game or program');
  expect(more?.find(({ value }) => value === 'openttd')?.detail).toBe('tested with the real server');
  const offered = groups.flatMap(({ choices }) => choices.map(({ value }) => value));
  expect([...offered].sort()).toEqual([...games.map(({ id }) => id).filter((id) => id !== 'demo'), 'mine'].sort());
});

test('no heading without games below it', () => {
  expect(gameGroups(games.map(gameInfo), t).map(({ heading }) => heading)).toEqual([undefined, 'More games']);
});

test('an own game is called as the core says', () => {
  expect(gameLabel('mine', t, 'My Game')).toBe('My Game');
  expect(gameLabel('mine', t)).toBe('mine');
  expect(gameLabel('other', t, 'Other')).toBe('Other game or program');
});
