import { arkRcon } from './arkRcon.js';
import { bzflagQuery } from './bzflagQuery.js';
import { demoQuery } from './demoQuery.js';
import type { MakeFake } from './fakeGame.js';
import { minecraftPing } from './minecraftPing.js';
import { minecraftRcon, type MinecraftStyle } from './minecraftRcon.js';
import { openttdAdmin } from './openttdAdmin.js';
import { openttdQuery } from './openttdQuery.js';
import { makePalworldRcon } from './palworldRcon.js';
import { makePalworldRest } from './palworldRest.js';
import { quake3Query } from './quake3Query.js';
import { teeworldsEcon } from './teeworldsEcon.js';
import { teeworldsQuery } from './teeworldsQuery.js';

const styles: readonly MinecraftStyle[] = ['vanilla', 'old', 'forge', 'paper', 'essentials'];

/** For each game that has an adapter, a server of ours for every way that the adapter asks it by, in each of its wordings. */
export const fakes: Readonly<Record<string, readonly MakeFake[]>> = {
  palworld: [makePalworldRest, makePalworldRcon],
  minecraft: [minecraftPing, ...styles.map((style) => async () => await minecraftRcon(style))],
  'ark-se': [arkRcon],
  'ark-sa': [arkRcon],
  openttd: [openttdAdmin, openttdQuery],
  quake3: [quake3Query],
  teeworlds: [teeworldsQuery, teeworldsEcon],
  bzflag: [bzflagQuery],
  demo: [demoQuery],
};
