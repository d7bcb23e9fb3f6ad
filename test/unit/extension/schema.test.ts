import type * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { checkDefinition, definitionSchema } from '../../../src/shared/definition.js';
import { encodingNamed } from '../../../src/shared/encodings.js';
import { games } from '../../../src/shared/games.js';
import { checkOwnGame, ownGameSchema } from '../../../src/shared/ownGame.js';
import { parseGamesFile } from '../../../src/core/definitions/parse.js';
import { gamesTemplate } from '../../../src/extension/gamesText.js';
import { faultsOf, type Schema } from './jsonSchema.js';
import { manifest, readJson } from './manifest.js';

const file = readJson('media/servers.schema.json') as Schema;
const entry = file.properties!.servers!.items!;

type Loose = Record<string, unknown>;
const base = { id: 'my-server', name: 'My Server', game: 'other', launch: { command: '/bin/true' } };
const on = (change: Loose): Loose => ({ ...base, ...change });

const good: [string, unknown][] = [
  ['the least', base],
  ['unknown fields', on({ note: 'mine', launch: { command: 'x', future: 1 } })],
  [
    'everything',
    on({
      launch: { command: 'java', args: ['-jar', 'x.jar', ''], cwd: '/srv', env: { A: 'b', LD_PRELOAD: null } },
      stop: { line: 'stop', signal: 'SIGINT', graceSeconds: 90.5, announceSeconds: [60, 10], thenKill: true },
      restart: { policy: 'always', onCleanExit: true, maxAttempts: 0, windowSeconds: 1, backoffSeconds: [0] },
      console: { encoding: 'MS949' },
      start: { readySeconds: 0 },
      save: { intervalSeconds: 600, folders: ['/srv/world'] },
      patterns: { ready: 'Done \\([0-9.]+s\\)', join: '(\\S+) joined', crash: '' },
      connection: { host: '::1', restPort: 8212, rconPort: 1, queryPort: 65_535 },
      priority: 'above-normal',
      autoStart: true,
    }),
  ],
  ['an empty stop line', on({ stop: { line: '' } })],
  ['no announcements', on({ stop: { announceSeconds: [] } })],
  ['an id of 40', on({ id: 'a'.repeat(40) })],
  ['an id that only begins like a reserved one', on({ id: 'host-2' })],
];

const bad: [string, unknown][] = [
  ['no object', 'x'],
  ['a list', []],
  ...(['id', 'name', 'game', 'launch'] as const).map((key): [string, unknown] => {
    const { [key]: _, ...rest } = base;
    return [`no ${key}`, rest];
  }),
  ['no command', on({ launch: {} })],
  ['an empty command', on({ launch: { command: '' } })],
  ['a NUL in an argument', on({ launch: { command: 'x', args: ['a\0b'] } })],
  ['a number as an argument', on({ launch: { command: 'x', args: [8211] } })],
  ['a number in the environment', on({ launch: { command: 'x', env: { A: 1 } } })],
  ['capitals in the id', on({ id: 'My-Server' })],
  ['an id of 41', on({ id: 'a'.repeat(41) })],
  ['an id that begins with a dash', on({ id: '-a' })],
  ...['host', 'monitor', 'all', 'con', 'nul', 'com1', 'lpt9'].map((id): [string, unknown] => [
    `reserved id ${id}`,
    on({ id }),
  ]),
  ['an empty name', on({ name: '' })],
  ['a name of 81', on({ name: 'x'.repeat(81) })],
  ['a game that cannot be one', on({ game: 'Tetris!' })],
  ['a stop line of two lines', on({ stop: { line: 'save\nstop' } })],
  ['an unknown signal', on({ stop: { signal: 'SIGKILL' } })],
  ['a negative grace', on({ stop: { graceSeconds: -1 } })],
  ['a grace of days', on({ stop: { graceSeconds: 90_000 } })],
  ['seconds as text', on({ stop: { announceSeconds: ['60'] } })],
  ['thenKill as text', on({ stop: { thenKill: 'yes' } })],
  ['an unknown policy', on({ restart: { policy: 'sometimes' } })],
  ['half an attempt', on({ restart: { maxAttempts: 1.5 } })],
  ['an encoding that cannot be one', on({ console: { encoding: '한글' } })],
  ['an encoding as a number', on({ console: { encoding: 949 } })],
  ['no backoff', on({ restart: { backoffSeconds: [] } })],
  ['a broken expression', on({ patterns: { ready: '(' } })],
  ['an expression that only works without u', on({ patterns: { ready: '\\-' } })],
  ['port 0', on({ connection: { rconPort: 0 } })],
  ['port 65536', on({ connection: { queryPort: 65_536 } })],
  ['a port as text', on({ connection: { restPort: '8212' } })],
  ['an unknown priority', on({ priority: 'realtime' })],
  ['autoStart as a number', on({ autoStart: 1 })],
];

describe('the schema of servers.json agrees with the check of the file', () => {
  const isAccepted = (value: unknown): boolean => 'definition' in checkDefinition(value);

  test.each(good)('both take %s', (_, value) => {
    expect(isAccepted(value)).toBe(true);
    expect(faultsOf(value, entry)).toEqual([]);
  });

  test.each(games)('both take the game $id', ({ id }) => {
    expect(isAccepted(on({ game: id }))).toBe(true);
    expect(faultsOf(on({ game: id }), entry)).toEqual([]);
  });

  test('a game that may be one of games.json is left to the check', () => {
    expect(isAccepted(on({ game: 'tetris' }))).toBe(false);
    expect(faultsOf(on({ game: 'tetris' }), entry)).toEqual([]);
  });

  test('every encoding that is offered is known, and its own', () => {
    const { anyOf = [] } = entry.properties!.console!.properties!.encoding!;
    const offered = anyOf.flatMap((one) => one.enum ?? []) as string[];
    for (const name of offered) expect(isAccepted(on({ console: { encoding: name } })), name).toBe(true);
    const labels = offered.slice(1).map((name) => encodingNamed(name));
    expect(new Set(labels).size).toBe(labels.length);
    expect(isAccepted(on({ console: { encoding: 'klingon' } }))).toBe(false);
  });

  test('every game is offered', () => {
    const { anyOf = [] } = entry.properties!.game!;
    expect(anyOf.flatMap((one) => one.enum ?? [])).toEqual(games.map(({ id }) => id));
  });

  test.each(bad)('both refuse %s', (_, value) => {
    expect(isAccepted(value)).toBe(false);
    expect(faultsOf(value, entry)).not.toEqual([]);
  });

  test('the same fields, all the way down', () => {
    expect(fieldsOfSchema(entry)).toEqual(fieldsOfCheck(definitionSchema));
  });

  test('every field is described, and every default and example fits its own schema', () => {
    walk(entry, 'server', (schema, path) => {
      expect(schema.description, path).toBeTruthy();
      for (const value of [schema.default, ...(schema.examples ?? [])]) {
        if (value !== undefined) expect(faultsOf(value, schema), path).toEqual([]);
      }
      if (schema.enumDescriptions !== undefined) expect(schema.enumDescriptions).toHaveLength(schema.enum!.length);
    });
  });
});

describe('the file as a whole', () => {
  test.each([
    [{ version: 1, servers: [] }, true],
    [{ version: 1, servers: [base], $schema: 'x' }, true],
    [{ version: 2, servers: [] }, false],
    [{ servers: [] }, false],
    [{ version: 1 }, false],
    [{ version: 1, servers: {} }, false],
    [[], false],
  ])('%j', (value, fits) => {
    expect(faultsOf(value, file).length === 0).toBe(fits);
  });

  test('it is offered for the file of the data directory', () => {
    expect(manifest.contributes.jsonValidation).toEqual([
      {
        fileMatch: ['**/game-server-panel/servers.json', '**/game-server-panel*/servers.json'],
        url: './media/servers.schema.json',
      },
      {
        fileMatch: ['**/game-server-panel/games.json', '**/game-server-panel*/games.json'],
        url: './media/games.schema.json',
      },
    ]);
  });
});

const gamesFile = readJson('media/games.schema.json') as Schema;
const gameEntry = gamesFile.properties!.games!.items!;
const least = { id: 'mine', label: 'Mine', stop: { line: 'quit' } };
const but = (change: Loose): Loose => ({ ...least, ...change });

const goodGames: [string, unknown][] = [
  ['the least', least],
  ['unknown fields', but({ note: 'mine', proof: 'real', stop: { signal: 'SIGINT', future: 1 } })],
  [
    'everything',
    but({
      ...{
        icon: 'rocket',
        executables: ['Game.exe'],
        launchers: ['start.sh'],
        ports: { restPort: 1, rconPort: 65_535 },
      },
      ...{
        patterns: { ready: 'a', saveBegin: 'b', join: '(c)' },
        echo: 'd',
        stop: { line: 'quit', signal: 'SIGTERM' },
      },
      ...{ saveLine: 'save', saveReply: { done: 'e', failed: 'f' }, sayLine: 'say "{text}"', saveSeconds: 1 },
      ...{ saveFiles: ['world/*/a.sav', 'x..y'], announceSeconds: [60, 0], rcon: 'ark', readsStdin: false },
      ...{ sayAscii: true, signalsLoseWorld: true, channel: 'econ' },
    }),
  ],
  ['an id of 40', but({ id: 'a'.repeat(40) })],
  ['an id that only begins like a known one', but({ id: 'minecraft-2' })],
];

const badGames: [string, unknown][] = [
  ['no object', 5],
  ...(['id', 'label', 'stop'] as const).map((key): [string, unknown] => {
    const { [key]: _, ...rest } = least;
    return [`no ${key}`, rest];
  }),
  ...games.map(({ id }): [string, unknown] => [`the known game ${id}`, but({ id })]),
  ['capitals in the id', but({ id: 'Mine' })],
  ['an id of 41', but({ id: 'a'.repeat(41) })],
  ['an empty label', but({ label: '' })],
  ['a label of two lines', but({ label: 'a\nb' })],
  ['an icon that is a path', but({ icon: '../a.png' })],
  ['no way to stop', but({ stop: {} })],
  ['an empty stop line', but({ stop: { line: '' } })],
  ['a stop by force', but({ stop: { signal: 'SIGKILL' } })],
  ['a program with its folder', but({ executables: ['bin/game'] })],
  ['a launcher with its folder', but({ launchers: ['bin\\start.bat'] })],
  ['port 0', but({ ports: { rconPort: 0 } })],
  ['a broken expression', but({ patterns: { ready: '(' } })],
  ['a broken echo', but({ echo: '\\-' })],
  ['an echo of 1001', but({ echo: 'x'.repeat(1001) })],
  ['a save of two lines', but({ saveLine: 'a\nb' })],
  ['a reply without its end', but({ saveReply: { failed: 'x' } })],
  ['a text with no place for it', but({ sayLine: 'say' })],
  ['a text with two places for it', but({ sayLine: '{text}{text}' })],
  ['a save every 0 s', but({ saveSeconds: 0 })],
  ['a save above its folder', but({ saveFiles: ['a/../../b'] })],
  ['a save from the root', but({ saveFiles: ['/b'] })],
  ['a save on a drive', but({ saveFiles: ['c:/b'] })],
  ['a save with backslashes', but({ saveFiles: ['a\\b'] })],
  ['a countdown as text', but({ announceSeconds: ['60'] })],
  ['an unknown dialect', but({ rcon: 'x' })],
  ['readsStdin as text', but({ readsStdin: 'yes' })],
  ['an unknown channel', but({ channel: 'telnet' })],
];

describe('the schema of games.json agrees with the check of the file', () => {
  test.each(goodGames)('both take %s', (_, value) => {
    expect(checkOwnGame(value)).toHaveProperty('row');
    expect(faultsOf(value, gameEntry)).toEqual([]);
  });

  test.each(badGames)('both refuse %s', (_, value) => {
    expect(checkOwnGame(value)).toHaveProperty('issues');
    expect(faultsOf(value, gameEntry)).not.toEqual([]);
  });

  test('the same fields, all the way down', () => {
    expect(fieldsOfSchema(gameEntry)).toEqual(fieldsOfCheck(ownGameSchema));
  });

  test('every field is described, and every default and example fits its own schema', () => {
    walk(gameEntry, 'game', (schema, path) => {
      expect(schema.description, path).toBeTruthy();
      for (const value of [schema.default, ...(schema.examples ?? [])]) {
        if (value !== undefined) expect(faultsOf(value, schema), path).toEqual([]);
      }
      if (schema.enumDescriptions !== undefined) expect(schema.enumDescriptions).toHaveLength(schema.enum!.length);
    });
  });

  test('what a new file begins with has no fault, nor has its example once it is uncommented', () => {
    expect(parseGamesFile(gamesTemplate)).toEqual({ rows: [], problems: [] });
    const example = gamesTemplate.replace(/^ {4}\/\/ /gm, '    ');
    expect(parseGamesFile(example)).toMatchObject({ rows: [{ id: 'my-game' }], problems: [] });
  });
});

function walk(schema: Schema, path: string, visit: (schema: Schema, path: string) => void): void {
  visit(schema, path);
  for (const [key, field] of Object.entries(schema.properties ?? {})) walk(field, `${path}.${key}`, visit);
}

function fieldsOfSchema(schema: Schema, path = ''): string[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .flatMap(([key, field]) => [
      `${path}${key}${required.has(key) ? '!' : ''}`,
      ...fieldsOfSchema(field, `${path}${key}.`),
    ])
    .sort();
}

interface Inspectable {
  readonly type: string;
  readonly wrapped?: Inspectable;
  readonly entries?: Record<string, Inspectable>;
}

function fieldsOfCheck(schema: v.GenericSchema, path = ''): string[] {
  const inside = (given: Inspectable): Inspectable => (given.wrapped === undefined ? given : inside(given.wrapped));
  const { entries = {} } = inside(schema);
  return Object.entries(entries)
    .flatMap(([key, field]) => [
      `${path}${key}${field.type === 'optional' ? '' : '!'}`,
      ...fieldsOfCheck(inside(field) as unknown as v.GenericSchema, `${path}${key}.`),
    ])
    .sort();
}
