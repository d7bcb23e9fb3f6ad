import fs from 'node:fs';
import path from 'node:path';
import type { Definition, GameSetup } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import { settingsOfGames } from '../../shared/gameSettings/settings.js';
import type { OwnSettings } from '../ports.js';
import { OwnSettingsReader } from './ownSettings.js';
import { placeOf, unrealFiles, type Place } from './places.js';
import { maxBytes, SettingsFiles } from './settingsFiles.js';

/**
 * What is to be written into a game's own settings so that it can be asked and told things; null where nothing is missing, or
 * where nothing is known of its settings. Throws io for settings that are there and cannot be read.
 */
export function setupOf(definition: Definition, dataDir: string): GameSetup | null {
  const known = Object.hasOwn(settingsOfGames, definition.game) ? settingsOfGames[definition.game] : undefined;
  const place = placeOf(definition, dataDir);
  if (known === undefined || place === undefined) return null;
  const files = new SettingsFiles();
  const candidates = candidatesOf(definition.game, place);
  const read = candidates.find((file) => files.read(file, (text) => text) !== undefined);
  const unreadable = read === undefined ? candidates.find((file) => fs.existsSync(file)) : undefined;
  if (unreadable !== undefined) throw new Failure('io', { file: unreadable, detail: whyNot(unreadable) });
  const file = read ?? candidates.find((candidate) => hasHome(candidate, definition.game));
  if (file === undefined) return null;
  const own = new OwnSettingsReader(dataDir).readOwnSettings(definition);
  const enable = missingOf(definition, known.way, own).filter((one) => !isTyped(one, definition.game, place));
  if (enable.length === 0) return null;
  const isBlank = read === undefined || files.read(read, (text) => text.trim())?.value === '';
  return {
    ...{ file, isThere: read !== undefined, format: known.format, enable },
    template: isBlank ? templateFor(file, definition.game) : null,
  };
}

function whyNot(file: string): string {
  return (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes ? 'EFBIG' : 'EACCES';
}

/** Where the reader of that game looks, in its order. */
function candidatesOf(game: string, place: Place): string[] {
  if (game === 'palworld') return unrealFiles(place, 'Pal', 'PalWorldSettings.ini');
  if (game === 'minecraft') return [path.join(place.cwd, 'server.properties')];
  return unrealFiles(place, 'ShooterGame', 'GameUserSettings.ini');
}

/**
 * <home>/<project>/Saved/Config/<system>/<name>, and in Minecraft <home>/<name>. The game is where this file would belong: nobody is
 * asked to write one that is never read.
 */
function hasHome(file: string, game: string): boolean {
  const project = game === 'minecraft' ? path.dirname(file) : path.resolve(file, '../../../..');
  return fs.statSync(project, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The file that Palworld brings along to be copied: its own is empty at first. */
function templateFor(file: string, game: string): string | null {
  if (game !== 'palworld') return null;
  const template = path.resolve(file, '../../../../..', 'DefaultPalWorldSettings.ini');
  return fs.existsSync(template) ? template : null;
}

function missingOf(
  { connection = {} }: Definition,
  way: 'rest' | 'rcon',
  own: OwnSettings | undefined,
): GameSetup['enable'] {
  const { ports = {}, passwords = {} } = own ?? {};
  const missing: GameSetup['enable'] = [];
  if (way === 'rest' && ports.restPort === undefined) missing.push('rest');
  // An older way beside the best one is switched on only for who has written its port down.
  const isWanted = way === 'rcon' || connection.rconPort !== undefined;
  if (isWanted && ports.rconPort === undefined) missing.push('rcon');
  if (passwords.restPassword === undefined && passwords.rconPassword === undefined) missing.push('password');
  return missing;
}

/** ARK's command line counts more than its file: what stands there cannot be changed in the file. */
function isTyped(one: GameSetup['enable'][number], game: string, { args }: Place): boolean {
  if (!game.startsWith('ark-')) return false;
  const key = one === 'password' ? /(?:^|\?)ServerAdminPassword=/i : /(?:^|\?)RCONEnabled=/i;
  return args.some((arg) => key.test(arg));
}
