import * as v from 'valibot';
import { Failure } from '../../../shared/failure.js';
import type { ToldPlayer } from '../../ports.js';

/** count: all who are connected. names: of those who are in the world; undefined where one of them has none. */
export interface PlayerList {
  readonly count: number;
  readonly names: readonly ToldPlayer[] | undefined;
}

const text = v.fallback(v.optional(v.string()), undefined);
const list = v.object({ players: v.array(v.unknown()) });
const player = v.object({ name: v.string(), playerId: text, userId: text });

/** What `GET /v1/api/players` tells; throws bad-reply (`field`) where that is no list. */
export function parsePlayerList(body: unknown): PlayerList {
  const parsed = v.safeParse(list, body);
  if (!parsed.success) throw new Failure('bad-reply', { field: 'players' });
  const { players } = parsed.output;
  let names: ToldPlayer[] | undefined = [];
  for (const one of players) {
    const told = v.safeParse(player, one);
    if (!told.success) {
      names = undefined;
      break;
    }
    const { name, playerId, userId } = told.output;
    // Still logging in, and under the name of an account instead of the player's own.
    if (playerId === 'None') continue;
    names.push({ name, id: userId === undefined || userId === '' ? null : userId });
  }
  return { count: players.length, names };
}
