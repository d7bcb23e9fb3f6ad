import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/shared/contract.js';
import { checkDefinition, effective } from '../../../src/shared/definition.js';
import { gameRow, games } from '../../../src/shared/games.js';

const least: Definition = { id: 'demo', name: 'Demo', game: 'demo', launch: { command: '/srv/demo' } };
const full = {
  ...least,
  launch: { command: 'x', args: ['', '-a', 'b c'], cwd: '/srv', env: { A: '1', B: null, '': '' } },
  stop: { line: '', signal: 'SIGINT', graceSeconds: 0, announceSeconds: [60, 0.5], thenKill: true },
  restart: { policy: 'on-crash', onCleanExit: true, maxAttempts: 0, windowSeconds: 1, backoffSeconds: [0] },
  start: { readySeconds: 86_400 },
  save: { intervalSeconds: 300, folders: ['world'] },
  patterns: {
    ready: '^Done$',
    saveBegin: '',
    saveEnd: '\\p{L}',
    join: '(?<name>.+)',
    leave: 'a|b',
    crash: '\\u{1F4A5}',
  },
  connection: { host: '::1', restPort: 1, rconPort: 65_535, queryPort: 2, telnetPort: 3, econPort: 4, adminPort: 5 },
  priority: 'above-normal',
  autoStart: true,
};

/** The definition with one field, given by its path, set to something else; undefined takes it away. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(full) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = copy;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}

describe('checkDefinition accepts', () => {
  test('the least and everything there is', () => {
    expect(checkDefinition(least)).toEqual({ definition: least });
    expect(checkDefinition(full)).toEqual({ definition: full });
  });

  test('and keeps fields of a newer version, wherever they are', () => {
    const newer = { ...full, later: [1], launch: { ...full.launch, umask: 7 }, stop: { ...full.stop, via: 'rcon' } };
    expect(checkDefinition(newer)).toEqual({ definition: newer });
  });

  test.each(games.map((row) => row.id))('the game %s', (game) => {
    expect(checkDefinition({ ...least, game })).toHaveProperty('definition');
  });
});

describe('checkDefinition refuses, naming the field', () => {
  test.each<[string, unknown]>([
    ...['id', 'name', 'game', 'launch', 'launch.command'].map((path): [string, unknown] => [path, undefined]),
    ...['', 'Demo', 'host', 5, null].map((value): [string, unknown] => ['id', value]),
    ['name', ''],
    ['name', 'x'.repeat(81)],
    ['game', 'palwrld'],
    ['game', 'toString'],
    ['launch', 'run.sh'],
    ['launch.command', ''],
    ['launch.command', 'a\0b'],
    ['launch.command', 'x'.repeat(4097)],
    ['launch.args', '-a'],
    ['launch.cwd', ''],
    ['launch.env', 'A=1'],
    ['stop.line', 'stop\nop me'],
    ['stop.line', 'stop\rop me'],
    ['stop.line', 'x'.repeat(2001)],
    ['stop.signal', 'SIGKILL'],
    ['stop.signal', 'sigint'],
    ['stop.graceSeconds', -1],
    ['stop.graceSeconds', 86_401],
    ['stop.graceSeconds', '60'],
    ['stop.announceSeconds', 60],
    ['stop.thenKill', 'yes'],
    ['restart.policy', 'sometimes'],
    ['restart.maxAttempts', 1.5],
    ['restart.maxAttempts', 101],
    ['restart.windowSeconds', 0],
    ['restart.backoffSeconds', []],
    ['start.readySeconds', -1],
    ['save.intervalSeconds', '5m'],
    ['save.folders', 'world'],
    ['patterns.ready', '('],
    ['patterns.join', '\\-'],
    ['patterns.crash', 'x'.repeat(1001)],
    ['connection.restPort', 0],
    ['connection.rconPort', 65_536],
    ['connection.queryPort', 1.5],
    ['connection.host', ''],
    ['priority', 'realtime'],
    ['autoStart', 1],
  ])('%s: %j', (path, value) => {
    const checked = checkDefinition(changed(path, value));
    const issues = 'issues' in checked ? checked.issues : [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(issues[0]?.message).not.toBe('');
  });

  test.each<[string, unknown, string]>([
    ['launch.args', ['a', 5], 'launch.args.1'],
    ['launch.args', ['a\0b'], 'launch.args.0'],
    ['launch.env', { PATH: 5 }, 'launch.env.PATH'],
    ['stop.announceSeconds', [10, -1], 'stop.announceSeconds.1'],
    ['restart.backoffSeconds', [5, 'x'], 'restart.backoffSeconds.1'],
  ])('inside %s: %j is %s', (path, value, place) => {
    const checked = checkDefinition(changed(path, value));
    expect('issues' in checked ? checked.issues.map((issue) => issue.path.join('.')) : []).toEqual([place]);
  });

  test('every fault at once, and whatever is no object', () => {
    const checked = checkDefinition({ id: 'A', name: '', game: 'no', launch: { command: '' } });
    expect('issues' in checked ? checked.issues : []).toHaveLength(4);
    for (const value of [null, undefined, 5, 'demo', [], [least]])
      expect(checkDefinition(value)).toHaveProperty('issues');
  });

  test('an unknown game with the names of those that are known', () => {
    const checked = checkDefinition({ ...least, game: 'palwrld' });
    expect('issues' in checked ? checked.issues[0]?.message : '').toContain('palworld, minecraft');
  });
});

describe('effective', () => {
  const of = (change: Partial<Definition>) => effective({ ...least, ...change });

  test('fills in the defaults of the contract', () => {
    expect(of({ game: 'other' })).toMatchObject({
      stop: { line: null, signal: 'SIGTERM', graceSeconds: 60, announceSeconds: [], thenKill: false },
      readySeconds: 120,
      patterns: {},
    });
  });

  test('takes what the game says, and what the definition says over it', () => {
    expect(of({ game: 'palworld' }).stop).toMatchObject({
      line: 'Shutdown 1',
      signal: 'SIGINT',
      announceSeconds: [60, 30, 10, 5],
    });
    expect(of({ game: 'minecraft' }).stop).toMatchObject({ line: 'stop', signal: 'SIGTERM' });
    const own = of({
      game: 'minecraft',
      stop: { line: 'end', graceSeconds: 5, announceSeconds: [3], thenKill: true },
      start: { readySeconds: 0 },
    });
    expect(own).toMatchObject({
      stop: { line: 'end', signal: 'SIGTERM', graceSeconds: 5, announceSeconds: [3], thenKill: true },
      readySeconds: 0,
    });
  });

  test.each<[NonNullable<Definition['stop']>, { line: string | null; signal: string }]>([
    // Somebody who writes SIGINT does not want "stop" typed first.
    [{ signal: 'SIGINT' }, { line: null, signal: 'SIGINT' }],
    [
      { signal: 'SIGINT', line: 'bye' },
      { line: 'bye', signal: 'SIGINT' },
    ],
    [{ line: 'bye' }, { line: 'bye', signal: 'SIGTERM' }],
    [{ line: '' }, { line: null, signal: 'SIGTERM' }],
    [
      { line: '', signal: 'SIGHUP' },
      { line: null, signal: 'SIGHUP' },
    ],
    [{}, { line: 'stop', signal: 'SIGTERM' }],
  ])('with stop %j a Minecraft ends by %j', (stop, way) => {
    expect(of({ game: 'minecraft', stop }).stop).toMatchObject(way);
  });

  test('lays own patterns over those of the game, one by one', () => {
    const { patterns } = of({ game: 'minecraft', patterns: { ready: 'Up!' } });
    expect(patterns.ready).toBe('Up!');
    expect(patterns.saveEnd).toBe(gameRow('minecraft')?.patterns?.saveEnd);
  });

  test('throws for a game that checkDefinition refuses', () => {
    expect(() => of({ game: 'palwrld' })).toThrow('palwrld');
  });
});

describe('the first signal', () => {
  const signalOf = (definition: Definition, platform?: string): string =>
    effective(definition, undefined, undefined, platform).stop.signal;

  test('on Windows is Ctrl+C, as closing windows does nothing for a game in a console', () => {
    const usual = { ...least, game: 'bzflag' };
    expect(signalOf(usual)).toBe('SIGTERM');
    expect(signalOf(usual, 'linux')).toBe('SIGTERM');
    expect(signalOf(usual, 'win32')).toBe('SIGINT');
    expect(signalOf({ ...least, game: 'minecraft' }, 'win32')).toBe('SIGINT');
    expect(games.map(({ id }) => signalOf({ ...least, game: id }, 'win32'))).not.toContain('SIGTERM');
  });

  test('that a definition names itself is that one everywhere', () => {
    expect(signalOf({ ...least, stop: { signal: 'SIGTERM' } }, 'win32')).toBe('SIGTERM');
  });
});
