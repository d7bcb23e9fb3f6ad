import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OwnGames } from '../../../../src/core/definitions/ownGames.js';
import { parseGamesFile } from '../../../../src/core/definitions/parse.js';
import { catalogueWith, gameInfo, gameRow, games } from '../../../../src/shared/games.js';
import { checkOwnGame } from '../../../../src/shared/ownGame.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const least = { id: 'mine', label: 'Mine', stop: { line: 'quit' } };
const file = (...list: unknown[]): string => JSON.stringify({ version: 1, games: list });
const messageOf = (change: object): string | undefined =>
  parseGamesFile(file({ ...least, ...change })).problems[0]?.message;

describe('what is taken', () => {
  test('the least, with what is usual for the rest', () => {
    expect(parseGamesFile(file(least))).toEqual({
      rows: [
        {
          ...{ id: 'mine', label: 'Mine', icon: 'game', proof: 'basic', stop: { line: 'quit' } },
          ...{ executables: [], announceSeconds: [] },
        },
      ],
      problems: [],
    });
  });

  test('everything that the file may say, and nothing that it may not', () => {
    const row = {
      ...{ id: 'mine', label: 'Mine', icon: 'rocket', launchers: ['start.sh'] },
      ...{ ports: { rconPort: 1 }, patterns: { ready: 'a', join: '(b)' }, echo: 'c' },
      ...{ stop: { line: 'quit', signal: 'SIGINT' }, saveLine: 'save', saveReply: { done: 'd', failed: 'e' } },
      ...{ sayLine: 'say {text}', sayAscii: true, saveSeconds: 300, saveFiles: ['world/*.sav'] },
      ...{ rcon: 'factorio', readsStdin: true, signalsLoseWorld: true, channel: 'rcon' },
    };
    const more = { proof: 'real', isLessKnown: true, steamApp: 1, crashReports: [{ kind: 'jvm' }], note: 'x' };
    const given = { ...row, ...more, executables: ['Game.EXE'], announceSeconds: [5, 60], stop: { ...row.stop, x: 1 } };
    expect(checkOwnGame(given)).toEqual({
      row: { ...row, proof: 'basic', executables: ['game.exe'], announceSeconds: [60, 5] },
    });
  });

  test('a console by RCON is spoken as most are, unless the entry says how', () => {
    expect(checkOwnGame({ ...least, channel: 'rcon' })).toMatchObject({ row: { rcon: 'source' } });
    expect(checkOwnGame({ ...least, channel: 'econ' })).not.toHaveProperty('row.rcon');
  });

  test('with a byte order mark, comments and commas at the end', () => {
    const text = `\ufeff// mine\n{ "version": 1, "games": [ ${JSON.stringify(least)}, /* end */ ], }`;
    expect(parseGamesFile(text)).toMatchObject({ rows: [{ id: 'mine' }], problems: [] });
  });
});

describe('what is refused, and what is said to it', () => {
  test.each<[string, object, string]>([
    [
      'a game of the catalogue',
      { id: 'palworld' },
      'id: is a game that the panel knows already; give yours another id',
    ],
    ['capitals', { id: 'Mine' }, 'id: must be 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit'],
    ['an id of 41', { id: 'a'.repeat(41) }, 'id: must be 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit'],
    ['no way to stop', { stop: {} }, 'stop: needs "line" or "signal"'],
    ['a stop by force', { stop: { signal: 'SIGKILL' } }, 'stop.signal: must be one of SIGINT, SIGTERM, SIGHUP'],
    ['two lines', { saveLine: 'save\nquit' }, 'saveLine: must be a single line'],
    ['nowhere for the text', { sayLine: 'say' }, 'sayLine: must contain {text} once'],
    ['two places for it', { sayLine: '{text} {text}' }, 'sayLine: must contain {text} once'],
    ['a broken pattern', { patterns: { ready: '(' } }, 'patterns.ready: is not a valid regular expression'],
    ['a broken echo', { echo: '\\-' }, 'echo: is not a valid regular expression'],
    ['a long one', { echo: 'x'.repeat(1001) }, 'echo: Invalid length'],
    ['a broken reply', { saveReply: { done: '[' } }, 'saveReply.done: is not a valid regular expression'],
    ['a program with its folder', { executables: ['bin/x'] }, 'executables.0: must be the name of a file'],
    ['a save above', { saveFiles: ['../../etc/passwd'] }, 'saveFiles.0: must be a path from the folder of the server'],
    ['a save anywhere', { saveFiles: ['/etc/passwd'] }, 'saveFiles.0: must be a path from the folder of the server'],
    ['a save on C:', { saveFiles: ['C:/x'] }, 'saveFiles.0: must be a path from the folder of the server'],
    [
      'no gentle way',
      { stop: { signal: 'SIGINT' }, signalsLoseWorld: true },
      'signalsLoseWorld: needs a "line" in "stop"',
    ],
    ['an unknown dialect', { rcon: 'klingon' }, 'rcon: Invalid type'],
    ['an icon with a path', { icon: '../x' }, 'icon: must be the name of a codicon, such as rocket'],
    ['a port of 0', { ports: { rconPort: 0 } }, 'ports.rconPort: Invalid value'],
  ])('%s', (_, change, message) => {
    expect(messageOf(change)).toContain(message);
  });

  test('an entry is told with its line and id, and its neighbours work', () => {
    const text = `{\n"version": 1,\n"games": [\n${JSON.stringify(least)},\n{ "id": "bad",\n  "label": 5, "stop": { "line": "x" } },\n${JSON.stringify(least)}\n]}`;
    const { rows, problems } = parseGamesFile(text);
    expect(rows.map(({ id }) => id)).toEqual(['mine']);
    expect(problems).toMatchObject([
      { file: 'games.json', line: 6, column: 12, id: 'bad' },
      { file: 'games.json', line: 7, id: 'mine', message: 'id: "mine" is used twice; give this game another id' },
    ]);
  });

  test.each([
    ['[]', 'The file must hold an object: { "version": 1, "games": [ … ] }'],
    ['{ "version": 1 }', '"games" must be a list'],
    ['{ "version": 2, "games": [] }', '"version" is 2: update the extension to use this file'],
    ['{ "version": 1, "games": [ }', 'Not valid JSON here: value expected'],
  ])('%s', (text, message) => {
    expect(parseGamesFile(text).problems).toMatchObject([{ file: 'games.json', message }]);
  });
});

describe('the catalogue with own games', () => {
  const own = { ...gameRow('other')!, id: 'mine' };

  test('has them behind its own, and never in the place of one', () => {
    const fake = { ...own, id: 'minecraft' };
    const { rows, row } = catalogueWith([own, fake]);
    expect(rows.slice(0, games.length)).toEqual(games);
    expect(row('minecraft')).toBe(gameRow('minecraft'));
    expect(row('mine')).toBe(own);
    expect([gameInfo(own).isOwn, gameInfo(gameRow('demo')!).isOwn]).toEqual([true, false]);
  });

  test('a file that cannot be read leaves the games as they were, and says so', () => {
    const folder = at('data');
    fs.mkdirSync(folder);
    const owned = new OwnGames(folder, { write: () => undefined });
    expect(owned.load()).toBe('same');
    fs.writeFileSync(owned.file, file(least));
    expect([owned.load(), owned.load()]).toEqual(['rows', 'same']);
    fs.rmSync(owned.file);
    fs.mkdirSync(owned.file);
    expect(owned.load()).toBe('problems');
    expect(owned.problems).toMatchObject([{ file: 'games.json', message: 'The file cannot be read (EISDIR)' }]);
    expect(owned.catalogue.row('mine')).toBeDefined();
    fs.rmdirSync(owned.file);
    expect(owned.load()).toBe('rows');
    expect(owned.catalogue.row('mine')).toBeUndefined();
  });
});

test('the example of the documentation works, and matches the log beside it', () => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../../../docs/own-games.md'), 'utf8');
  const [, example = ''] = /```jsonc\n(.*?)```/s.exec(page) ?? [];
  const [, log = ''] = /```text\n(.*?)```/s.exec(page) ?? [];
  const { rows, problems } = parseGamesFile(example);
  expect(problems).toEqual([]);
  const patterns = Object.entries(rows[0]?.patterns ?? {});
  const meanings = log
    .trim()
    .split('\n')
    .map((line) => patterns.filter(([, source]) => new RegExp(source, 'u').test(line)).map(([name]) => name));
  expect(meanings).toEqual([['ready'], ['join'], ['saveEnd'], ['leave'], ['stopping']]);
});
