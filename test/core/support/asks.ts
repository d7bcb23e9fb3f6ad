import type { Ask, GameAdapter, LineTalk, QueryTalk, Reading, Talks } from '../../../src/core/games/adapter.js';

/** Questions to real games, asked without a core. */

const ms = 10_000;
const bounded = (): { ms: number; signal: AbortSignal } => ({ ms, signal: new AbortController().signal });

export const queryOf = (port: number): QueryTalk => ({ host: '127.0.0.1', port, ...bounded() });
export const linesOf = (say: LineTalk['say']): LineTalk => ({ say, ...bounded() });

/** Asks by this way and no other. Throws where the game has no such question. */
export async function askBy<V extends keyof Talks, T>(
  asks: readonly Ask<T>[] | undefined,
  via: V,
  talk: Talks[V],
): Promise<T> {
  const found = asks?.find((ask) => ask.via === via) as { run(talk: Talks[V]): Promise<T> } | undefined;
  if (found === undefined) throw new Error(`not asked by ${via}`);
  return await found.run(talk);
}

export const readBy = async <V extends keyof Talks>(game: GameAdapter, via: V, talk: Talks[V]): Promise<Reading> =>
  await askBy(game.readings, via, talk);
