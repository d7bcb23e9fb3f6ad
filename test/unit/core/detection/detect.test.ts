import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectServers, gameOf } from '../../../../src/core/detection/detect.js';
import type { SeenProcess } from '../../../../src/core/ports.js';
import { checkDefinition } from '../../../../src/shared/definition.js';
import { games } from '../../../../src/shared/games.js';

const seen = (argv: string[], change: Partial<SeenProcess> = {}): SeenProcess => ({
  ...{ pid: 100, startTime: '1', parent: 1, argv, cwd: '/srv/game' },
  ...change,
});
const none = new Set<never>();

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

describe('detectServers', () => {
  test('proposes a definition that starts it again as it was started', () => {
    const argv = ['/srv/bin/factorio', '--start-server', 'my save.zip'];
    expect(detectServers([seen(argv)], none, none)).toEqual([
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
      detectServers([seen([command], { cwd })], none, none)[0]?.definition.launch.command;
    expect(commandOf('./bedrock_server', '/srv/bedrock')).toBe('/srv/bedrock/bedrock_server');
    expect(commandOf('bin/factorio', '/srv')).toBe('/srv/bin/factorio');
    expect(commandOf('factorio', '/srv')).toBe('factorio');
    expect(commandOf('./factorio', null)).toBe('./factorio');
    expect(detectServers([seen(['factorio'], { cwd: null })], none, none)[0]?.definition.launch).not.toHaveProperty(
      'cwd',
    );
  });

  test('gives each an id of its own, free of those that are taken', () => {
    const found = [1, 2, 3].map((pid) => seen(['factorio'], { pid }));
    const ids = detectServers(found, none, new Set(['factorio', 'factorio-3'])).map(({ definition }) => definition.id);
    expect(ids).toEqual(['factorio-2', 'factorio-4', 'factorio-5']);
  });

  test('leaves out our own, also what they have started', () => {
    const tree = [
      seen(['/bin/sh', 'start.sh'], { pid: 10, parent: 1 }),
      seen(['wine64', 'x'], { pid: 11, parent: 10 }),
      seen(['valheim_server.x86_64'], { pid: 12, parent: 11 }),
      seen(['factorio'], { pid: 20, parent: 1 }),
    ];
    expect(detectServers(tree, new Set([10]), none).map(({ pid }) => pid)).toEqual([20]);
    expect(detectServers(tree, none, none).map(({ pid }) => pid)).toEqual([12, 20]);
  });

  test('ends also where parents go in a circle', () => {
    const circle = [seen(['factorio'], { pid: 10, parent: 11 }), seen(['x'], { pid: 11, parent: 10 })];
    expect(detectServers(circle, none, none)).toHaveLength(1);
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
        const found = detectServers(all, none, none);
        const ids = new Set(found.map(({ definition }) => definition.id));
        return (
          ids.size === found.length && found.every(({ definition }) => 'definition' in checkDefinition(definition))
        );
      }),
    );
  });
});
