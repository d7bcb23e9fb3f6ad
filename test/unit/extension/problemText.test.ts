import { describe, expect, test } from 'vitest';
import { parseGamesFile, parseServersFile } from '../../../src/core/definitions/parse.js';
import { problemText } from '../../../src/extension/text/problemText.js';
import { t } from './fixtures.js';

const entry = { id: 'a', name: 'A', game: 'other', launch: { command: 'x' } };
const file = (change: object): string => JSON.stringify({ version: 1, servers: [{ ...entry, ...change }] });

/** What somebody reads who made this file, and whether all of it can be translated. */
function read(text: string, parse: typeof parseGamesFile | typeof parseServersFile = parseServersFile): string[] {
  return parse(text).problems.map(({ message }) => {
    const marked = problemText(message, (key, ...args) => `«${t(key, ...args)}»`);
    expect(marked, message).toMatch(/«.+»$/s);
    return problemText(message, t);
  });
}

describe('faults of servers.json in words', () => {
  test.each<[string, string, string]>([
    ['a missing comma', '{ "version": 1 "servers": [] }', 'Not valid JSON here: a comma is missing before it'],
    ['a missing colon', '{ "version" 1 }', 'Not valid JSON here: a colon is missing before it'],
    ['a missing brace', '{ "version": 1, "servers": []', 'Not valid JSON here: a } is missing'],
    ['a missing bracket', '{ "version": 1, "servers": [ }', 'Not valid JSON here: a value is missing'],
    ['a bare name', '{ version: 1 }', 'Not valid JSON here: this is neither a value nor a name in quotes'],
    ['too much', '{} {}', 'Not valid JSON here: the file should end here'],
    ['an open quote', '{ "version": 1, "servers": [ "a ] }', 'Not valid JSON here: a quote is not closed'],
    ['a list', '[]', 'The file must hold an object: { "version": 1, "servers": [ … ] }'],
    ['another version', '{ "version": 2, "servers": [] }', '"version" is 2: update the extension to use this file.'],
    ['no version', '{ "servers": [] }', '"version" must be 1.'],
    ['no servers', '{ "version": 1 }', '"servers" must be a list.'],
    [
      'an unknown game',
      file({ game: 'tetris' }),
      'game: this game is not in the list; choose one with Ctrl+Space, or "other"',
    ],
    ['a bad id', file({ id: 'A B' }), 'id: 1 to 40 of a-z, 0-9 and -, and no reserved word'],
    ['no name', file({ name: undefined }), '"name" is missing'],
    ['no command', file({ launch: {} }), '"launch.command" is missing'],
    ['an empty name', file({ name: '' }), 'name: must not be empty'],
    ['a long name', file({ name: 'x'.repeat(81) }), 'name: at most 80 characters'],
    ['text for a number', file({ stop: { graceSeconds: 'x' } }), 'stop.graceSeconds: must be a number, not "x"'],
    ['a number for text', file({ launch: { command: 5 } }), 'launch.command: must be text in quotes, not 5'],
    ['an object for a list', file({ launch: { command: 'x', args: {} } }), 'launch.args: must be a list [ … ]'],
    ['text for an object', file({ launch: 'x' }), 'launch: must be an object { … }, not "x"'],
    ['text for a switch', file({ autoStart: 'yes' }), 'autoStart: must be true or false, not "yes"'],
    ['less than allowed', file({ stop: { graceSeconds: -1 } }), 'stop.graceSeconds: at least 0'],
    ['more than allowed', file({ connection: { rconPort: 70_000 } }), 'connection.rconPort: at most 65535'],
    ['a fraction', file({ connection: { rconPort: 1.5 } }), 'connection.rconPort: must be a whole number'],
    [
      'an unknown policy',
      file({ restart: { policy: 'x' } }),
      'restart.policy: must be one of "never", "on-crash", "always"',
    ],
    [
      'an unknown signal',
      file({ stop: { signal: 'SIGKILL' } }),
      'stop.signal: must be one of SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2',
    ],
    ['two lines', file({ stop: { line: 'a\nb' } }), 'stop.line: must be a single line'],
    ['NUL', file({ launch: { command: 'a\0' } }), 'launch.command: must not contain a NUL character'],
    [
      'a bad expression',
      file({ patterns: { ready: '(' } }),
      'patterns.ready: is no valid regular expression (JavaScript, u flag)',
    ],
    [
      'an unknown encoding',
      file({ console: { encoding: 'klingon' } }),
      'console.encoding: no encoding has this name; some are: auto, utf-8, cp949 (euc-kr), cp932 (shift_jis), ' +
        'cp936 (gbk), cp950 (big5), cp1252, cp437',
    ],
    ['no backoff', file({ restart: { backoffSeconds: [] } }), 'restart.backoffSeconds: must not be empty'],
  ])('%s', (_, text, said) => {
    expect(read(text)).toContain(said);
  });

  test.each<[object, string]>([
    [{ id: 'palworld' }, 'id: the panel knows this game already; give yours another id'],
    [{ id: 'A' }, 'id: 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit'],
    [{ icon: 'x/y' }, 'icon: must be the name of a codicon, such as rocket'],
    [{ executables: ['a/b'] }, 'executables.0: must be the name of a file, without its folder'],
    [{ saveFiles: ['/a'] }, 'saveFiles.0: must be a path from the folder of the server, with / and without ..'],
    [{ sayLine: 'say' }, 'sayLine: must contain {text} once'],
    [{ stop: {} }, 'stop: needs "line" or "signal"'],
    [
      { stop: { signal: 'SIGINT' }, signalsLoseWorld: true },
      'signalsLoseWorld: needs a "line" in "stop": there would be no way left to end it',
    ],
    [{ stop: undefined }, '"stop" is missing'],
    [{ rcon: 'x' }, 'rcon: must be one of "source", "minecraft", "ark", "factorio", "palworld"'],
  ])('games.json: %j', (change, said) => {
    const game = { id: 'mine', label: 'Mine', stop: { line: 'quit' }, ...change };
    expect(read(JSON.stringify({ version: 1, games: [game] }), parseGamesFile)).toEqual([said]);
  });

  test('games.json: no list, and an id used twice', () => {
    const game = { id: 'mine', label: 'Mine', stop: { line: 'quit' } };
    const twice = JSON.stringify({ version: 1, games: [game, game] });
    expect(read(twice, parseGamesFile)).toEqual(['The id "mine" is used twice: give this game another one.']);
    expect(read('{ "version": 1 }', parseGamesFile)).toEqual(['"games" must be a list.']);
  });

  test('an id used twice', () => {
    expect(read(JSON.stringify({ version: 1, servers: [entry, entry] }))).toEqual([
      'The id "a" is used twice: give this server another one.',
    ]);
  });

  test('what is not known is shown as it came', () => {
    expect(problemText('The moon is full', t)).toBe('The moon is full');
    expect(problemText('stop.line: is full of cheese', t)).toBe('stop.line: is full of cheese');
  });
});
