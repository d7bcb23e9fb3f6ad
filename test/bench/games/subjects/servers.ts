import { makePalworldRcon, type FakePalworldRcon } from '../../../unit/core/games/fakes/palworldRcon.js';
import { makePalworldRest, type FakePalworldRest } from '../../../unit/core/games/fakes/palworldRest.js';
import { serve } from '../../support/serve.js';

const rest: FakePalworldRest[] = [];
const rcon: FakePalworldRcon[] = [];
const players = ['Ann', 'Bob', 'Cem', 'Dana'].map((name, index) => ({ name, id: `steam_7656119800000000${index}` }));

/** The games that are asked, in a process of their own so that their CPU is not counted. */
serve({
  async open({ count }: { count: number }) {
    for (let made = 0; made < count; made += 1) {
      rest.push(await makePalworldRest());
      rcon.push(await makePalworldRcon());
    }
    for (const { world } of [...rest, ...rcon]) world.players = players;
    return { rest: rest.map(({ port }) => port), rcon: rcon.map(({ port }) => port) };
  },
  counts: () => ({
    byHttp: rest.reduce((sum, { asked }) => sum + asked.length, 0),
    byRcon: rcon.reduce((sum, { heard }) => sum + heard.length, 0),
  }),
});
