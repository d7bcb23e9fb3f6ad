import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGameUserSettings } from '../../../../src/core/games/ark/gameUserSettings.js';
import { parseServerProperties } from '../../../../src/core/games/minecraft/serverProperties.js';
import { parsePalworldSettings } from '../../../../src/core/games/palworld/settingsFile.js';
import type { SettingsFormat } from '../../../../src/shared/gameSettings/format.js';
import { portsIn, proposeSettings, type Enable } from '../../../../src/shared/gameSettings/settings.js';

const password = 'Abc123Abc123Abc123Abc123';
const all: Enable[] = ['rest', 'rcon', 'password'];
const propose = (format: SettingsFormat, text: string, enable: readonly Enable[] = all): string =>
  proposeSettings(format, text, { enable, password });

/** What the core makes of each, and which of its passwords and ports the edit is for. */
/** The game's own port needs no switching on. */
function consoleOf(text: string): ReturnType<typeof parseServerProperties> {
  const { passwords, ports } = parseServerProperties(text);
  const { rconPort } = ports;
  return { passwords, ports: rconPort === undefined ? {} : { rconPort } };
}

const readers = {
  palworld: { parse: parsePalworldSettings, ports: ['restPort', 'rconPort'] },
  'server-properties': { parse: consoleOf, ports: ['rconPort'] },
  ark: { parse: parseGameUserSettings, ports: ['rconPort'] },
} as const;
const formats = Object.keys(readers) as SettingsFormat[];

const palworld =
  '; This configuration file is a sample of the default server settings.\r\n' +
  '[/Script/Pal.PalGameWorldSettings]\r\n' +
  'OptionSettings=(Difficulty=None,CrossplayPlatforms=(Steam,Xbox),ServerName="Mine, (here) AdminPassword=no",AdminPassword="",' +
  'PublicPort=8211,RCONEnabled=False,RCONPort=25575,RESTAPIEnabled=False,RESTAPIPort=8213,Unknown="a\\"b")\r\n';
const properties =
  '#Minecraft server properties\n#enable-rcon=true\nmotd=A \\u00a7b\\: server\nenable-rcon=false\nrcon.port=25577\nrcon.password=\nlevel-seed=\n';
const ark =
  '[/Script/X]\r\nRCONEnabled=False\r\n\r\n[ServerSettings]\r\nRCONPort=27021\r\nrconenabled=False\r\nServerPassword=p\r\n\r\n[MessageOfTheDay]\r\nMessage=hi\r\n';

describe('what is proposed', () => {
  test('changes two words and a password in a line of Palworld', () => {
    expect(propose('palworld', palworld, ['rest', 'password'])).toBe(
      palworld
        .replace('RESTAPIEnabled=False', 'RESTAPIEnabled=True')
        .replace('AdminPassword="",P', `AdminPassword="${password}",P`),
    );
    expect(propose('palworld', palworld, ['rcon'])).toBe(palworld.replace('RCONEnabled=False', 'RCONEnabled=True'));
  });

  test('changes two lines of server.properties', () => {
    expect(propose('server-properties', properties)).toBe(
      properties.replace('\nenable-rcon=false', '\nenable-rcon=true').replace('word=', `word=${password}`),
    );
  });

  test('keeps to its section in GameUserSettings.ini', () => {
    expect(propose('ark', ark)).toBe(
      ark
        .replace('rconenabled=False', 'rconenabled=True')
        .replace('[ServerSettings]\r\n', `[ServerSettings]\r\nServerAdminPassword=${password}\r\n`),
    );
  });

  test.each<[SettingsFormat, string, string]>([
    [
      'palworld',
      '',
      `[/Script/Pal.PalGameWorldSettings]\nOptionSettings=(RESTAPIEnabled=True,RCONEnabled=True,AdminPassword="${password}")\n`,
    ],
    [
      'palworld',
      '[/Script/Pal.PalGameWorldSettings]\r\n; mine',
      `[/Script/Pal.PalGameWorldSettings]\r\nOptionSettings=(RESTAPIEnabled=True,RCONEnabled=True,AdminPassword="${password}")\r\n; mine`,
    ],
    [
      'palworld',
      'OptionSettings=(ServerName="cut',
      `OptionSettings=(ServerName="cut",RESTAPIEnabled=True,RCONEnabled=True,AdminPassword="${password}")`,
    ],
    [
      'palworld',
      'OptionSettings=()',
      `OptionSettings=(RESTAPIEnabled=True,RCONEnabled=True,AdminPassword="${password}")`,
    ],
    ['server-properties', '', `enable-rcon=true\nrcon.password=${password}\n`],
    ['server-properties', 'motd=a\\', `motd=a\\\n\nenable-rcon=true\nrcon.password=${password}\n`],
    [
      'server-properties',
      'rcon.password\r\nenable-rcon = \\\r\n  false',
      `rcon.password=${password}\r\nenable-rcon=true`,
    ],
    [
      'server-properties',
      'enable-rcon : false\nrcon.port=\nrcon.password=x',
      'enable-rcon : true\nrcon.port=25575\nrcon.password=x',
    ],
    ['ark', '', `[ServerSettings]\nRCONEnabled=True\nServerAdminPassword=${password}\n`],
    ['ark', '[A]\nb=c', `[A]\nb=c\n\n[ServerSettings]\nRCONEnabled=True\nServerAdminPassword=${password}\n`],
  ])('%s %j', (format, text, expected) => {
    const proposed = propose(format, text);
    const { passwords, ports } = readers[format].parse(proposed);
    expect(Object.keys(ports).sort()).toEqual([...readers[format].ports].sort());
    expect(Object.values(passwords)).not.toEqual([]);
    expect(proposed.split(/\r\n|[\r\n]/).sort()).toEqual(expected.split(/\r\n|[\r\n]/).sort());
  });

  test('keeps a password that is there', () => {
    const mine = 'OptionSettings=(AdminPassword="mine, \\"and\\" )")';
    expect(propose('palworld', mine, ['password'])).toBe(mine);
    expect(propose('server-properties', 'rcon.password=mine', ['password'])).toBe('rcon.password=mine');
    expect(propose('ark', '[ServerSettings]\nServerAdminPassword=mine', ['password'])).toContain('=mine');
  });
});

/** Pieces that make texts which nearly are such files, and rubbish between them. */
const rubbish = fc.string({
  unit: fc.constantFrom(...'a = " \\ ( ) , [ ] # ! ; :'.split(' '), ' ', '\t', '가', '\r\n', '\n', '\r'),
  maxLength: 12,
});
const value = fc.constantFrom(
  'True',
  'true ',
  'False',
  'false',
  '1',
  '0',
  '',
  '"',
  '""',
  '"mine"',
  'a b',
  '99999',
  '8213',
  '\\u0074rue',
);
const pieces: Record<SettingsFormat, fc.Arbitrary<string>> = {
  palworld: fc.oneof(
    rubbish,
    fc.constantFrom(
      '\r\n',
      '[/Script/Pal.PalGameWorldSettings]\n',
      '\nOptionSettings=(',
      ')',
      ',',
      'X=(a,b)',
      'N="q,\\"(",',
    ),
    fc
      .tuple(fc.constantFrom('RESTAPIEnabled', 'restapiport', 'AdminPassword', 'RCONEnabled', 'RCONPort'), value)
      .map(([key, given]) => `${key}=${given},`),
  ),
  'server-properties': fc.oneof(
    rubbish,
    fc
      .tuple(
        fc.constantFrom('enable-rcon', 'rcon.port', 'rcon.password', 'motd', 'rcon\\u002eport', 'rcon.pass\\\n  word'),
        fc.constantFrom('=', ':', ' ', ' = ', '', '\\\n = '),
        value,
        fc.constantFrom('\n', '\r\n', '\\\n', ''),
      )
      .map((parts) => parts.join('')),
  ),
  ark: fc.oneof(
    rubbish,
    fc.constantFrom('\n[ServerSettings]\n', '\r\n[ SERVERSETTINGS]\r\n', '\n[Other]\n'),
    fc
      .tuple(fc.constantFrom('RCONEnabled', 'rconport', 'ServerAdminPassword', ';RCONEnabled'), value)
      .map(([key, given]) => `${key}=${given}\n`),
  ),
};

describe.each(formats)('any text of %s', (format) => {
  const { parse, ports } = readers[format];
  const texts = fc.array(pieces[format], { maxLength: 12 }).map((parts) => parts.join(''));

  test('is on after the edit, by the core itself; a second time changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = parse(text);
        const proposed = propose(format, text);
        const after = parse(proposed);
        expect(Object.keys(after.ports).sort()).toEqual([...ports].sort());
        expect(portsIn(format, proposed)).toEqual(after.ports);
        expect(portsIn(format, text)).toEqual(before.ports);
        // A line that was cut off gets its end: only then does a space before it count.
        const known = before.passwords.rconPassword?.trim();
        expect(after.passwords.rconPassword?.trim()).toBe(known ?? password);
        for (const port of ports)
          if (before.ports[port] !== undefined) expect(after.ports[port]).toBe(before.ports[port]);
        expect(propose(format, proposed)).toBe(proposed);
      }),
      { numRuns: 1000 },
    );
  });

  test('asks for nothing, gets nothing changed', () => {
    fc.assert(fc.property(texts, (text) => propose(format, text, []) === text));
  });
});

/** How a whole file of each kind is put together of single settings; keys are those of its own switches. */
const whole: Record<SettingsFormat, { keys: string[]; file(settings: string[], end: string): string }> = {
  palworld: {
    keys: ['RESTAPIEnabled', 'RESTAPIPort', 'RCONEnabled', 'RCONPort', 'AdminPassword'],
    file: (settings, end) =>
      `; top${end}[/Script/Pal.PalGameWorldSettings]${end}OptionSettings=(${settings.join(',')})${end}`,
  },
  'server-properties': {
    keys: ['enable-rcon', 'rcon.port', 'rcon.password'],
    file: (settings, end) => ['#top', ...settings].map((line) => line + end).join(''),
  },
  ark: {
    keys: ['RCONEnabled', 'RCONPort', 'ServerAdminPassword'],
    file: (settings, end) => ['[A]', 'x=y', '[ServerSettings]', ...settings, '[B]'].map((line) => line + end).join(''),
  },
};

test.each(formats)('what else is in a file of %s stays byte for byte and in its place', (format) => {
  const { keys, file } = whole[format];
  const others = fc.array(fc.constantFrom('"a, \\"b)"', '(c,d)', '1.5', '', '가 나', 'a\\u0041'));
  const own = fc.array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom('False', 'True', '8213', '')), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      others,
      own,
      fc.constantFrom('\n', '\r\n'),
      fc.infiniteStream(fc.nat()),
      (rest, switches, end, random) => {
        const kept = rest.map((text, n) => `Other${n}=${text}`);
        const settings = [...kept];
        for (const [key, text] of switches) {
          settings.splice((random.next().value as number) % (settings.length + 1), 0, `${key}=${text}`);
        }
        const text = file(settings, end);
        const proposed = propose(format, text);
        const isOwn = (part: string): boolean => keys.some((key) => part.startsWith(`${key}=`));
        const border = format === 'palworld' ? /(?<=[(,])(?=[A-Za-z]+\d*=)|(?=\)\r?\n$)/ : /(?<=\n)/;
        const partsOf = (all: string): string[] => all.split(border).map((part) => part.replace(/,$/, ''));
        expect(partsOf(proposed).filter((part) => !isOwn(part))).toEqual(partsOf(text).filter((part) => !isOwn(part)));
      },
    ),
  );
});
