import { afterEach } from 'vitest';
import type { Ask, GameAdapter, Reading } from '../../../../../../src/core/games/adapter.js';
import { RconClients } from '../../../../../../src/core/games/rcon/clients.js';
import { GameLinks, type GameLinksOptions } from '../../../../../../src/core/games/runner/gameLinks.js';
import type { Times } from '../../../../../../src/core/games/runner/times.js';
import type { ToldPlayer } from '../../../../../../src/core/ports.js';
import type { Definition } from '../../../../../../src/shared/contract.js';
import { effective, type Effective } from '../../../../../../src/shared/definition.js';
import { Failure } from '../../../../../../src/shared/failure.js';
import { askTcp } from './tcpGame.js';

/** Minecraft's row has RCON, so every way but REST can lead somewhere in a test. */
export function server(id: string, connection: Definition['connection']): Effective {
  const definition: Definition = { id, name: id, game: 'minecraft', launch: { command: 'x' } };
  return effective(connection === undefined ? definition : { ...definition, connection });
}

export const byQuery = <T>(line: string): Ask<T> => ({
  via: 'query',
  run: async (talk) => (await askTcp(talk, line)) as T,
});

/** Its status by its query port, and what it is told there too. */
export const plainAdapter: GameAdapter = {
  id: 'minecraft',
  readings: [byQuery<Reading>('status')],
  save: [byQuery('save')],
  end: [byQuery('end')],
  announce: (text) => [byQuery(`announce ${text}`)],
  actions: {
    kick: {
      fields: { player: 'required', reason: 'optional' },
      ask: ({ player = '', reason = '-' }) => [byQuery<string>(`kick ${player} ${reason}`)],
    },
  },
};

/** Soon, where a test waits for it; never, where it must not come. */
const quick: Partial<Times> = {
  first: 10,
  hint: 5,
  hints: 20,
  pauses: [
    [1, 2],
    [3, 4],
  ],
};

interface Made {
  readonly links: GameLinks;
  readonly rcon: RconClients;
  readonly changed: string[];
  readonly named: { readonly id: string; readonly names: readonly ToldPlayer[] }[];
  readonly logged: { readonly level: string; readonly data: unknown }[];
}

export interface MakeOptions extends Partial<Omit<GameLinksOptions, 'times' | 'adapters'>> {
  readonly adapter?: GameAdapter;
  readonly pollIntervalMs?: number;
  readonly times?: Partial<Times>;
}

/** Runners that are ended after each test. They poll every 50 ms and are generous otherwise. */
export function useLinks(): (options?: MakeOptions) => Made {
  const made: Made[] = [];
  afterEach(() => {
    for (const { links, rcon } of made.splice(0)) {
      links.dispose();
      rcon.dispose();
    }
  });
  return ({ adapter = plainAdapter, pollIntervalMs = 50, times = {}, ...more } = {}) => {
    const rcon = new RconClients();
    const one: Made = {
      ...{ rcon, changed: [], named: [], logged: [] },
      links: new GameLinks({
        adapters: { minecraft: adapter },
        secret: () => undefined,
        rcon,
        rest: {
          talk: () => {
            throw new Failure('unreachable');
          },
        },
        admin: {
          of: () => {
            throw new Failure('unreachable');
          },
        },
        isBusy: () => false,
        intervals: () => ({ pollIntervalMs, busyPollIntervalMs: 2 * pollIntervalMs }),
        changed: (id) => one.changed.push(id),
        named: (id, names) => one.named.push({ id, names }),
        log: { write: (level, _, __, data) => one.logged.push({ level, data }) },
        times: { ...quick, ...times },
        ...more,
      }),
    };
    made.push(one);
    return one;
  };
}
