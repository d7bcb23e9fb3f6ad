import { afterEach } from 'vitest';
import { RconClient } from '../../../../../src/core/games/rcon/client.js';
import type { Ask, GameAdapter, LineTalk, QueryTalk, Reading } from '../../../../../src/core/games/adapter.js';
import type { RconDialect } from '../../../../../src/shared/games.js';
import type { FakeGame } from '../fakes/fakeGame.js';

interface Bench {
  keep<T extends FakeGame>(fake: Promise<T>): Promise<T>;
  rcon(fake: FakeGame, dialect: RconDialect, ms?: number): LineTalk;
}

export function queryTalk(port: number, ms = 10_000, signal = new AbortController().signal): QueryTalk {
  return { host: '127.0.0.1', port, ms, signal };
}

/** Fakes and conversations with them that are gone after each test. */
export function useTalks(): Bench {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  return {
    async keep(fake) {
      open.push(await fake);
      return await fake;
    },
    rcon({ port, password }, dialect, ms = 10_000) {
      const client = new RconClient({ host: '127.0.0.1', port, dialect, password: () => password ?? '' });
      open.push({ close: () => client.dispose() });
      const { signal } = new AbortController();
      return { signal, ms, say: async (line, options) => await client.command(line, { ms, ...options }) };
    },
  };
}

/** What a game's reading by that way tells. */
export async function read(
  adapter: GameAdapter,
  talk: { readonly query: QueryTalk } | { readonly rcon: LineTalk },
): Promise<Reading> {
  const [way, value] = Object.entries(talk)[0] as [Ask<Reading>['via'], never];
  const ask = adapter.readings.find(({ via }) => via === way);
  if (ask === undefined) throw new Error(`no reading by ${way}`);
  return await ask.run(value);
}

/** Carries an action out, and answers what the game said to it. */
export async function act(
  adapter: GameAdapter,
  name: string,
  args: Record<string, string>,
  talk: LineTalk,
): Promise<string | null> {
  const [ask] = adapter.actions?.[name]?.ask(args) ?? [];
  if (ask?.via !== 'rcon') throw new Error(`no ${name} over RCON`);
  return await ask.run(talk);
}
