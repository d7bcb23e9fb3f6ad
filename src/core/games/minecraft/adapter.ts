import { Failure } from '../../../shared/failure.js';
import type { Ask, GameAction, GameAdapter } from '../adapter.js';
import { parseList } from './list.js';
import { isPlayerName } from './names.js';
import { serverListPing } from './serverListPing.js';
import { parseStatus } from './status.js';
import { readTicks } from './ticks.js';

const longestReason = 200;

function byRcon(line: string): readonly Ask<string | null>[] {
  return [{ via: 'rcon', run: async (talk) => await talk.say(line) }];
}

/** Throws invalid-definition where the name or the reason could be more than that. */
function aboutPlayer(command: string): GameAction {
  return {
    fields: { player: 'required', reason: 'optional' },
    ask: ({ player = '', reason = '' }) => byRcon(`${command} ${playerIn(player)} ${reasonIn(reason)}`.trimEnd()),
  };
}

function playerIn(text: string): string {
  if (!isPlayerName(text)) throw new Failure('invalid-definition', { field: 'player' });
  return text;
}

function reasonIn(text: string): string {
  const isPlain = !/[\p{Cc}\u2028\u2029]/u.test(text) && text.length <= longestReason;
  if (!isPlain) throw new Failure('invalid-definition', { field: 'reason' });
  return text.trim();
}

/**
 * Minecraft, Java edition. Its status is open to everybody and tells how many play; over RCON it tells who, and how fast it
 * runs. Saving, announcing and ending are lines of its console.
 */
export const minecraft: GameAdapter = {
  id: 'minecraft',
  readings: [
    { via: 'query', run: async (talk) => parseStatus(await serverListPing(talk)) },
    {
      via: 'rcon',
      run: async (talk) => {
        const list = parseList((await talk.say('list')) ?? '');
        return { ...list, ...(await readTicks(talk)) };
      },
    },
  ],
  actions: {
    kick: aboutPlayer('kick'),
    ban: aboutPlayer('ban'),
    unban: { fields: { player: 'required' }, ask: ({ player = '' }) => byRcon(`pardon ${playerIn(player)}`) },
  },
};
