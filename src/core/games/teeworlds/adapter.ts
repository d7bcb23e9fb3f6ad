import { Failure } from '../../../shared/failure.js';
import type { GameAction, GameAdapter, LineTalk, Reading } from '../adapter.js';
import { teeworldsReading } from './query.js';

const status = /^\[[^\]]*\]\[[Ss]erver\]: id=(\d+) addr=\S+ (?:.*?)name='(.*)' score=-?\d+/;
const longestReason = 100;

/** By its console; the log says that somebody came, asked and went. Who is still connecting does not play yet. */
async function readingByConsole(talk: LineTalk): Promise<Reading> {
  return parseTeeworldsStatus((await talk.say('status')) ?? '');
}

export function parseTeeworldsStatus(said: string): Reading {
  const names = said.split('\n').flatMap((line) => {
    const [, id, name] = status.exec(line) ?? [];
    return id === undefined || name === undefined ? [] : [{ name, id }];
  });
  return { players: names.length, names };
}

/** kick and ban by the number that `status` tells: names may be anything. */
function action(line: (id: string, reason: string) => string): GameAction {
  return {
    fields: { player: 'required', reason: 'optional' },
    ask: ({ player: id = '', reason = '' }) => {
      if (!/^\d{1,3}$/.test(id))
        throw new Failure('invalid-definition', { field: 'player', detail: 'must be a number' });
      const plain = reason.replace(/[\p{Cc}"\\]/gu, ' ').slice(0, longestReason);
      return [{ via: 'econ', run: async (talk) => await talk.say(line(id, plain)) }];
    },
  };
}

export const teeworlds: GameAdapter = {
  id: 'teeworlds',
  readings: [
    { via: 'query', run: teeworldsReading },
    { via: 'econ', run: readingByConsole },
  ],
  actions: {
    kick: action((id, reason) => `kick ${id} "${reason}"`),
    // Minutes, as long as it runs unless told otherwise: without a number it takes the reason for one.
    ban: action((id, reason) => `ban ${id} 0 "${reason}"`),
  },
};
