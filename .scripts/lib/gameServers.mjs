// Real game servers, written by no one here, for the tests: from Debian's packages.
import path from 'node:path';
import { aptInstall, aptUnpack, runAsRoot, whyNoApt, whyNoPackages } from './apt.mjs';
import { ensureComponent } from './cache.mjs';
import { Interrupted, isProgram, onPath } from './run.mjs';

/**
 * One row per game. `variable` is the last part of what hands the program's path to the tests (GSP_GAME_…), and of the
 * reason for which its tests are skipped (GSP_SKIP_GAME_…). `programs` are tried in order, by path or by name; `packages`
 * are sets that carry one, the first that can be installed is taken. `services` are what the packages would keep running
 * on their own from then on.
 */
const gameServers = [
  {
    name: 'Luanti',
    variable: 'LUANTI',
    programs: ['/usr/games/minetestserver', '/usr/games/luantiserver', 'minetestserver', 'luantiserver'],
    packages: [['minetest-server'], ['luanti-server']],
    services: ['minetest-server', 'luanti-server'],
  },
  {
    // A player for it that needs no screen.
    name: 'Luanti client',
    variable: 'LUANTI_CLIENT',
    programs: ['/usr/games/minetest', '/usr/games/luanti', 'minetest', 'luanti'],
    packages: [['minetest'], ['luanti']],
    services: [],
  },
  {
    name: 'Armagetron',
    variable: 'ARMAGETRON',
    // Debian's plain name is a script that forks the server and keeps its settings to itself.
    programs: ['/usr/games/armagetronad-dedicated.real', '/usr/games/armagetronad-dedicated', 'armagetronad-dedicated'],
    packages: [['armagetronad-dedicated']],
    services: ['armagetronad-dedicated'],
  },
  {
    name: 'OpenTTD',
    variable: 'OPENTTD',
    programs: ['/usr/games/openttd', 'openttd'],
    packages: [['openttd', 'openttd-opengfx']],
    services: [],
  },
  {
    name: 'Freeciv',
    variable: 'FREECIV',
    programs: ['/usr/games/freeciv-server', 'freeciv-server'],
    packages: [['freeciv-server']],
    services: ['freeciv-server'],
  },
  {
    name: 'Teeworlds',
    variable: 'TEEWORLDS',
    programs: ['/usr/games/teeworlds-server', 'teeworlds-server'],
    packages: [['teeworlds-server']],
    services: ['teeworlds-server'],
  },
  {
    name: 'BZFlag',
    variable: 'BZFLAG',
    programs: ['/usr/games/bzfs', 'bzfs'],
    packages: [['bzflag-server']],
    services: ['bzflag', 'bzflag-server'],
  },
  {
    name: 'TetriNET',
    variable: 'TETRINET',
    programs: ['/usr/games/tetrinetx', '/usr/games/tetrinet-server', 'tetrinetx'],
    packages: [['tetrinetx']],
    services: ['tetrinetx'],
  },
  {
    name: 'Wesnoth',
    variable: 'WESNOTH',
    programs: ['1.16', '1.18', '1.14'].map((version) => `/usr/games/wesnothd-${version}`).concat('wesnothd'),
    packages: [['wesnoth-1.16-server'], ['wesnoth-1.18-server'], ['wesnoth-1.14-server']],
    services: ['wesnoth-1.16-server', 'wesnoth-1.18-server', 'wesnoth-1.14-server'],
  },
];

/**
 * Installed as a whole it takes 430 MB, most of it pictures and sounds that a server never opens: what it does need is
 * unpacked without being installed.
 */
const openArena = {
  name: 'OpenArena',
  variable: 'OPENARENA',
  packages: ['openarena-server', 'ioquake3-server', 'openarena-data', 'openarena-081-maps', 'openarena-081-misc'],
  program: path.join('usr', 'lib', 'ioquake3', 'ioq3ded'),
};

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
  for (const packages of game.packages) {
    try {
      await aptInstall(packages, progress.log);
      await stopServices(game.services, progress.log);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The program of one game; rejects where it cannot be had. */
async function ensureServer(game, progress) {
  const found = findProgram(game);
  if (found) return found;
  const reason = whyNoApt();
  if (reason) throw new Error(reason);
  progress.say(`Installing the game server ${game.name} (Debian package ${game.packages[0].join(', ')})`);
  await installServer(game, progress);
  const installed = findProgram(game);
  if (!installed) throw new Error('its package has no program where it was expected');
  return installed;
}

async function ensureUnpacked({ name, packages, program }, progress) {
  const folder = await ensureComponent({
    name: `${name.toLowerCase()}-${process.arch}`,
    recipe: packages.join(),
    files: [program],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is fetching ${name}`),
    async install(draft) {
      const reason = whyNoPackages();
      if (reason) throw new Error(reason);
      progress.say(`Fetching the game server ${name} (five Debian packages, 113 MB)`);
      await aptUnpack(packages, draft, progress.log);
    },
  });
  return path.join(folder, program);
}

/**
 * Finds the game servers, installing those that are missing where that is allowed.
 *
 * @returns {Promise<{env: Record<string, string>, missing: Record<string, string>, text: string}>} `missing` says which
 *   are not there, and why
 */
export async function ensureGameServers(progress) {
  const env = {};
  const missing = {};
  const ways = [...gameServers.map((game) => [game, ensureServer]), [openArena, ensureUnpacked]];
  for (const [game, ensure] of ways) {
    try {
      env[`GSP_GAME_${game.variable}`] = await ensure(game, progress);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      missing[`GAME_${game.variable}`] = error.log ? `${error.message}, see ${error.log}` : error.message;
    }
  }
  return { env, missing, text: `${Object.keys(env).length} of ${ways.length}` };
}
