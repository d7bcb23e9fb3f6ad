import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import type { Definition } from '../../../src/shared/contract.js';
import type { Bench } from './bench.js';

/** Game servers that nobody here wrote, from Debian's packages, and how each is started on this machine alone. */

const places = {
  luanti: '/usr/games/minetestserver',
  openttd: '/usr/games/openttd',
  freeciv: '/usr/games/freeciv-server',
  armagetron: '/usr/games/armagetronad-dedicated.real',
  teeworlds: '/usr/games/teeworlds-server',
  bzflag: '/usr/games/bzfs',
  openarena: '',
  tetrinet: '/usr/games/tetrinetx',
  wesnoth: '/usr/games/wesnothd-1.16',
};

/** Programs that play a game without a screen. */
const players = { luanti_client: '/usr/games/minetest' };

export type RealGame = keyof typeof places;
type Program = RealGame | keyof typeof players;

const nameOf = (game: Program): string => game.toUpperCase();

export const programOf = (game: Program): string =>
  process.env[`GSP_GAME_${nameOf(game)}`] ?? { ...places, ...players }[game];

/**
 * Options of `unshare` that give a program a network of its own, for those that listen on every address there is. As root
 * it takes no user namespace, which some machines do not allow. Undefined where neither works.
 */
const privacy = [[], ['--map-root-user']]
  .map((rights) => [...rights, '--net', '--mount'])
  .find((options) => spawnSync('unshare', [...options, 'true'], { timeout: 10_000 }).status === 0);

/** What before a command makes it believe that it is root, or is; undefined where that cannot be. */
export const rootPrefix: string[] | undefined =
  process.getuid?.() === 0
    ? []
    : [['unshare', '--map-root-user']].find(
        ([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0,
      );

/** Why a game's tests cannot run on this machine, or undefined; `npm test` finds out, and installs what it can. */
export function whyMissing(game: Program): string | undefined {
  const said = process.env.GSP_SKIP_GAMES ?? process.env[`GSP_SKIP_GAME_${nameOf(game)}`];
  if (said !== undefined) return said;
  if (!fs.existsSync(programOf(game))) return 'not set up; npm test does';
  return game === 'tetrinet' && privacy === undefined
    ? 'this machine gives a program no network of its own'
    : undefined;
}

const givenPorts = new Set<number>();

/** A port of this machine that is free for TCP and UDP, and given once: below those that the system hands out by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    // Several servers may be made before the first of them takes its own.
    if (givenPorts.has(port)) continue;
    givenPorts.add(port);
    const tcp = net.createServer();
    const udp = dgram.createSocket('udp4');
    try {
      tcp.listen(port, '127.0.0.1');
      await once(tcp, 'listening');
      udp.bind(port, '127.0.0.1');
      await once(udp, 'listening');
      return port;
    } catch {
      // Taken: another one.
    } finally {
      tcp.close();
      udp.close();
    }
  }
}

export interface Place {
  readonly bench: Bench;
  readonly id: string;
  readonly port: number;
  /** A second port, for a console. */
  readonly consolePort: number;
  /** How big a map is, where that can be chosen: two to the power of this along each side. */
  readonly mapBits?: number;
}

export async function newPlace(bench: Bench, id: string): Promise<Place> {
  return { bench, id, port: await freePort(), consolePort: await freePort() };
}

/** What a definition needs, with everything a server writes in a folder of its own. */
type Recipe = (place: Place, folder: string) => Partial<Definition> & { args: string[] };

export function definitionOf(game: RealGame, place: Place, change: Partial<Definition> = {}): Definition {
  const folder = place.bench.file(place.id);
  fs.mkdirSync(folder, { recursive: true });
  const { args, ...rest } = recipes[game](place, folder);
  const launch = { command: programOf(game), args, cwd: folder, env: { HOME: folder } };
  return { id: place.id, name: place.id, game: gameIds[game] ?? game, launch, ...rest, ...change };
}

/** Those that the catalogue has under another name, or not at all. */
const gameIds: Partial<Record<RealGame, string>> = { openarena: 'quake3', tetrinet: 'other', wesnoth: 'other' };

const recipes: Record<RealGame, Recipe> = {
  luanti({ port }, folder) {
    write(folder, 'minetest.conf', 'server_announce = false', 'bind_address = 127.0.0.1', `port = ${port}`);
    const backends = ['backend', 'player_backend', 'auth_backend', 'mod_storage_backend'];
    const mods = fs.existsSync(path.join(folder, 'world', 'worldmods')) ? ['load_mod_probe = true'] : [];
    write(folder, 'world/world.mt', 'gameid = minetest', ...backends.map((key) => `${key} = sqlite3`), ...mods);
    const world = path.join(folder, 'world');
    const config = path.join(folder, 'minetest.conf');
    return { args: ['--config', config, '--world', world, '--gameid', 'minetest', '--logfile', ''] };
  },
  openttd({ port, consolePort, mapBits = 6 }, folder) {
    const network = ['server_name = probe', 'server_game_type = local', 'min_active_clients = 0'];
    const admin = [`server_admin_port = ${consolePort}`, `admin_password = ${openttdPassword}`];
    const world = ['[game_creation]', `map_x = ${mapBits}`, `map_y = ${mapBits}`];
    write(folder, 'openttd.cfg', '[network]', ...network, ...admin, '[gui]', 'autosave = off', ...world);
    return { args: ['-D', `127.0.0.1:${port}`, '-c', path.join(folder, 'openttd.cfg'), '-x', '-d', 'net=3'] };
  },
  freeciv({ bench, port }, folder) {
    write(folder, 'start.serv', 'set minplayers 0', 'set aifill 2', 'set timeout 1', 'set endturn 200');
    const args = ['-b', '127.0.0.1', '-p', String(port), '-s', folder, '-r', path.join(folder, 'start.serv')];
    if (process.getuid?.() !== 0) return { args };
    // It refuses to run as root.
    fs.chmodSync(bench.root, 0o711);
    fs.chownSync(folder, nobody, nobody);
    const prefix = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', programOf('freeciv')];
    const launch = { command: 'setpriv', args: [...prefix, ...args], cwd: folder, env: { HOME: folder } };
    return { args, launch };
  },
  armagetron({ port }, folder) {
    const server = ['SERVER_NAME probe', `SERVER_PORT ${port}`, 'SERVER_IP 127.0.0.1', 'TALK_TO_MASTER 0'];
    write(folder, 'user/server_info.cfg', ...server);
    fs.mkdirSync(path.join(folder, 'var'), { recursive: true });
    const data = ['--datadir', '/usr/share/games/armagetronad', '--configdir', '/etc/armagetronad'];
    const [user, scratch] = [path.join(folder, 'user'), path.join(folder, 'var')];
    return { args: [...data, '--userdatadir', user, '--userconfigdir', user, '--vardir', scratch] };
  },
  teeworlds({ port, consolePort }, folder) {
    const server = ['bindaddr 127.0.0.1', 'sv_name probe', `sv_port ${port}`, 'sv_register 0', 'sv_map dm1'];
    const console = ['ec_bindaddr 127.0.0.1', `ec_port ${consolePort}`, `ec_password ${econPassword}`];
    // In a file of its own, where nobody but the game finds the password.
    write(folder, 'server.cfg', ...server, 'exec console.cfg');
    write(folder, 'console.cfg', ...console);
    return { args: ['-f', 'server.cfg'], connection: { econPort: consolePort } };
  },
  bzflag({ port }) {
    return { args: ['-i', '127.0.0.1', '-p', String(port), '-mp', '20', '-passwd', 'pw', '-j', '-a', '0', '0', '-d'] };
  },
  openarena({ port }, folder) {
    const root = path.resolve(programOf('openarena'), '../../../..');
    const rules = path.join(root, 'usr/lib/openarena-server/baseoa');
    const data = path.join(root, 'usr/share/games/openarena/baseoa');
    const base = path.join(folder, 'base', 'baseoa');
    fs.mkdirSync(base, { recursive: true });
    const library = fs.readdirSync(rules).find((name) => name.startsWith('qagame')) ?? '';
    const files = [
      path.join(rules, library),
      ...['pak0', 'pak1-maps', 'pak6-misc'].map((name) => `${data}/${name}.pk3`),
    ];
    for (const file of files) {
      const link = path.join(base, path.basename(file));
      if (!fs.existsSync(link)) fs.symlinkSync(file, link);
    }
    const settings = {
      com_basegame: 'baseoa',
      fs_basepath: path.join(folder, 'base'),
      fs_homepath: path.join(folder, 'home'),
      com_homepath: '.oa',
      com_legacyprotocol: 71,
      com_protocol: 71,
      dedicated: 1,
      developer: 1,
      net_ip: '127.0.0.1',
      net_port: port,
      sv_master1: '',
      rconpassword: 'rconpw',
      sv_maxclients: 12,
      sv_pure: 0,
    };
    const set = Object.entries(settings).flatMap(([key, value]) => ['+set', key, String(value)]);
    return { args: [...set, '+map', 'oa_dm1'] };
  },
  tetrinet(_, folder) {
    // Its ports and files cannot be chosen: it gets folders, too, that nobody else sees.
    const mounts = ['/var/log', '/run'].map((at) => `mount -t tmpfs none ${at} && mkdir ${at}/tetrinetx`);
    const args = [...(privacy ?? []), 'sh', '-c', [...mounts, `exec ${programOf('tetrinet')}`].join(' && ')];
    return { args, launch: { command: 'unshare', args, cwd: folder, env: { HOME: folder } } };
  },
  wesnoth({ port }, folder) {
    write(folder, 'wesnothd.cfg', `fifo_path="${path.join(folder, 'fifo')}"`);
    const own = ['--port', String(port), '-c', path.join(folder, 'wesnothd.cfg')];
    if (privacy === undefined) return { args: own };
    const args = [...privacy, programOf('wesnoth'), ...own];
    return { args, launch: { command: 'unshare', args, cwd: folder, env: { HOME: folder } } };
  },
};

export const econPassword = 'not-for-the-log';
export const openttdPassword = 'adminpw';
/** The user that nothing belongs to, by the number that Debian gives it. */
const nobody = 65_534;

function write(folder: string, name: string, ...lines: string[]): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
}

/** Gives a Luanti world a mod of these words, before its definition is made. */
export function luantiMod(bench: Bench, id: string, lua: string): void {
  write(bench.file(id), 'world/worldmods/probe/init.lua', lua);
  write(bench.file(id), 'world/worldmods/probe/mod.conf', 'name = probe');
}
