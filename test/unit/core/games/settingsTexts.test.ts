import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGameUserSettings } from '../../../../src/core/games/ark/gameUserSettings.js';
import { parseServerProperties } from '../../../../src/core/games/minecraft/serverProperties.js';
import { parsePalworldSettings } from '../../../../src/core/games/palworld/settingsFile.js';
import { parseTeeworldsConfig } from '../../../../src/core/games/teeworlds/config.js';

const palworld = (options: string): string =>
  `; This configuration file is a sample of the default server settings.\r\n[/Script/Pal.PalGameWorldSettings]\r\nOptionSettings=(${options})\r\n`;
const usual =
  'Difficulty=None,DayTimeSpeedRate=1.000000,bIsMultiplay=False,CrossplayPlatforms=(Steam,Xbox,PS5,Mac),' +
  'ServerName="Default, Palworld (Server)",ServerDescription="say \\"hi\\", AdminPassword=no",ServerPassword="for-players",PublicPort=8211,PublicIP=""';
const nothing = { passwords: {}, ports: {} };

describe('PalWorldSettings.ini', () => {
  const both = (password: string): object => ({ restPassword: password, rconPassword: password });

  test.each([
    [
      'all switched on',
      palworld(`${usual},AdminPassword="hunter2",RCONEnabled=True,RCONPort=25576,RESTAPIEnabled=True,RESTAPIPort=8213`),
      { passwords: both('hunter2'), ports: { restPort: 8213, rconPort: 25_576 } },
    ],
    [
      'switched off',
      palworld(
        `AdminPassword="hunter2",${usual},RCONEnabled=False,RCONPort=25575,RESTAPIEnabled=False,RESTAPIPort=8212`,
      ),
      { passwords: both('hunter2'), ports: {} },
    ],
    [
      'the usual ports are left out, and names are written in another way',
      palworld('adminpassword="hunter2", RconEnabled = true , restapienabled=TRUE'),
      { passwords: both('hunter2'), ports: { restPort: 8212, rconPort: 25_575 } },
    ],
    ['quotes and backslashes', palworld('AdminPassword="a\\"b\\\\c,)d"'), { passwords: both('a"b\\c,)d'), ports: {} }],
    ['without quotes', palworld('AdminPassword=hunter2,PublicPort=8211'), { passwords: both('hunter2'), ports: {} }],
    [
      'no password',
      palworld(`${usual},AdminPassword="",RESTAPIEnabled=True`),
      { passwords: {}, ports: { restPort: 8212 } },
    ],
    ['an impossible port', palworld('RESTAPIEnabled=True,RESTAPIPort=99999'), nothing],
    [
      'the last line counts',
      palworld('AdminPassword="old-one"') + palworld('AdminPassword="new-one"'),
      { passwords: both('new-one'), ports: {} },
    ],
    ['only a comment', '; OptionSettings=(AdminPassword="hunter2")', nothing],
    ['cut off', 'OptionSettings=(AdminPassword="hunt', { passwords: both('hunt'), ports: {} }],
    ['empty', '', nothing],
  ])('%s', (_, text, expected) => {
    expect(parsePalworldSettings(text)).toEqual(expected);
  });
});

describe('server.properties', () => {
  const usual = '#Minecraft server properties\n#Sat Nov 21 12:00:00 CET 2026\nmotd=A Minecraft Server\\: \\u00a7bhi\n';

  test.each([
    [
      'switched on',
      `${usual}enable-rcon=true\nrcon.port=25576\nrcon.password=hunter2\nbroadcast-rcon-to-ops=true\n`,
      { passwords: { rconPassword: 'hunter2' }, ports: { rconPort: 25_576 } },
    ],
    [
      'switched off',
      `${usual}enable-rcon=false\r\nrcon.password=hunter2\r\nrcon.port=25575\r\n`,
      { passwords: { rconPassword: 'hunter2' }, ports: {} },
    ],
    [
      'escapes',
      'rcon.password=\\u0070a\\=b\\:c\\#d\\!e\\\\f\\ g\nenable-rcon:true',
      { passwords: { rconPassword: 'pa=b:c#d!e\\f g' }, ports: { rconPort: 25_575 } },
    ],
    ['other separators', '  rcon.password   hunter2', { passwords: { rconPassword: 'hunter2' }, ports: {} }],
    ['an escaped key', 'rcon\\u002epassword = hunter2', { passwords: { rconPassword: 'hunter2' }, ports: {} }],
    [
      'lines that go on',
      'rcon.password=hun\\\n    ter\\\n  2\nx=y',
      { passwords: { rconPassword: 'hunter2' }, ports: {} },
    ],
    [
      'a backslash at the end',
      'rcon.password=hunter2\\\\\nx=y',
      { passwords: { rconPassword: 'hunter2\\' }, ports: {} },
    ],
    ['signs of their own', 'rcon.password=pässwörd=1', { passwords: { rconPassword: 'pässwörd=1' }, ports: {} }],
    ['empty', 'rcon.password=\nrcon.port=\nenable-rcon=true', nothing],
    ['a line end within', 'rcon.password=a\\nb', nothing],
    ['a comment', '#rcon.password=hunter2\n! rcon.password=hunter2', nothing],
    [
      'the last one counts',
      'rcon.password=old-one\nrcon.password=new-one',
      { passwords: { rconPassword: 'new-one' }, ports: {} },
    ],
  ])('%s', (_, text, { passwords, ports }) => {
    expect(parseServerProperties(text)).toEqual({ passwords, ports: { queryPort: 25_565, ...ports } });
  });

  test.each([
    ['server-port=25570\nenable-status=true', { queryPort: 25_570 }],
    ['enable-status=\nquery.port=7', { queryPort: 25_565 }],
    // It answers nobody who is not playing.
    ['server-port=25570\nenable-status=false', {}],
    ['server-port=99999', {}],
  ])('where players connect, it can be asked: %j', (text, ports) => {
    expect(parseServerProperties(text)).toEqual({ passwords: {}, ports });
  });
});

describe('GameUserSettings.ini', () => {
  test.each([
    [
      'switched on',
      '[/Script/ShooterGame.ShooterGameUserSettings]\nRCONPort=1\n\n[ServerSettings]\nServerPassword=for-players\nServerAdminPassword=hunter2\nRCONEnabled=True\nRCONPort=27021\n\n[SessionSettings]\nServerAdminPassword=no\n',
      { passwords: { rconPassword: 'hunter2' }, ports: { rconPort: 27_021 } },
    ],
    [
      'switched off, other line ends and letters',
      '[SERVERSETTINGS]\r\nserveradminpassword = "hunter 2" \r\nRCONEnabled=False\r\nRCONPort=27020\r\n',
      { passwords: { rconPassword: 'hunter 2' }, ports: {} },
    ],
    [
      'signs in it',
      '[ServerSettings]\nServerAdminPassword=a=b;c"d',
      { passwords: { rconPassword: 'a=b;c"d' }, ports: {} },
    ],
    [
      'a comment',
      '[ServerSettings]\n;ServerAdminPassword=hunter2\nRCONEnabled=1',
      { passwords: {}, ports: { rconPort: 27_020 } },
    ],
    ['no section', 'ServerAdminPassword=hunter2', nothing],
    ['empty', '[ServerSettings]\nServerAdminPassword=\n', nothing],
  ])('%s', (_, text, expected) => {
    expect(parseGameUserSettings(text)).toEqual(expected);
  });
});

describe('a Teeworlds configuration', () => {
  test.each([
    [
      'bindaddr 127.0.0.1\nsv_name probe\nec_port 30304\nec_password econpw\n',
      { ec_port: '30304', ec_password: 'econpw' },
    ],
    ['ec_password "hunter 2" # mine\r\nec_port 5; sv_map dm1', { ec_port: '5', ec_password: 'hunter 2' }],
    ['ec_password "a\\"b\\\\c;d#e"', { ec_password: 'a"b\\c;d#e' }],
    ['EC_Password  first\n  ec_password second', { ec_password: 'second' }],
    ['# ec_password no\n#;ec_password no', {}],
    ['ec_password\n;;;\n"', {}],
  ])('%j', (text, expected) => {
    const all = Object.fromEntries(parseTeeworldsConfig(text));
    expect(all).toMatchObject(expected);
    expect(
      Object.keys(all)
        .filter((name) => name.startsWith('ec_'))
        .sort(),
    ).toEqual(Object.keys(expected).sort());
  });
});

describe('whatever the text', () => {
  const parts = [
    ...[
      'OptionSettings=(',
      'AdminPassword="',
      '"',
      '\\',
      ',',
      '(',
      ')',
      '=',
      '\n',
      '\r',
      '\0',
      'rcon.password=',
      '\\u00',
    ],
    ...[
      '[ServerSettings]',
      'ServerAdminPassword=',
      ';',
      '#',
      'ec_password "',
      ' ',
      '\ud800',
      'RESTAPIEnabled=True',
      '비밀',
    ],
  ];
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((all) => all.join('')),
  );

  test('nothing throws, and a password is one that can be used', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const parse of [parsePalworldSettings, parseServerProperties, parseGameUserSettings]) {
          for (const value of Object.values(parse(text).passwords)) expect(value).toMatch(/^[^\0\r\n]{1,1024}$/);
          for (const value of Object.values(parse(text).ports)) expect(value).toBeGreaterThan(0);
        }
        parseTeeworldsConfig(text);
      }),
    );
  });

  test('a megabyte of it is read at once', () => {
    for (const piece of [' ', '\\', '"', '(', 'a=', 'OptionSettings=(a=', '\t=', ';', '\\\n', 'ec_password ']) {
      const text = piece.repeat(Math.floor(1_000_000 / piece.length));
      for (const parse of [parsePalworldSettings, parseServerProperties, parseGameUserSettings, parseTeeworldsConfig]) {
        // Not a measurement: what grows with the square would take hours.
        expect(parse(text)).toBeDefined();
        expect(parse(`OptionSettings=(${text}`)).toBeDefined();
      }
    }
  });

  const password = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() === text);

  test('a password is read as it was written', () => {
    fc.assert(
      fc.property(password, (text) => {
        const quoted = text.replace(/["\\]/g, '\\$&');
        expect(parsePalworldSettings(palworld(`x=1,AdminPassword="${quoted}",y=2`)).passwords.restPassword).toBe(text);
        expect(parseTeeworldsConfig(`ec_password "${quoted}"`).get('ec_password')).toBe(text);
        const escaped = text.replace(/[\\ :=#!]/g, '\\$&');
        expect(parseServerProperties(`rcon.password=${escaped}\n`).passwords.rconPassword).toBe(text);
      }),
    );
  });
});
