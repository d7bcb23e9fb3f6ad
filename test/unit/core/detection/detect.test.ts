import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectServers, gameOf, runningServers, type Detection } from '../../../../src/core/detection/detect.js';
import type { Installed } from '../../../../src/core/detection/installed.js';
import type { KnownServer } from '../../../../src/core/detection/known.js';
import type { OwnSettings, SeenProcess } from '../../../../src/core/ports.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { checkDefinition } from '../../../../src/shared/definition.js';
import { games } from '../../../../src/shared/games.js';

const seen = (argv: string[], change: Partial<SeenProcess> = {}): SeenProcess => ({
  ...{ pid: 100, startTime: '1', parent: 1, argv, cwd: '/srv/game' },
  ...change,
});
const none = new Set<never>();
const running = (all: SeenProcess[], pids: ReadonlySet<number> = none, taken: ReadonlySet<string> = none) =>
  runningServers(
    all,
    [...pids].map((pid) => listed({ pid, isLive: true })),
    new Set(taken),
  );
const listed = (change: Partial<KnownServer> = {}, definition: Partial<Definition> = {}): KnownServer => ({
  definition: { id: 'mine', name: 'Mine', game: 'palworld', launch: { command: '/x/y' }, ...definition },
  ...{ pid: null, isLive: false },
  ...change,
});

describe('gameOf', () => {
  test.each<[string[], string]>([
    [['/srv/pal/Pal/Binaries/Linux/PalServer-Linux-Shipping', 'Pal', '-port=8211'], 'palworld'],
    [['./bedrock_server'], 'minecraft-bedrock'],
    [['C:\\Servers\\Valheim\\valheim_server.exe', '-name', 'x'], 'valheim'],
    [['/usr/bin/java', '-Xmx4G', '-jar', 'server.jar', 'nogui'], 'minecraft'],
    [['java', '-jar', '/opt/mc/paper-1.21.4-100.jar'], 'minecraft'],
    [['C:\\jdk\\bin\\javaw.exe', '-jar', 'C:\\mc\\minecraft_server.1.21.jar'], 'minecraft'],
    [['wine64', 'Z:\\srv\\VRisingServer.exe'], 'v-rising'],
    [['/usr/bin/wine64-preloader', '/usr/bin/wine64', '/srv/enshrouded_server.exe'], 'enshrouded'],
    [['/usr/lib/teeworlds/teeworlds-server', '-f', 'x.cfg'], 'teeworlds'],
  ])('%j is a server of %s', (argv, game) => {
    expect(gameOf(seen(argv))?.id).toBe(game);
  });

  test.each(games.flatMap((row) => row.executables.map((name): [string, string] => [name, row.id])))(
    '%s is %s',
    (name, game) => {
      expect(gameOf(seen([`/srv/${name.toUpperCase()}`]))?.id).toBe(game);
    },
  );

  test.each([
    [[]],
    [['']],
    [['/bin/bash', '/srv/PalServer.sh']],
    [['vim', '/etc/valheim_server.x86_64']],
    [['java', '-jar', '/opt/jenkins.jar']],
    [['java', '-cp', 'server.jar', 'Main']],
    [['java', '-jar']],
    [['wine64', 'C:\\notepad.exe']],
    [['grep', '-r', 'factorio']],
    [['/srv/notfactorio']],
  ])('%j is none', (argv) => {
    expect(gameOf(seen(argv))).toBeUndefined();
  });
});

describe('runningServers', () => {
  test('proposes a definition that starts it again as it was started', () => {
    const argv = ['/srv/bin/factorio', '--start-server', 'my save.zip'];
    expect(running([seen(argv)], none, none)).toEqual([
      {
        pid: 100,
        definition: {
          id: 'factorio',
          name: 'Factorio',
          game: 'factorio',
          launch: { command: '/srv/bin/factorio', args: ['--start-server', 'my save.zip'], cwd: '/srv/game' },
        },
        missing: ['console', 'exit-code'],
      },
    ]);
  });

  test('resolves a command that is relative to its folder, but not a name from PATH', () => {
    const commandOf = (command: string, cwd: string | null): string | undefined =>
      running([seen([command], { cwd })], none, none)[0]?.definition.launch.command;
    expect(commandOf('./bedrock_server', '/srv/bedrock')).toBe('/srv/bedrock/bedrock_server');
    expect(commandOf('bin/factorio', '/srv')).toBe('/srv/bin/factorio');
    expect(commandOf('factorio', '/srv')).toBe('factorio');
    expect(commandOf('./factorio', null)).toBe('./factorio');
    expect(running([seen(['factorio'], { cwd: null })], none, none)[0]?.definition.launch).not.toHaveProperty('cwd');
  });

  test('gives each an id of its own, free of those that are taken', () => {
    const found = [1, 2, 3].map((pid) => seen(['factorio'], { pid }));
    const ids = running(found, none, new Set(['factorio', 'factorio-3'])).map(({ definition }) => definition.id);
    expect(ids).toEqual(['factorio-2', 'factorio-4', 'factorio-5']);
  });

  test('leaves out our own, also what they have started', () => {
    const tree = [
      seen(['/bin/sh', 'start.sh'], { pid: 10, parent: 1 }),
      seen(['wine64', 'x'], { pid: 11, parent: 10 }),
      seen(['valheim_server.x86_64'], { pid: 12, parent: 11 }),
      seen(['factorio'], { pid: 20, parent: 1 }),
    ];
    expect(running(tree, new Set([10]), none).map(({ pid }) => pid)).toEqual([20]);
    expect(running(tree, none, none).map(({ pid }) => pid)).toEqual([12, 20]);
  });

  test('ends also where parents go in a circle', () => {
    const circle = [seen(['factorio'], { pid: 10, parent: 11 }), seen(['x'], { pid: 11, parent: 10 })];
    expect(running(circle, none, none)).toHaveLength(1);
  });

  test('proposes nothing that would be refused', () => {
    const names = games.flatMap((row) => row.executables);
    const argument = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
    const process = fc.record({
      pid: fc.integer({ min: 2, max: 9 }),
      parent: fc.integer({ min: 0, max: 9 }),
      startTime: fc.constant('1'),
      argv: fc
        .tuple(fc.constantFrom('java', 'wine', '', ...names), fc.array(argument))
        .map(([first, more]) => [first, ...more]),
      cwd: fc.constantFrom(null, '/', '/srv/서버', '/gone (deleted)'),
    });
    fc.assert(
      fc.property(fc.array(process, { maxLength: 8 }), (all) => {
        const found = running(all, none, none);
        const ids = new Set(found.map(({ definition }) => definition.id));
        return (
          ids.size === found.length && found.every(({ definition }) => 'definition' in checkDefinition(definition))
        );
      }),
    );
  });
});

describe('detectServers', () => {
  const own = (change: Partial<OwnSettings>): OwnSettings => ({ passwords: {}, ports: {}, at: 1, ...change });
  const palworld: Installed = {
    game: 'palworld',
    folders: ['/home/me/pal', '/mnt/pal'],
    launch: { command: '/home/me/pal/PalServer.sh', cwd: '/home/me/pal' },
  };
  const detect = (change: Partial<Detection>) =>
    detectServers({ seen: [], servers: [], own: () => undefined, installed: async () => [], ...change });
  const process = seen(['/mnt/pal/Pal/Binaries/Linux/PalServer-Linux-Shipping', 'Pal'], { cwd: '/mnt/pal' });

  test('an installed one lacks all until its game says otherwise', async () => {
    const [found] = await detect({ installed: async () => [palworld] });
    expect(found).toEqual({
      definition: { id: 'palworld', name: 'Palworld', game: 'palworld', launch: palworld.launch },
      pid: null,
      missing: ['rest', 'password'],
    });
  });

  test('has the ports that its game has switched on, and says what else it lacks', async () => {
    const settings = own({ passwords: { restPassword: 'x' }, ports: { rconPort: 25_576 } });
    const [found] = await detect({ installed: async () => [palworld], own: () => settings });
    expect(found).toMatchObject({ definition: { connection: { rconPort: 25_576 } }, missing: ['rest'] });
    const whole = own({ passwords: { restPassword: 'x' }, ports: { restPort: 8212 } });
    expect((await detect({ installed: async () => [palworld], own: () => whole }))[0]?.missing).toEqual([]);
    expect(JSON.stringify(await detect({ seen: [process], own: () => whole }))).not.toContain('"x"');
  });

  test('of a running one whose settings cannot be read, nothing is said', async () => {
    const missing = async (settings?: OwnSettings): Promise<unknown> =>
      (await detect({ seen: [process], own: () => settings }))[0]?.missing;
    expect(await missing()).toEqual(['console', 'exit-code']);
    expect(await missing(own({}))).toEqual(['console', 'exit-code', 'rest', 'password']);
  });

  test('what runs, or is in the list, is not proposed as installed', async () => {
    const installed = async (): Promise<Installed[]> => [palworld];
    expect((await detect({ installed, seen: [process] })).map(({ pid }) => pid)).toEqual([100]);
    for (const launch of [
      { command: './PalServer.sh', cwd: '/home/me/pal' },
      { command: '/mnt/pal/Pal/Binaries/Linux/PalServer-Linux-Shipping' },
      { command: '/usr/bin/wine', args: ['/home/me/pal/PalServer.exe'] },
    ]) {
      expect(await detect({ installed, servers: [listed({}, { launch })] })).toEqual([]);
    }
    for (const launch of [{ command: '/home/me/pal2/PalServer.sh' }, { command: 'PalServer.sh' }]) {
      expect(await detect({ installed, servers: [listed({}, { launch })] })).toHaveLength(1);
    }
    const other = listed({}, { game: 'rust', launch: palworld.launch });
    expect(await detect({ installed, servers: [other] })).toHaveLength(1);
  });

  test('a server of the list that runs without us is found as itself', async () => {
    const mine = listed({}, { launch: { command: './PalServer.sh', cwd: '/mnt/pal' }, connection: { restPort: 1 } });
    const [found] = await detect({ seen: [process], servers: [mine], own: () => own({ ports: { restPort: 2 } }) });
    expect(found?.definition).toBe(mine.definition);
    const live = { ...mine, isLive: true, pid: 7 };
    expect((await detect({ seen: [process], servers: [live] }))[0]?.definition.id).toBe('palworld');
  });

  test('servers of one folder are told apart by their arguments', async () => {
    const launch = (map: string): Definition['launch'] => ({
      command: '/ark/ShooterGameServer',
      args: [map],
      cwd: '/ark',
    });
    const [one, two] = ['A', 'B'].map((map) =>
      listed({}, { id: map.toLowerCase(), game: 'ark-se', launch: launch(map) }),
    );
    const ids = async (map: string): Promise<unknown> =>
      (await detect({ seen: [seen(['/ark/ShooterGameServer', map], { cwd: '/ark' })], servers: [one!, two!] }))[0]
        ?.definition.id;
    expect(await ids('A')).toBe('a');
    expect(await ids('B')).toBe('b');
    expect(await ids('C')).toBe('ark-se');
  });

  test('two that look like the same server of the list are both new', async () => {
    const twins = ['a', 'b'].map((id) => listed({}, { id, launch: { command: './PalServer.sh', cwd: '/mnt/pal' } }));
    expect((await detect({ seen: [process], servers: twins }))[0]?.definition.id).toBe('palworld');
  });
});
