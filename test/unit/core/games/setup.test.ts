import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OwnSettingsReader } from '../../../../src/core/games/ownSettings.js';
import { setupOf } from '../../../../src/core/games/setup.js';
import type { Definition, GameSetup } from '../../../../src/shared/contract.js';
import { proposeSettings } from '../../../../src/shared/gameSettings/settings.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const put = (text: string, file: string): string => {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true });
  fs.writeFileSync(at(file), text);
  return at(file);
};
const definition = (game: string, launch: Definition['launch'], more: Partial<Definition> = {}): Definition => ({
  ...{ id: 'x', name: 'X', game, launch },
  ...more,
});
const setup = (...of: Parameters<typeof definition>): GameSetup | null => setupOf(definition(...of), at('data'));
const ini = 'pal/Pal/Saved/Config/LinuxServer/PalWorldSettings.ini';
const deep = 'pal/Pal/Binaries/Linux/PalServer-Linux-Shipping';

test('a Palworld that was never started gets its file where it is read, from the text that comes with it', () => {
  put('', deep);
  const template = put('[/Script/Pal.PalGameWorldSettings]\nOptionSettings=()\n', 'pal/DefaultPalWorldSettings.ini');
  const expected = { file: at(ini), isThere: false, template, format: 'palworld', enable: ['rest', 'password'] };
  expect(setup('palworld', { command: at('pal/PalServer.sh') })).toEqual(expected);
  expect(setup('palworld', { command: at(deep) })).toEqual(expected);
  put(' \n', ini);
  expect(setup('palworld', { command: at(deep) })).toEqual({ ...expected, isThere: true });
});

test('what was proposed and saved is read by the core, and then nothing is missing', () => {
  const launches: [string, Definition['launch']][] = [
    ['palworld', { command: './PalServer.sh', cwd: at('pal') }],
    ['minecraft', { command: 'java', cwd: at('mc') }],
    ['ark-se', { command: at('ark/ShooterGame/Binaries/Linux/ShooterGameServer') }],
  ];
  put('', deep);
  put('', 'mc/server.jar');
  put('', 'ark/ShooterGame/Binaries/Linux/ShooterGameServer');
  for (const [game, launch] of launches) {
    const found = setup(game, launch);
    if (found === null) throw new Error(`${game} lacks nothing`);
    const { file, format, enable } = found;
    put(proposeSettings(format, '', { enable, password: 'Abc123' }), path.relative(at(), file));
    const own = new OwnSettingsReader(at('data')).readOwnSettings(definition(game, launch));
    expect(Object.values(own?.passwords ?? {})).toContain('Abc123');
    expect(Object.keys(own?.ports ?? {})).toContain(game === 'palworld' ? 'restPort' : 'rconPort');
    expect(setup(game, launch)).toBeNull();
  }
});

test('RCON of a Palworld is switched on only for who has written its port down', () => {
  put('OptionSettings=(RESTAPIEnabled=True,AdminPassword="x")', ini);
  const launch = { command: at('pal/PalServer.sh') };
  expect(setup('palworld', launch)).toBeNull();
  expect(setup('palworld', launch, { connection: { rconPort: 25_575 } })).toMatchObject({
    enable: ['rcon'],
    template: null,
  });
});

test('what ARK is told on its command line is not asked for in its file', () => {
  put('', 'ark/ShooterGame/Binaries/Linux/ShooterGameServer');
  const command = at('ark/ShooterGame/Binaries/Linux/ShooterGameServer');
  expect(setup('ark-se', { command, args: ['TheIsland?RCONEnabled=False'] })?.enable).toEqual(['password']);
  expect(setup('ark-se', { command, args: ['M?RCONEnabled=True?ServerAdminPassword=x'] })).toBeNull();
});

test('nothing is known of other games, or where a game is not', () => {
  expect(setup('valheim', { command: at('x') })).toBeNull();
  expect(setup('constructor', { command: at('x') })).toBeNull();
  expect(setup('minecraft', { command: 'java' })).toBeNull();
  expect(setup('palworld', { command: at('nowhere/PalServer.sh') })).toBeNull();
  expect(setup('minecraft', { command: at('nowhere/run.sh') })).toBeNull();
});

test('a file that is too large is said to be', () => {
  put('x'.repeat(1024 * 1024 + 1), 'mc/server.properties');
  expect(() => setup('minecraft', { command: 'java', cwd: at('mc') })).toThrow('io');
});
