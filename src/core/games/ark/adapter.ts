import { Failure } from '../../../shared/failure.js';
import type { GameAction, GameAdapter } from '../adapter.js';
import { isPlayerId, parseListPlayers } from './listPlayers.js';

/** Throws invalid-definition for what is no identifier of a player. */
function aboutPlayer(command: string): GameAction {
  return {
    fields: { player: 'required' },
    ask: ({ player = '' }) => {
      if (!isPlayerId(player)) throw new Failure('invalid-definition', { field: 'player' });
      return [{ via: 'rcon', run: async (talk) => await talk.say(`${command} ${player}`) }];
    },
  };
}

/** Both games have the same commands; its players it tells by name and identifier, and it takes the identifier. */
function ark(id: string): GameAdapter {
  return {
    id,
    readings: [
      {
        via: 'rcon',
        run: async (talk) => {
          const names = parseListPlayers((await talk.say('ListPlayers')) ?? '');
          return { players: names.length, names };
        },
      },
    ],
    actions: {
      kick: aboutPlayer('KickPlayer'),
      ban: aboutPlayer('BanPlayer'),
      unban: aboutPlayer('UnbanPlayer'),
    },
  };
}

export const arkSe = ark('ark-se');
export const arkSa = ark('ark-sa');
