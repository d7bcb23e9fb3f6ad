import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, Requests, Sample } from '../../../src/shared/contract.js';
import { deadlineMs, stateOf, until, type Bench } from './bench.js';
import { definitionOf, newPlace, programOf, type Place, type RealGame } from './games.js';
import { often, oftenAsked } from './often.js';

/** A game that is asked and measured as often as it can be, and what is told of it. */

type Event = Requests['history/events']['result'][number];

export interface Asked {
  readonly connection: CoreConnection;
  readonly place: Place;
  readonly definition: Definition;
}

/** A core that looks and asks often, whatever else this machine does. */
export async function oftenLooking(bench: Bench): Promise<CoreConnection> {
  await bench.core();
  const connection = await bench.connect();
  await connection.request('settings/set', { settings: { sampling: often, games: oftenAsked } });
  return connection;
}

interface AskedOptions {
  /** What its definition says besides. */
  change?(place: Place): Partial<Definition>;
  /** Its passwords. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** See `Place`. */
  readonly mapBits?: number;
}

/** One that is defined and has its passwords, and does not run yet. Its id is the game's name. */
export async function askedGame(bench: Bench, game: RealGame, options: AskedOptions = {}): Promise<Asked> {
  const { change, secrets = {}, mapBits } = options;
  const place = { ...(await newPlace(bench, game)), ...(mapBits === undefined ? {} : { mapBits }) };
  const connection = await oftenLooking(bench);
  const definition = definitionOf(game, place, change?.(place));
  await connection.request('server/add', { definition });
  for (const [key, value] of Object.entries(secrets)) await connection.request('secret/set', { id: game, key, value });
  return { connection, place, definition };
}

/** Its interface has answered. */
export async function answering(connection: CoreConnection, id: string): Promise<void> {
  await until(`an answer of ${id}`, async () => (await stateOf(connection, id)).api.is === 'ok');
}

export async function onlineReached(
  connection: CoreConnection,
  id: string,
  count: number,
  ms = deadlineMs,
): Promise<void> {
  await until(`${count} players on ${id}`, async () => (await stateOf(connection, id)).players.online === count, ms);
}

export async function namesReached(connection: CoreConnection, id: string, names: string[]): Promise<void> {
  const wanted = [...names].sort().join();
  await until(`${wanted} on ${id}`, async () => {
    const players = await connection.request('server/players', { id });
    const now = players.map(({ name }) => name);
    return now.sort().join() === wanted;
  });
}

/** All of these kinds so far, oldest first. */
export async function eventsOf(connection: CoreConnection, id: string, kinds: string[]): Promise<Event[]> {
  return await connection.request('history/events', { id, from: 0, to: Date.now() + 1000, kinds });
}

/** Who came and went, in order. */
export async function comings(connection: CoreConnection, id: string): Promise<string[]> {
  const events = await eventsOf(connection, id, ['player-joined', 'player-left']);
  return events.map(({ kind, data }) => `${String(data.name)} ${kind.replace('player-', '')}`);
}

/** Every sample from now on, by server. */
export async function samplesFromNow(connection: CoreConnection): Promise<(id: string) => readonly Sample[]> {
  const all = new Map<string, Sample[]>();
  connection.on('server/sample', ({ samples }) => {
    for (const [id, sample] of Object.entries(samples)) all.set(id, [...(all.get(id) ?? []), sample]);
  });
  await connection.request('client/subscribe', { samples: true, visible: true });
  return (id) => all.get(id) ?? [];
}

/** A folder for a player's program. */
function playersFolder(bench: Bench, name: string, file: string, text: string): string {
  const folder = bench.file('players', name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
  return folder;
}

/** A player of OpenTTD without a screen. Killed with the bench. */
export function joinOpenttd(bench: Bench, name: string, port: number): ChildProcess {
  const file = 'openttd.cfg';
  const folder = playersFolder(bench, name, file, `[network]\nclient_name = ${name}\n[gui]\nautosave = off\n`);
  const screen = ['-v', 'sdl', '-b', '8bpp-optimized', '-s', 'null', '-m', 'null', '-r', '320x200'];
  return spawn(programOf('openttd'), [...screen, '-n', `127.0.0.1:${port}`, '-c', path.join(folder, file), '-x'], {
    cwd: folder,
    env: { ...process.env, HOME: folder, SDL_VIDEODRIVER: 'dummy' },
    stdio: 'ignore',
  });
}

/** A player of Luanti without a screen. Killed with the bench. */
export function joinLuanti(bench: Bench, name: string, port: number): ChildProcess {
  const file = 'minetest.conf';
  const quiet = ['video_driver = null', 'enable_sound = false', 'fps_max = 5', 'enable_shaders = false'];
  const folder = playersFolder(bench, name, file, `${quiet.join('\n')}\n`);
  const server = ['--address', '127.0.0.1', '--port', String(port), '--name', name, '--password', 'x', '--go'];
  const { DISPLAY: _, ...env } = process.env;
  return spawn(programOf('luanti_client'), [...server, '--config', path.join(folder, file)], {
    cwd: folder,
    env: { ...env, HOME: folder },
    stdio: 'ignore',
  });
}
