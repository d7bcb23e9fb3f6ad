import type { GameAdapter } from '../adapter.js';
import { quake3Reading } from './query.js';

/** Quake III Arena and what was made of it, OpenArena among them. What it is told goes to its stdin. */
export const quake3: GameAdapter = { id: 'quake3', readings: [{ via: 'query', run: quake3Reading }] };
