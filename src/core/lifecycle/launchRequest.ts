import path from 'node:path';
import type { Effective } from '../../shared/definition.js';
import type { Farewell, SpawnRequest } from '../../shared/launcherProtocol.js';

/**
 * What the launcher is asked for. Three placeholders are filled in, so that a definition survives updates: `${node}` (the
 * executable that runs this program), `${demoServer}` (the demo server's file) and `${dataDir}`. encoding: of its console.
 */
export function launchRequest(
  effective: Effective,
  dataDir: string,
  nonce: string,
  consoleFile: string,
  encoding?: string,
): SpawnRequest {
  const { id, launch, priority } = effective.definition;
  const values: Record<string, string> = {
    node: process.execPath,
    demoServer: path.join(path.dirname(process.argv[1] ?? ''), 'demoServer.js'),
    dataDir,
  };
  const fill = (text: string): string =>
    text.replace(/\$\{(node|demoServer|dataDir)\}/g, (_, key: string) => values[key] ?? '');
  const command = fill(launch.command);
  return {
    id,
    nonce,
    command,
    args: (launch.args ?? []).map(fill),
    cwd: launch.cwd === undefined ? defaultFolder(command, dataDir) : fill(launch.cwd),
    // Where the host's executable is Electron, only this makes it behave as Node.
    env: { ...(launch.command === '${node}' ? { ELECTRON_RUN_AS_NODE: '1' } : {}), ...launch.env },
    consoleFile,
    ...(encoding === undefined ? {} : { encoding }),
    farewell: farewellOf(effective),
    ...(priority === 'above-normal' ? { priority } : {}),
  };
}

/** Read in order by the game: the save is done before the stop is heard. */
function farewellOf({ game, stop }: Effective): Farewell {
  const { line, signal, graceSeconds } = stop;
  // What listens on a port only is beyond the launcher, and deaf to its stdin.
  const lines =
    line === null || game.channel !== undefined ? [] : [...(game.saveLine === undefined ? [] : [game.saveLine]), line];
  return { lines, signal, graceSeconds };
}

/** A game server expects to be started from its own folder; a bare name from PATH has none. */
function defaultFolder(command: string, dataDir: string): string {
  return path.isAbsolute(command) && command !== process.execPath ? path.dirname(command) : dataDir;
}
