import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Definition, Notifications } from '../../src/shared/contract.js';
import { Failure } from '../../src/shared/failure.js';
import { stateOf, until, useBench } from './support/bench.js';

const bench = useBench();
const write = (file: 'games.json' | 'servers.json', text: string): void => {
  fs.mkdirSync(bench().dataDir, { recursive: true });
  fs.writeFileSync(path.join(bench().dataDir, file), text);
};
/** The demo server, as somebody else's game that the panel is told about. */
const game = (change: object = {}): Record<string, unknown> => ({
  id: 'my-game',
  label: 'My Game',
  patterns: {
    ready: 'Ready for players',
    saveBegin: 'Saving world',
    saveEnd: 'World saved',
    stopping: 'Stopping server',
  },
  stop: { line: 'stop' },
  saveLine: 'save',
  ...change,
});
const games = (...list: object[]): string => `// mine\n${JSON.stringify({ version: 1, games: list })}`;
const server = (change: Partial<Definition> = {}): Definition => bench().demo('mine', { game: 'my-game', ...change });

test('a game of games.json is started, saved and stopped as it says, and is one of the list', async () => {
  write('games.json', `\ufeff${games(game())}`);
  await bench().core();
  const connection = await bench().connect();
  const listed = (await connection.request('game/list', {})).filter(({ isOwn }) => isOwn);
  expect(listed).toEqual([
    { id: 'my-game', label: 'My Game', icon: 'game', proof: 'basic', isLessKnown: false, isOwn: true, ports: {} },
  ]);
  const view = await connection.request('server/add', { definition: server() });
  expect(view).toMatchObject({ game: 'my-game', gameLabel: 'My Game' });
  await connection.request('server/start', { id: 'mine' });
  expect(await connection.request('server/save', { id: 'mine' })).toMatchObject({ confirmed: true });
  const { view: stopped } = await connection.request('server/stop', { id: 'mine' });
  expect(stopped).toMatchObject({ state: 'stopped', exit: { cause: 'asked', code: 0 } });
  expect(bench().console('mine')).toContain('Stopping server');
});

test('faults have their file and line, what is without one works, and mending is noticed', async () => {
  write(
    'games.json',
    [
      '{',
      '  "version": 1,',
      '  "games": [',
      `    ${JSON.stringify(game())},`,
      `    ${JSON.stringify(game({ id: 'minecraft' }))},`,
      `    ${JSON.stringify(game({ id: 'no-way', stop: {} }))},`,
      '  ],',
      '}',
    ].join('\n'),
  );
  write(
    'servers.json',
    JSON.stringify({ version: 1, servers: [server(), { ...server(), id: 'other', game: 'no-way' }] }),
  );
  await bench().core();
  const connection = await bench().connect();
  await connection.request('client/subscribe', {});
  const told: Notifications['game/changed'][] = [];
  connection.on('game/changed', (change) => told.push(change));
  expect((await connection.request('server/list', {})).map(({ id }) => id)).toEqual(['mine']);
  const problems = await connection.request('server/problems', {});
  expect(problems.map(({ file, line, id }) => [file, line, id])).toEqual([
    [undefined, 1, 'other'],
    ['games.json', 5, 'minecraft'],
    ['games.json', 6, 'no-way'],
  ]);
  expect(problems[0]?.message).toContain('my-game');
  await expect(
    connection.request('server/add', { definition: { ...server(), id: 'third', game: 'no-way' } }),
  ).rejects.toSatisfy((error) => Failure.is(error, 'invalid-definition') && error.data.field === 'game');
  write('games.json', games(game(), game({ id: 'no-way' })));
  await until('the other server', async () => (await connection.request('server/list', {})).length === 2);
  expect(await connection.request('server/problems', {})).toEqual([]);
  expect(
    told
      .at(-1)
      ?.games.filter(({ isOwn }) => isOwn)
      .map(({ id }) => id),
  ).toEqual(['my-game', 'no-way']);
});

test('a game that vanishes leaves its server running, stopped by its own command, and tells what is wrong', async () => {
  write('games.json', games(game()));
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: server() });
  await connection.request('server/start', { id: 'mine' });
  const { pid } = await stateOf(connection, 'mine');
  fs.rmSync(path.join(bench().dataDir, 'games.json'));
  const [problem] = await until('the problem', async () => {
    const problems = await connection.request('server/problems', {});
    return problems.length > 0 ? problems : undefined;
  });
  expect(problem).toMatchObject({ id: 'mine' });
  expect(problem?.message).toContain('is not a known game');
  expect(await stateOf(connection, 'mine')).toMatchObject({ state: 'running', pid, gameLabel: 'My Game' });
  const { view } = await connection.request('server/stop', { id: 'mine' });
  expect(view.exit).toMatchObject({ cause: 'asked', code: 0 });
  expect(bench().console('mine')).toContain('Stopping server');
});

test('a game that is described otherwise is so for its next start', async () => {
  write('games.json', games(game({ label: 'Before', stop: { signal: 'SIGTERM' } })));
  await bench().core();
  const connection = await bench().connect();
  expect((await connection.request('server/add', { definition: server() })).gameLabel).toBe('Before');
  write('games.json', games(game({ label: 'After' })));
  await until('the other description', async () => (await stateOf(connection, 'mine')).gameLabel === 'After');
  await connection.request('server/start', { id: 'mine' });
  const { steps } = await connection.request('server/stop', { id: 'mine' });
  expect(bench().console('mine')).toContain('Stopping server');
  expect(steps.map(({ step }) => step)).not.toContain('signal');
});
