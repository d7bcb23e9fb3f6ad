import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { InstalledServers, type Installed } from '../../../../src/core/detection/installed.js';
import { layouts } from '../../../../src/core/detection/layouts.js';
import { Look } from '../../../../src/core/detection/look.js';
import { usualPlaces, type UsualPlaces } from '../../../../src/core/detection/usualPlaces.js';
import { checkDefinition } from '../../../../src/shared/definition.js';
import { gameRow } from '../../../../src/shared/games.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();

function put(file: string, text = ''): void {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true });
  fs.writeFileSync(at(file), text);
}

const find = async (change: Partial<UsualPlaces> = {}): Promise<readonly Installed[]> =>
  await new InstalledServers(async () => ({
    ...{ steam: [], libraries: [], folders: [at('servers')], wine: null, isWindows: false },
    ...change,
  })).find();
/** What is found: game, and its command line from the folder of this test. */
const lines = async (change: Partial<UsualPlaces> = {}): Promise<string[]> =>
  (await find(change)).map(({ game, launch: { command, args = [], cwd = '' } }) =>
    [game, command, ...args, `(${cwd})`].join(' ').replaceAll(`${at()}/`, ''),
  );

describe('a folder', () => {
  test.each<[string[], string]>([
    [['PalServer.sh', 'Pal/Binaries/Linux/PalServer-Linux-Shipping'], 'palworld servers/x/PalServer.sh (servers/x)'],
    [
      ['Pal/Binaries/Linux/PalServer-Linux-Shipping'],
      'palworld servers/x/Pal/Binaries/Linux/PalServer-Linux-Shipping (servers/x/Pal/Binaries/Linux)',
    ],
    [
      ['ShooterGame/Binaries/Linux/ShooterGameServer'],
      'ark-se servers/x/ShooterGame/Binaries/Linux/ShooterGameServer TheIsland?listen -server -log (servers/x/ShooterGame/Binaries/Linux)',
    ],
    [['server.properties', 'server.jar'], 'minecraft java -jar server.jar nogui (servers/x)'],
    [
      ['server.properties', 'paper-1.9.jar', 'paper-1.21.jar', 'fabric-installer.jar'],
      'minecraft java -jar paper-1.21.jar nogui (servers/x)',
    ],
    [
      ['server.properties', 'server.jar', 'fabric-server-launch.jar'],
      'minecraft java -jar fabric-server-launch.jar nogui (servers/x)',
    ],
    [['server.properties', 'server.jar', 'run.sh'], 'minecraft servers/x/run.sh (servers/x)'],
    [['server.properties', 'bedrock_server'], 'minecraft-bedrock servers/x/bedrock_server (servers/x)'],
    [['valheim_server.x86_64', 'start_server.sh'], 'valheim servers/x/start_server.sh (servers/x)'],
    [
      ['7DaysToDieServer.x86_64', 'startserver.sh'],
      '7dtd servers/x/startserver.sh -configfile=serverconfig.xml (servers/x)',
    ],
    [
      ['bin/x64/factorio', 'data/server-settings.json'],
      'factorio servers/x/bin/x64/factorio --start-server-load-latest (servers/x/bin/x64)',
    ],
    [['start-server.sh', 'ProjectZomboid64'], 'project-zomboid servers/x/start-server.sh (servers/x)'],
    [['TerrariaServer.bin.x86_64'], 'terraria servers/x/TerrariaServer.bin.x86_64 (servers/x)'],
  ])('with %j is one', async (files, expected) => {
    for (const file of files) put(`servers/x/${file}`);
    expect(await lines()).toEqual([expected]);
  });

  test.each([
    [['server.jar']],
    [['server.properties']],
    [['start-server.sh']],
    [['bin/x64/factorio']],
    [['Pal/PalServer-Linux-Shipping']],
    [['valheim_server.x86_64/readme']],
    [['enshrouded_server.exe']],
    [['PalServer.exe']],
  ])('with %j is none', async (files) => {
    for (const file of files) put(`servers/x/${file}`);
    expect(await lines()).toEqual([]);
  });

  test('for Windows is run by Wine where that is', async () => {
    put('servers/x/enshrouded_server.exe');
    expect(await lines({ wine: '/usr/bin/wine' })).toEqual([
      'enshrouded /usr/bin/wine servers/x/enshrouded_server.exe (servers/x)',
    ]);
    put('servers/pal/PalServer.sh');
    put('servers/pal/PalServer.exe');
    expect(await lines({ isWindows: true })).toEqual([
      'palworld servers/pal/PalServer.exe (servers/pal)',
      'enshrouded servers/x/enshrouded_server.exe (servers/x)',
    ]);
  });

  test('is looked into one level deep, hidden ones never', async () => {
    put('servers/PalServer.sh');
    put('servers/one/PalServer.sh');
    put('servers/one/two/PalServer.sh');
    put('servers/.hidden/PalServer.sh');
    expect(await lines()).toEqual([
      'palworld servers/PalServer.sh (servers)',
      'palworld servers/one/PalServer.sh (servers/one)',
    ]);
  });

  test('is found once, whatever links lead there, and links in a circle end', async () => {
    put('servers/pal/PalServer.sh');
    fs.symlinkSync(at('servers'), at('servers/circle'));
    fs.symlinkSync(at('servers/pal'), at('servers/zlink'));
    fs.symlinkSync('nowhere', at('servers/broken'));
    const found = await find({ folders: [at('servers'), at('servers'), at('servers/zlink')] });
    expect(found).toHaveLength(1);
    expect(found[0]?.folders).toContain(fs.realpathSync(at('servers/pal')));
  });

  test('that may not be read is passed over', async () => {
    put('servers/a/PalServer.sh');
    put('servers/b/PalServer.sh');
    fs.chmodSync(at('servers/a'), 0);
    try {
      // Root may read everything.
      expect(
        await lines({ folders: [at('none'), at('servers/b/PalServer.sh'), '/proc/1/fd', at('servers')] }),
      ).toHaveLength(process.getuid?.() === 0 ? 2 : 1);
    } finally {
      fs.chmodSync(at('servers/a'), 0o700);
    }
  });
});

describe('Steam', () => {
  const manifest = (installdir: string): string => `"AppState"\n{\n\t"installdir"\t\t"${installdir}"\n}\n`;
  const valheim = 'appmanifest_896660.acf';

  test('tells of its servers in all its libraries', async () => {
    put(
      'Steam/steamapps/libraryfolders.vdf',
      `"libraryfolders" { "0" { "path" "${at('Steam')}" } "1" { "path" "${at('lib')}" } "2" "relative" }`,
    );
    put(`Steam/steamapps/${valheim}`, manifest('Valheim dedicated server'));
    put('Steam/steamapps/common/Valheim dedicated server/valheim_server.x86_64');
    put('lib/steamapps/appmanifest_343050.acf', manifest('DST'));
    put('lib/steamapps/common/DST/bin64/dontstarve_dedicated_server_nullrenderer_x64');
    put('lib/steamapps/appmanifest_892970.acf', manifest('Valheim'));
    put('lib/steamapps/common/Valheim/valheim_server.x86_64');
    expect(await lines({ steam: [at('none'), at('Steam')], folders: [] })).toEqual([
      'valheim Steam/steamapps/common/Valheim dedicated server/valheim_server.x86_64 (Steam/steamapps/common/Valheim dedicated server)',
      'dst lib/steamapps/common/DST/bin64/dontstarve_dedicated_server_nullrenderer_x64 (lib/steamapps/common/DST/bin64)',
    ]);
  });

  test.each(['..', '../../servers/pal', 'a\\\\b', '', 'not there'])('a manifest cannot lead to %j', async (name) => {
    put('servers/pal/valheim_server.x86_64');
    put(`lib/steamapps/${valheim}`, manifest(name));
    put('lib/steamapps/valheim_server.x86_64');
    expect(await lines({ libraries: [at('lib')], folders: [] })).toEqual([]);
  });
});

test('is over at its deadline, with what was found, and does not begin beside a look that hangs', async () => {
  let asked = 0;
  const never = new InstalledServers(() => {
    asked++;
    return new Promise(() => undefined);
  }, 50);
  expect(await never.find()).toEqual([]);
  expect(await never.find()).toEqual([]);
  expect(asked).toBe(1);
  const calledOff = new Look(AbortSignal.abort());
  expect(calledOff.isOver).toBe(true);
  expect(await calledOff.list('/')).toBeUndefined();
});

test('every layout is of a game, and what it proposes is allowed', () => {
  for (const { game, shows, args = [], env = {} } of layouts) {
    expect(gameRow(game), game).toBeDefined();
    const launch = { command: `/x/${shows[0]!}`, args: [...args], env };
    expect(checkDefinition({ id: 'a', name: 'A', game, launch })).toHaveProperty('definition');
  }
});

test('the usual places are full paths', async () => {
  const places = await usualPlaces(new Look(new AbortController().signal));
  expect([...places.steam, ...places.libraries, ...places.folders].filter((one) => !path.isAbsolute(one))).toEqual([]);
});
