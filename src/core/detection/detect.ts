import path from 'node:path';
import type { Definition } from '../../shared/contract.js';
import { games, type GameRow } from '../../shared/games.js';
import { serverIdFor } from '../../shared/serverId.js';
import type { SeenProcess } from '../ports.js';

export interface Found {
  definition: Definition;
  pid: number;
  /** What a connected server lacks until its next start by us. */
  missing: string[];
}

const byExecutable = new Map<string, GameRow>(
  games.flatMap((row) => row.executables.map((name) => [name, row] as const)),
);
/** Programs that run others: what they run says which game it is. */
const runners = /^(java|javaw|wine|wine64|wine64-preloader|box64|node|mono)(\.exe)?$/;
const minecraftJar =
  /(^|[\\/])(minecraft_server|server|paper|purpur|spigot|fabric|forge|neoforge|quilt|velocity)[^\\/]*\.jar$/i;

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

/**
 * Running servers of known games that are not ours yet. A definition is proposed that starts them again as they were
 * started; what may not be read (another user's process) is left out.
 */
export function detectServers(
  seen: readonly SeenProcess[],
  known: ReadonlySet<number>,
  taken: ReadonlySet<string>,
): Found[] {
  const ids = new Set(taken);
  const parents = new Map(seen.map((process) => [process.pid, process.parent]));
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid, depth = 0; at !== undefined && at > 1 && depth < 64; depth++) {
      if (known.has(at)) return true;
      at = parents.get(at);
    }
    return false;
  };
  return seen.flatMap((process) => {
    const game = gameOf(process);
    const [command] = process.argv;
    if (game === undefined || command === undefined || isOurs(process.pid)) return [];
    const cwd = process.cwd ?? undefined;
    const id = serverIdFor(game.id, ids);
    ids.add(id);
    const isRelative = !path.isAbsolute(command) && /[\\/]/.test(command) && cwd !== undefined;
    const definition: Definition = {
      id,
      name: game.label,
      game: game.id,
      launch: {
        command: isRelative ? path.resolve(cwd, command) : command,
        args: process.argv.slice(1),
        ...(cwd === undefined ? {} : { cwd }),
      },
    };
    return [{ definition, pid: process.pid, missing: ['console', 'exit-code'] }];
  });
}

function baseName(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').toLowerCase();
}
