import type { GameAdapter } from './adapter.js';
import { palworld } from './palworld/adapter.js';

/** The games that can be asked and told things beside their consoles, by their ids in the catalogue. */
export const adapters: Readonly<Record<string, GameAdapter>> = { palworld };
