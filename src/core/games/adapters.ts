import type { GameAdapter } from './adapter.js';
import { arkSa, arkSe } from './ark/adapter.js';
import { bzflag } from './bzflag/adapter.js';
import { demo } from './demo/adapter.js';
import { minecraft } from './minecraft/adapter.js';
import { openttd } from './openttd/adapter.js';
import { palworld } from './palworld/adapter.js';
import { quake3 } from './quake3/adapter.js';
import { teeworlds } from './teeworlds/adapter.js';

/** The games that can be asked and told things beside their consoles, by their ids in the catalogue. */
export const adapters: Readonly<Record<string, GameAdapter>> = {
  palworld,
  minecraft,
  'ark-se': arkSe,
  'ark-sa': arkSa,
  openttd,
  quake3,
  teeworlds,
  bzflag,
  demo,
};
