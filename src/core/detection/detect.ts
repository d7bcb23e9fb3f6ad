import path from 'node:path';
import type { Definition } from '../../shared/contract.js';
import { games, gameRow, type GameRow } from '../../shared/games.js';
import { settingsOfGames } from '../../shared/gameSettings/settings.js';
import { serverIdFor } from '../../shared/serverId.js';
import type { OwnSettings, SeenProcess } from '../ports.js';
import type { Installed } from './installed.js';
import { liesIn, serverOf, type KnownServer } from './known.js';
import { minecraftJar } from './layouts.js';

export interface Found {
  /** One that is in the list already where that runs, started by somebody else; else a new one. */
  definition: Definition;
  /** null: it does not run. */
  pid: number | null;
  /**
   * What a connected server lacks until its next start by us (console, ctrl-c, exit-code), and what the game's own settings lack
   * so that it can be asked (rest, rcon, password).
   */
  missing: string[];
}

export interface Detection {
  readonly seen: readonly SeenProcess[];
  readonly servers: readonly KnownServer[];
  /** What a game's own settings say; undefined where there are none. */
  readonly own: (definition: Definition) => OwnSettings | undefined;
  /** What lies on the disk. */
  readonly installed: () => Promise<readonly Installed[]>;
}

const byExecutable = new Map<string, GameRow>(
  games.flatMap((row) => row.executables.map((name) => [name, row] as const)),
);
/** Programs that run others: what they run says which game it is. */
const runners = /^(java|javaw|wine|wine64|wine64-preloader|box64|node|mono)(\.exe)?$/;

/** The game that this process is the server of, or undefined. */
export function gameOf(seen: SeenProcess): GameRow | undefined {
  const [first = ''] = seen.argv;
  const name = baseName(first);
  const direct = byExecutable.get(name);
  if (direct !== undefined || !runners.test(name)) return direct;
  if (/^javaw?(\.exe)?$/.test(name)) {
    const jar = seen.argv[seen.argv.indexOf('-jar') + 1];
    const isServer = seen.argv.includes('-jar') && jar !== undefined && minecraftJar.test(jar);
    return isServer ? games.find((row) => row.id === 'minecraft') : undefined;
  }
  return seen.argv.slice(1, 3).flatMap((arg) => byExecutable.get(baseName(arg)) ?? [])[0];
}

/** Servers of known games on this PC that are not watched yet: those that run, then those that only lie there. */
export async function detectServers({ seen, servers, own, installed }: Detection): Promise<Found[]> {
  const taken = new Set(servers.map(({ definition }) => definition.id));
  const running = runningServers(seen, servers, taken).map((one) => {
    const isNew = servers.every(({ definition }) => definition !== one.definition);
    return completed(one, own(one.definition), isNew);
  });
  const inUse = [...servers.map(({ definition }) => definition), ...running.map(({ definition }) => definition)];
  const idle = (await installed())
    .filter(({ game, folders }) => !inUse.some((one) => one.game === game && liesIn(folders, one.launch)))
    .map(({ game, launch }): Found => {
      const id = serverIdFor(game, taken);
      taken.add(id);
      const definition = { id, name: gameRow(game)?.label ?? game, game, launch };
      // It has not said a word of itself yet: all is missing.
      const settings = own(definition) ?? { passwords: {}, ports: {}, at: 0 };
      return completed({ definition, pid: null, missing: [] }, settings, true);
    });
  return [...running, ...idle];
}

/**
 * Running servers of known games that are not ours yet. A definition is proposed that starts them again as they were started,
 * where there is none; what may not be read (another user's process) is left out. Adds its ids to those that are taken.
 */
export function runningServers(
  seen: readonly SeenProcess[],
  servers: readonly KnownServer[],
  taken: Set<string>,
): Found[] {
  const known = new Set(servers.flatMap(({ pid }) => pid ?? []));
  const parents = new Map(seen.map((process) => [process.pid, process.parent]));
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid, depth = 0; at !== undefined && at > 1 && depth < 64; depth++) {
      if (known.has(at)) return true;
      at = parents.get(at);
    }
    return false;
  };
  const claimed = new Set<KnownServer>();
  const missing = process.platform === 'win32' ? ['console', 'ctrl-c', 'exit-code'] : ['console', 'exit-code'];
  return seen.flatMap((process) => {
    const game = gameOf(process);
    const [command] = process.argv;
    if (game === undefined || command === undefined || isOurs(process.pid)) return [];
    const server = serverOf(
      servers.filter((one) => !claimed.has(one)),
      game.id,
      process,
    );
    if (server !== undefined) claimed.add(server);
    const definition = server?.definition ?? startOf(process, command, game, taken);
    return [{ definition, pid: process.pid, missing: [...missing] }];
  });
}

function startOf(process: SeenProcess, command: string, game: GameRow, taken: Set<string>): Definition {
  const cwd = process.cwd ?? undefined;
  const id = serverIdFor(game.id, taken);
  taken.add(id);
  const isRelative = !path.isAbsolute(command) && /[\\/]/.test(command) && cwd !== undefined;
  return {
    id,
    name: game.label,
    game: game.id,
    launch: {
      command: isRelative ? path.resolve(cwd, command) : command,
      args: process.argv.slice(1),
      ...(cwd === undefined ? {} : { cwd }),
    },
  };
}

/** With the ports at which the game can be asked, and with what its settings lack for that. */
function completed({ definition, pid, missing }: Found, own: OwnSettings | undefined, isNew: boolean): Found {
  if (own === undefined) return { definition, pid, missing };
  const known = settingsOfGames[definition.game];
  const lacking: string[] = [];
  if (known !== undefined) {
    if (own.ports[`${known.way}Port`] === undefined) lacking.push(known.way);
    if (Object.keys(own.passwords).length === 0) lacking.push('password');
  }
  const hasPorts = isNew && Object.keys(own.ports).length > 0;
  return {
    definition: hasPorts
      ? { ...definition, connection: { ...(own.host === undefined ? {} : { host: own.host }), ...own.ports } }
      : definition,
    pid,
    missing: [...missing, ...lacking],
  };
}

function baseName(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').toLowerCase();
}
