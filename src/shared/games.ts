import type { GameInfo } from './contract.js';
import { arkSa } from './games/arkSa.js';
import { arkSe } from './games/arkSe.js';
import { armagetron } from './games/armagetron.js';
import { bzflag } from './games/bzflag.js';
import { coreKeeper } from './games/coreKeeper.js';
import { cs2 } from './games/cs2.js';
import { demo } from './games/demo.js';
import { dst } from './games/dst.js';
import { enshrouded } from './games/enshrouded.js';
import { factorio } from './games/factorio.js';
import { freeciv } from './games/freeciv.js';
import { luanti } from './games/luanti.js';
import { minecraft } from './games/minecraft.js';
import { minecraftBedrock } from './games/minecraftBedrock.js';
import { openttd } from './games/openttd.js';
import { other } from './games/other.js';
import { palworld } from './games/palworld.js';
import { projectZomboid } from './games/projectZomboid.js';
import { quake3 } from './games/quake3.js';
import { rust } from './games/rust.js';
import { satisfactory } from './games/satisfactory.js';
import { sevenDaysToDie } from './games/sevenDaysToDie.js';
import { teeworlds } from './games/teeworlds.js';
import { terraria } from './games/terraria.js';
import { valheim } from './games/valheim.js';
import { vRising } from './games/vRising.js';
import type { GameRow } from './games/row.js';

export type { CrashReports, GameRow, RconDialect } from './games/row.js';

/**
 * The catalogue, in the order in which the games are offered. Sources of the patterns and stop ways: the games' own output and
 * documents as collected by LinuxGSM, AMP templates and Pterodactyl eggs. Those whose proof is `real` are run by the tests.
 */
export const games: readonly GameRow[] = [
  palworld,
  minecraft,
  minecraftBedrock,
  arkSe,
  arkSa,
  valheim,
  terraria,
  factorio,
  rust,
  sevenDaysToDie,
  cs2,
  satisfactory,
  projectZomboid,
  vRising,
  enshrouded,
  coreKeeper,
  dst,
  luanti,
  openttd,
  quake3,
  teeworlds,
  armagetron,
  freeciv,
  bzflag,
  demo,
  other,
];

const byId = new Map(games.map((row) => [row.id, row]));

/** The line that tells the players a text. Within quotes the text may not end them: what follows would be a command. */
export function sayingLine(sayLine: string, text: string): string {
  const isQuoted = sayLine.includes('"{text}"');
  return sayLine.replace('{text}', () => (isQuoted ? text.replaceAll('"', "'").replaceAll('\\', '/') : text));
}

/** A row of the built-in catalogue. */
export function gameRow(id: string): GameRow | undefined {
  return byId.get(id);
}

/** The games that a definition may name: those built in and, behind them, those that the user has described. */
export interface Catalogue {
  readonly rows: readonly GameRow[];
  row(this: void, id: string): GameRow | undefined;
}

export const builtIn: Catalogue = { rows: games, row: gameRow };

/** The built-in games and some more; a built-in one is never replaced. */
export function catalogueWith(own: readonly GameRow[]): Catalogue {
  const more = new Map(own.map((row) => [row.id, row]));
  return { rows: [...games, ...own], row: (id) => byId.get(id) ?? more.get(id) };
}

/** A game as clients are told of it. */
export function gameInfo({ id, label, icon, proof, isLessKnown, ports }: GameRow): GameInfo {
  return { id, label, icon, proof, isLessKnown: isLessKnown === true, isOwn: !byId.has(id), ports: { ...ports } };
}
