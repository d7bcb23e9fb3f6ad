// Real game servers, written by no one here, for the tests: from Debian's packages.
import { aptInstall, runAsRoot, whyNoApt } from './apt.mjs';
import { isProgram, onPath } from './run.mjs';

/**
 * One row per game. `variable` hands the program's path to the tests. `programs` are tried in order, by path or by name;
 * `packages` are those that carry one, the first that can be installed is taken. `services` are what the package would
 * keep running on its own from then on.
 */
const gameServers = [
  {
    name: 'Luanti',
    variable: 'GSP_GAME_LUANTI',
    programs: ['/usr/games/minetestserver', '/usr/games/luantiserver', 'minetestserver', 'luantiserver'],
    packages: ['minetest-server', 'luanti-server'],
    services: ['minetest-server', 'luanti-server'],
  },
  {
    name: 'Armagetron',
    variable: 'GSP_GAME_ARMAGETRON',
    // Debian's plain name is a script that forks the server and keeps its settings to itself.
    programs: ['/usr/games/armagetronad-dedicated.real', '/usr/games/armagetronad-dedicated', 'armagetronad-dedicated'],
    packages: ['armagetronad-dedicated'],
    services: ['armagetronad-dedicated'],
  },
];

const findProgram = ({ programs }) =>
  programs.map((program) => (program.startsWith('/') ? isProgram(program) && program : onPath(program))).find(Boolean);

/** The tests run servers of their own: what a package starts by itself would only take ports and time. */
async function stopServices(services, log) {
  for (const service of services) {
    for (const words of [
      ['update-rc.d', service, 'disable'],
      ['invoke-rc.d', service, 'stop'],
    ]) {
      await runAsRoot(words, log).catch(() => {}); // most have none
    }
  }
}

async function installServer(game, progress) {
  let failure;
  for (const name of game.packages) {
    try {
      await aptInstall([name], progress.log);
      await stopServices(game.services, progress.log);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/**
 * Finds the game servers, installing those that are missing where that is allowed.
 *
 * @returns {Promise<{env: Record<string, string>, missing: string | undefined}>} `missing` says which are not there and why
 */
export async function ensureGameServers(progress) {
  const env = {};
  const missing = [];
  for (const game of gameServers) {
    let program = findProgram(game);
    let reason;
    if (!program) {
      reason = whyNoApt();
      if (!reason) {
        progress.say(`Installing the game server ${game.name} (Debian package ${game.packages[0]})`);
        await installServer(game, progress).catch((error) => (reason = `${error.message}, see ${error.log}`));
        program = findProgram(game);
      }
    }
    if (program) env[game.variable] = program;
    else missing.push(`${game.name}: ${reason ?? 'its package has no program where it was expected'}`);
  }
  return { env, missing: missing.length > 0 ? missing.join('; ') : undefined, text: Object.values(env).join(', ') };
}
