import { EconClient } from '../../../../../src/core/games/econ.js';
import { AdminClient } from '../../../../../src/core/games/openttd/adminClient.js';
import { RconClients } from '../../../../../src/core/games/rcon/clients.js';
import { RestClients } from '../../../../../src/core/games/rest/restClient.js';
import type { GameAdapter, Talks } from '../../../../../src/core/games/adapter.js';
import type { Via } from '../../../../../src/core/ports.js';
import { gameRow } from '../../../../../src/shared/games.js';
import type { FakeGame } from '../fakes/fakeGame.js';

interface Bounds {
  readonly signal: AbortSignal;
  readonly ms: number;
}

interface Talking<V extends Via> {
  readonly talk: Talks[V];
  dispose(): unknown;
}

type Talker<V extends Via> = (fake: FakeGame, bounds: Bounds, adapter: GameAdapter) => Talking<V>;

const host = '127.0.0.1';

/** How a game is spoken to by each way: with the same clients as in the core. */
export const talkers: { readonly [V in Via]: Talker<V> } = {
  query: ({ port }, bounds) => ({ talk: { host, port, ...bounds }, dispose: () => undefined }),
  rcon: ({ port, password }, bounds, { id }) => {
    const clients = new RconClients();
    const client = clients.of('a', { host, port, dialect: gameRow(id)?.rcon ?? 'source' }, () => password ?? '');
    return {
      talk: { ...bounds, say: async (line, options) => await client.command(line, { ...bounds, ...options }) },
      dispose: () => {
        clients.dispose();
      },
    };
  },
  rest: ({ port, password }, bounds, { restUser: user = 'admin' }) => {
    const clients = new RestClients();
    const talk = clients.talk({ host, port, user, password: () => password ?? '' }, bounds);
    return { talk, dispose: async () => await clients.dispose() };
  },
  admin: ({ port, password }, bounds) => {
    const client = new AdminClient({ host, port, password: () => password ?? '' });
    return {
      talk: { ...bounds, say: async (line, options) => await client.say(line, { ...bounds, ...options }) },
      dispose: () => {
        client.dispose();
      },
    };
  },
  econ: ({ port, password }, bounds) => {
    const { ms } = bounds;
    const deadlines = { connect: ms, authenticate: ms, command: ms };
    const client = new EconClient({ host, port, password: password ?? '', deadlines });
    return { talk: { ...bounds, say: async (line) => await client.command(line) }, dispose: () => undefined };
  },
};
