import type { MakeFake } from './fakeGame.js';

/** For each game that has an adapter, a server of ours for every way that the adapter asks it by, in each of its wordings. */
export const fakes: Readonly<Record<string, readonly MakeFake[]>> = {};
