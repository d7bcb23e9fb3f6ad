import { describe, expect, test } from 'vitest';
import { sendLine } from '../../../../src/core/lifecycle/sendLine.js';
import { viewOf } from '../../../../src/core/lifecycle/view.js';
import type { ConsolePort, GameConsole, Launch } from '../../../../src/core/ports.js';
import { consoleOnPort, effective, type Effective } from '../../../../src/shared/definition.js';
import { Failure } from '../../../../src/shared/failure.js';
import { noFacts, noSaves } from './support/noFacts.js';

interface Connection {
  rconPort?: number;
  econPort?: number;
}
const server = (game: string, connection: Connection = {}): Effective =>
  effective({ id: 'one', name: 'One', game, launch: { command: 'server' }, connection });

/** Sends a line where both ways are there as the game has them; answers the way that it took, or the failure's code. */
async function wayOf(settings: Effective, isOurs: boolean, stdin: 'read' | Failure = 'read'): Promise<string> {
  const console = consoleOnPort(settings);
  const there: GameConsole | undefined = console && { via: console.via, send: async (line) => `said ${line}` };
  const write = async (_id: string, _line: string, encoding?: string): Promise<void> => {
    expect(encoding).toBe('euc-kr of console.log');
    if (stdin !== 'read') throw stdin;
  };
  const consoles = { encodingOf: (file: string) => `euc-kr of ${file}` } as unknown as ConsolePort;
  const tools = { launch: { write } as unknown as Launch, consoles, gameConsole: () => there };
  return await sendLine({ settings, consoleFile: 'console.log' }, 'list', isOurs, tools).then(
    ({ via, reply }) => {
      expect(reply).toBe(via === 'stdin' ? null : 'said list');
      return via;
    },
    (error: unknown) => (error as Failure).code,
  );
}

/** Whether the panel offers to send lines. */
function offers(settings: Effective, isOurs: boolean): boolean {
  const process = { pid: 1, startTime: null, nonce: 'n', startedAt: 0, supervised: true, isOurs };
  const lines = { has: () => false, knowsPlayers: false, lastSaveAt: null, isSaving: false };
  const watch = { lines, sample: null, hangSigns: [] } as unknown as Parameters<typeof viewOf>[2];
  const rest = {
    ...{ facts: noFacts, save: noSaves, perPlayer: { cpu: null, memory: null } },
    ...{ canSave: false, canAnnounce: false, actions: [], restartsUsed: 0, alerts: 0, secretsMissing: [] },
  };
  return viewOf(settings, { at: 'running', since: 0, process, isReady: true }, watch, rest).capabilities.includes(
    'send',
  );
}

describe('a line takes the way on which the game hears it', () => {
  const rcon = { rconPort: 25575 };
  const noChannel = new Failure('no-channel');

  test.each<[string, Connection, { ours: string; followed: string }]>([
    // It reads its stdin: RCON is for where we have none.
    ['minecraft', {}, { ours: 'stdin', followed: 'no-channel' }],
    ['minecraft', rcon, { ours: 'stdin', followed: 'rcon' }],
    ['factorio', rcon, { ours: 'stdin', followed: 'rcon' }],
    // It may read its stdin: RCON answers.
    ['cs2', {}, { ours: 'stdin', followed: 'no-channel' }],
    ['cs2', rcon, { ours: 'rcon', followed: 'rcon' }],
    // It reads none.
    ...['palworld', 'ark-se', 'ark-sa'].flatMap((game): [string, Connection, { ours: string; followed: string }][] => [
      [game, {}, { ours: 'no-channel', followed: 'no-channel' }],
      [game, rcon, { ours: 'rcon', followed: 'rcon' }],
    ]),
    ['teeworlds', { econPort: 8303 }, { ours: 'econ', followed: 'econ' }],
    ['teeworlds', rcon, { ours: 'no-channel', followed: 'no-channel' }],
    // It has no RCON that we know.
    ['terraria', rcon, { ours: 'stdin', followed: 'no-channel' }],
  ])('%s with %j', async (game, connection, { ours, followed }) => {
    const settings = server(game, connection);
    expect(await wayOf(settings, true)).toBe(ours);
    expect(await wayOf(settings, false, noChannel)).toBe(followed);
    // And nothing is offered that cannot be done.
    expect(offers(settings, true)).toBe(ours !== 'no-channel');
    expect(offers(settings, false)).toBe(followed !== 'no-channel');
  });

  test('an stdin of another start is nothing to a server that was connected while it ran', async () => {
    expect(await wayOf(server('minecraft', rcon), false, 'read')).toBe('rcon');
  });

  test('an stdin that is lost leaves RCON', async () => {
    expect(await wayOf(server('minecraft', rcon), true, noChannel)).toBe('rcon');
    expect(await wayOf(server('minecraft'), true, noChannel)).toBe('no-channel');
  });

  test('an stdin that is full, or a launcher that comes back, is no reason to say it twice', async () => {
    expect(await wayOf(server('minecraft', rcon), true, new Failure('busy'))).toBe('busy');
    expect(await wayOf(server('minecraft', rcon), true, new Failure('unreachable'))).toBe('unreachable');
  });
});
