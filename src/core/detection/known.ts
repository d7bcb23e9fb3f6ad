import path from 'node:path';
import type { Definition } from '../../shared/contract.js';
import type { SeenProcess } from '../ports.js';

/** A server that is in the list. pid: of what runs, where that is known; isLive: it runs, or is about to. */
export interface KnownServer {
  readonly definition: Definition;
  readonly pid: number | null;
  readonly isLive: boolean;
}

type Launch = Definition['launch'];

/** One of them is in one of these folders, or below. */
export function liesIn(folders: readonly string[], { command, args = [], cwd }: Launch): boolean {
  return [command, cwd, ...args.slice(0, 2)].some(
    (place) => place !== undefined && path.isAbsolute(place) && folders.some((folder) => isWithin(folder, place)),
  );
}

/** The server of the list that this process was started as by somebody else; undefined where that is not clear. */
export function serverOf(servers: readonly KnownServer[], game: string, process: SeenProcess): KnownServer | undefined {
  const candidates = servers.filter(({ definition, isLive }) => {
    return !isLive && definition.game === game && isStartOf(definition.launch, process);
  });
  return candidates.length === 1 ? candidates[0] : undefined;
}

function isStartOf(launch: Launch, { argv, cwd }: SeenProcess): boolean {
  const [typed = '', ...args] = argv;
  const folder = launch.cwd ?? path.dirname(launch.command);
  if (!path.isAbsolute(folder)) return false;
  const command = cwd === null ? typed : path.resolve(cwd, typed);
  const isItself = isSame(path.resolve(folder, launch.command), command) || launch.command === typed;
  // From one folder may run several, told apart by what they are told; a script tells its program more than it was told.
  if (isItself) return String(args) === String(launch.args ?? []) && (cwd === null || isSame(folder, cwd));
  return isWithin(folder, command) || (cwd !== null && isSame(folder, cwd));
}

function isWithin(folder: string, place: string): boolean {
  const way = path.relative(folder, place);
  return way === '' || !(way.split(/[\\/]/)[0] === '..' || path.isAbsolute(way));
}

function isSame(one: string, other: string): boolean {
  return path.relative(one, other) === '';
}
