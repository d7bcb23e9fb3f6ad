import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OwnSettingsReader } from '../../../../src/core/games/ownSettings.js';
import { decoded, SettingsFiles } from '../../../../src/core/games/settingsFiles.js';
import type { OwnSettings } from '../../../../src/core/ports.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();

function put(content: string | Buffer, ...parts: string[]): string {
  const file = at(...parts);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

const read = (game: string, launch: Definition['launch']): OwnSettings | undefined =>
  new OwnSettingsReader(at('data')).readOwnSettings({ id: 'x', name: 'X', game, launch });
const rcon = (game: string, launch: Definition['launch']): string | undefined =>
  read(game, launch)?.passwords.rconPassword;

const palworld = (password: string): string => `OptionSettings=(AdminPassword="${password}",RCONEnabled=True)`;
const ark = '[ServerSettings]\r\nServerAdminPassword=hunter2\r\nRCONEnabled=True\r\n';

describe('Palworld', () => {
  const linux = ['Pal', 'Saved', 'Config', 'LinuxServer', 'PalWorldSettings.ini'];
  const windows = ['Pal', 'Saved', 'Config', 'WindowsServer', 'PalWorldSettings.ini'];

  test.each<[string, () => Definition['launch']]>([
    ['from its folder', () => ({ command: './PalServer.sh', cwd: at('pal') })],
    ['by its script', () => ({ command: at('pal', 'PalServer.sh') })],
    [
      'by the program deep within',
      () => ({ command: at('pal', 'Pal', 'Binaries', 'Linux', 'PalServer-Linux-Shipping') }),
    ],
    ['by the program, from elsewhere', () => ({ command: at('pal', 'PalServer.sh'), cwd: '/' })],
  ])('started %s', (_, launch) => {
    put(palworld('hunter2'), 'pal', ...linux);
    const own = read('palworld', launch());
    expect(own).toMatchObject({
      passwords: { restPassword: 'hunter2', rconPassword: 'hunter2' },
      ports: { rconPort: 25_575 },
    });
    expect(own?.at).toBe(Math.floor(fs.statSync(at('pal', ...linux)).mtimeMs));
  });

  test('for Windows, run by Wine, has the settings of Windows', () => {
    put(palworld('for-linux'), 'pal', ...linux);
    put(palworld('for-windows'), 'pal', ...windows);
    const cwd = at('pal');
    expect(rcon('palworld', { command: '/usr/bin/wine', args: ['PalServer.exe'], cwd })).toBe('for-windows');
    expect(rcon('palworld', { command: './PalServer.sh', cwd })).toBe('for-linux');
  });

  test('more than four folders up belongs to something else', () => {
    put(palworld('hunter2'), ...linux);
    expect(rcon('palworld', { command: at('a', 'b', 'c', 'd', 'PalServer.sh') })).toBe('hunter2');
    expect(read('palworld', { command: at('a', 'b', 'c', 'd', 'e', 'PalServer.sh') })).toBeUndefined();
  });
});

test('Minecraft has its settings where it is started, and not above it', () => {
  put('rcon.password=hunter2', 'server.properties');
  expect(rcon('minecraft', { command: '/usr/bin/java', cwd: at() })).toBe('hunter2');
  expect(rcon('minecraft', { command: at('start.sh') })).toBe('hunter2');
  expect(read('minecraft', { command: at('below', 'start.sh') })).toBeUndefined();
  put('rcon.password=inside', 'data', 'worlds', 'server.properties');
  expect(rcon('minecraft', { command: 'java', cwd: '${dataDir}/worlds' })).toBe('inside');
});

test.each([
  ['UTF-16 with its mark', Buffer.from('\ufeff' + ark, 'utf16le')],
  ['UTF-16, the other way round', Buffer.from('\ufeff' + ark, 'utf16le').swap16()],
  ['UTF-8 with its mark', Buffer.from('\ufeff' + ark)],
  ['Latin-1', Buffer.from('; Süd\r\n' + ark, 'latin1')],
])('ARK writes %s', (_, bytes) => {
  put(bytes, 'ark', 'ShooterGame', 'Saved', 'Config', 'WindowsServer', 'GameUserSettings.ini');
  const command = at('ark', 'ShooterGame', 'Binaries', 'Win64', 'ArkAscendedServer.exe');
  expect(read('ark-sa', { command })).toMatchObject({
    passwords: { rconPassword: 'hunter2' },
    ports: { rconPort: 27_020 },
  });
  expect(rcon('ark-se', { command })).toBe('hunter2');
});

test('ARK takes its command line before its file', () => {
  put(ark + 'RCONPort=27021\r\n', 'ark', 'ShooterGame', 'Saved', 'Config', 'LinuxServer', 'GameUserSettings.ini');
  const command = at('ark', 'ShooterGame', 'Binaries', 'Linux', 'ShooterGameServer');
  const started = (...args: string[]): object => ({ ...read('ark-se', { command, args }), at: 0 });
  expect(started('TheIsland?listen', '-server', '-log')).toEqual({
    ...{ passwords: { rconPassword: 'hunter2' }, ports: { rconPort: 27_021 }, at: 0 },
  });
  expect(started('TheIsland?listen?ServerAdminPassword=typed?RCONPort=27022?Port=7777')).toEqual({
    ...{ passwords: { rconPassword: 'typed' }, ports: { rconPort: 27_022 }, at: 0 },
  });
  expect(started('TheIsland?RCONEnabled=False')).toMatchObject({ ports: {} });
  const alone = { command: '/elsewhere/ShooterGameServer', args: ['TheIsland?ServerAdminPassword=typed'] };
  expect(read('ark-se', alone)).toEqual({ passwords: { rconPassword: 'typed' }, ports: {}, at: 0 });
});

describe('Teeworlds', () => {
  const command = '/usr/games/teeworlds-server';
  const econ = (args: string[]): object => {
    const { passwords, ports } = read('teeworlds', { command, args, cwd: at('tee') }) ?? {};
    return { ...passwords, ...ports };
  };

  test('takes autoexec.cfg, then the command line in its order', () => {
    put('ec_password auto\nec_port 1', 'tee', 'autoexec.cfg');
    put('ec_password server\nec_port 2', 'tee', 'server.cfg');
    const other = put('ec_port 3', 'other.cfg');
    expect(econ([])).toEqual({ econPassword: 'auto', econPort: 1 });
    expect(econ(['-f', 'server.cfg'])).toEqual({ econPassword: 'server', econPort: 2 });
    expect(econ(['-f', 'server.cfg', '-f', other])).toEqual({ econPassword: 'server', econPort: 3 });
    expect(econ(['-f', 'server.cfg', 'ec_password "typed"; ec_port 4'])).toEqual({
      econPassword: 'typed',
      econPort: 4,
    });
    expect(econ(['-f', 'none.cfg', '-f'])).toEqual({ econPassword: 'auto', econPort: 1 });
  });

  test('has no console for programs without a password', () => {
    put('ec_port 1', 'tee', 'autoexec.cfg');
    expect(econ([])).toEqual({});
  });
});

test.each<[string, Definition['launch']]>([
  ['other', { command: '/bin/true' }],
  ['demo', { command: '/bin/true' }],
  ['constructor', { command: '/bin/true' }],
  ['minecraft', { command: 'java' }],
  ['minecraft', { command: './start.sh', cwd: 'relative' }],
  ['palworld', { command: '/' }],
])('%s has none at %j', (game, launch) => {
  expect(read(game, launch)).toBeUndefined();
});

describe('a file', () => {
  const length = (text: string): number => text.length;

  test('is parsed again only when it has changed', () => {
    const file = put('one', 'x.ini');
    const files = new SettingsFiles();
    let parsed = 0;
    const parse = (text: string): string => {
      parsed++;
      return text;
    };
    expect(files.read(file, parse)?.value).toBe('one');
    expect(files.read(file, parse)?.value).toBe('one');
    expect(parsed).toBe(1);
    fs.writeFileSync(file, 'two');
    fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
    expect(files.read(file, parse)).toEqual({ value: 'two', at: 1_700_000_000_000 });
    fs.rmSync(file);
    expect(files.read(file, parse)).toBeUndefined();
  });

  test('that nobody has asked for lately is let go of, and read anew when somebody does', async () => {
    const files = new SettingsFiles();
    const [old, used] = [put('old', 'old.ini'), put('in use', 'used.ini')];
    let parsed = 0;
    const parse = (text: string): number => {
      parsed++;
      return text.length;
    };
    const read = (): unknown[] => [files.read(old, parse)?.value, files.read(used, parse)?.value];
    expect(read()).toEqual([3, 6]);
    expect(files.bytes()).toBe(9);
    await new Promise((resolve) => setTimeout(resolve, 60));
    files.read(used, parse);
    files.dropOlderThan(50);
    expect(files.bytes()).toBe(6);
    expect(parsed).toBe(2);
    expect(read()).toEqual([3, 6]);
    expect(parsed).toBe(3);
    files.dropAll();
    expect(files.bytes()).toBe(0);
    expect(read()).toEqual([3, 6]);
    expect(parsed).toBe(5);
  });

  test('that is no file, or too large, or gone, is not read', () => {
    const files = new SettingsFiles();
    expect(files.read(put('x'.repeat(1024 * 1024), 'large'), length)?.value).toBe(1024 * 1024);
    expect(files.read(put('x'.repeat(1024 * 1024 + 1), 'large'), length)).toBeUndefined();
    expect(files.read(at(), length)).toBeUndefined();
    execFileSync('mkfifo', [at('pipe')]);
    expect(files.read(at('pipe'), length)).toBeUndefined();
    expect(files.read('/dev/zero', length)).toBeUndefined();
    expect(files.read(at('none'), length)).toBeUndefined();
    expect(files.read('a\0b', length)).toBeUndefined();
  });

  test('has the letters that it was written with', () => {
    expect(decoded(Buffer.from('\ufeff비', 'utf16le'))).toBe('비');
    expect(decoded(Buffer.from('비'))).toBe('비');
    expect(decoded(Buffer.from([0xfc]))).toBe('ü');
  });
});

describe('where a game can be spoken to by its own settings', () => {
  const usable = (game: string, launch: Definition['launch']): Definition['connection'] =>
    new OwnSettingsReader(at('data')).usablePorts({ id: 'x', name: 'X', game, launch });

  test('a console without its password is of no use', () => {
    put('enable-rcon=true\nrcon.password=\n', 'mc', 'server.properties');
    expect(usable('minecraft', { command: 'java', cwd: at('mc') })).toEqual({ queryPort: 25_565 });
    put('enable-rcon=true\nrcon.password=x\n', 'mc', 'server.properties');
    expect(usable('minecraft', { command: 'java', cwd: at('mc') })).toEqual({ queryPort: 25_565, rconPort: 25_575 });
    expect(usable('minecraft', { command: 'java', cwd: at('none') })).toEqual({});
    expect(usable('valheim', { command: 'java', cwd: at('mc') })).toEqual({});
  });

  test.each([
    ['server-ip=192.168.0.5', '192.168.0.5'],
    ['server-ip=', undefined],
    ['server-ip=0.0.0.0', undefined],
  ])('%s: it listens there only, or everywhere', (line, host) => {
    put(`${line}\n`, 'mc', 'server.properties');
    expect(usable('minecraft', { command: 'java', cwd: at('mc') })?.host).toBe(host);
  });
});
