import type { GameSetup } from '../contract.js';
import { arkText } from './ark.js';
import type { SettingsFormat, SettingsText } from './format.js';
import { palworldText } from './palworld.js';
import { propertiesText } from './properties.js';

export type Enable = GameSetup['enable'][number];
type Way = Exclude<Enable, 'password'>;

/** The settings by which a way to the game is switched on, and the port that it has unless told otherwise. */
interface Switch {
  readonly isOn: string;
  readonly port: string;
  readonly usual: number;
}

interface Format {
  readonly text: SettingsText;
  readonly on: string;
  readonly ways: Readonly<Partial<Record<Way, Switch>>>;
  readonly password: string;
}

const formats: Readonly<Record<SettingsFormat, Format>> = {
  palworld: {
    text: palworldText,
    on: 'True',
    ways: {
      rest: { isOn: 'RESTAPIEnabled', port: 'RESTAPIPort', usual: 8212 },
      rcon: { isOn: 'RCONEnabled', port: 'RCONPort', usual: 25_575 },
    },
    password: 'AdminPassword',
  },
  'server-properties': {
    text: propertiesText,
    on: 'true',
    ways: { rcon: { isOn: 'enable-rcon', port: 'rcon.port', usual: 25_575 } },
    password: 'rcon.password',
  },
  ark: {
    text: arkText,
    on: 'True',
    ways: { rcon: { isOn: 'RCONEnabled', port: 'RCONPort', usual: 27_020 } },
    password: 'ServerAdminPassword',
  },
};

/** Games whose settings file is known: its format, and the best way to talk to the game that it can switch on. */
export const settingsOfGames: Readonly<Record<string, { readonly format: SettingsFormat; readonly way: Way }>> = {
  palworld: { format: 'palworld', way: 'rest' },
  minecraft: { format: 'server-properties', way: 'rcon' },
  'ark-se': { format: 'ark', way: 'rcon' },
  'ark-sa': { format: 'ark', way: 'rcon' },
};

/**
 * A game's settings with those ways switched on, and with a password where it has none. Changes what is needed for that and
 * nothing else, so that a second time changes nothing. password: letters and digits. Never throws.
 */
export function proposeSettings(
  format: SettingsFormat,
  text: string,
  { enable, password }: { readonly enable: readonly Enable[]; readonly password: string },
): string {
  const { text: settings, on, ways, password: passwordKey } = formats[format];
  let proposed = text;
  for (const one of ['rest', 'rcon'] as const) {
    const way = enable.includes(one) ? ways[one] : undefined;
    if (way === undefined) continue;
    if (!isOn(settings.get(proposed, way.isOn))) proposed = settings.set(proposed, way.isOn, on);
    const port = settings.get(proposed, way.port);
    if (port !== undefined && portOf(port) === undefined) {
      proposed = settings.set(proposed, way.port, String(way.usual));
    }
  }
  if (enable.includes('password') && !isPassword(settings.get(proposed, passwordKey))) {
    proposed = settings.set(proposed, passwordKey, password);
  }
  return proposed;
}

/** The ports of the ways that a game's settings have switched on. */
export function portsIn(format: SettingsFormat, text: string): { restPort?: number; rconPort?: number } {
  const { text: settings, ways } = formats[format];
  const port = (way: Switch | undefined): number | undefined => {
    if (way === undefined || !isOn(settings.get(text, way.isOn))) return undefined;
    const written = settings.get(text, way.port);
    return written === undefined ? way.usual : portOf(written);
  };
  const [restPort, rconPort] = [port(ways.rest), port(ways.rcon)];
  return { ...(restPort === undefined ? {} : { restPort }), ...(rconPort === undefined ? {} : { rconPort }) };
}

function isOn(value: string | undefined): boolean {
  return /^\s*(?:true|1)\s*$/i.test(value ?? '');
}

function portOf(value: string): number | undefined {
  const number = /^\d{1,5}$/.test(value.trim()) ? Number(value) : 0;
  return number >= 1 && number <= 65_535 ? number : undefined;
}

/** What the readers of the core take for one. */
function isPassword(value: string | undefined): boolean {
  return value !== undefined && value.length <= 1024 && /^[^\0\r\n]+$/.test(value);
}
