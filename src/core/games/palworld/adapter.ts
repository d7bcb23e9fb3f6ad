import { Failure } from '../../../shared/failure.js';
import type { Ask, GameAction, GameAdapter, Reading, RestTalk } from '../adapter.js';
import { parseMetrics } from './metrics.js';
import { parsePlayerList, type PlayerList } from './playerList.js';
import { parseShowPlayers } from './showPlayers.js';

/**
 * Palworld by its HTTP interface and, where that is not switched on, by its RCON, which its makers have given up. Both are
 * described at https://docs.palworldgame.com (REST API, Commands).
 */
export const palworld: GameAdapter = {
  id: 'palworld',
  restUser: 'admin',
  readings: [
    { via: 'rest', run: readByRest },
    { via: 'rcon', run: async (talk) => parseShowPlayers(await talk.say('ShowPlayers')) },
  ],
  save: [
    { via: 'rest', run: async (talk) => await talk.post('/v1/api/save') },
    {
      via: 'rcon',
      run: async (talk) => {
        const reply = await talk.say('Save');
        if (!/complete save/i.test(reply ?? '')) throw new Failure('bad-reply', { field: 'Save', isSent: true });
      },
    },
  ],
  announce: (text, plain = text) => {
    const shown = [text, plain].find(isPlainLatin);
    return [
      { via: 'rest', run: async (talk) => await talk.post('/v1/api/announce', { message: text }) },
      ...(shown === undefined ? [] : [sayByRcon(`Broadcast ${asOneWord(shown)}`)]),
    ];
  },
  end: [
    {
      via: 'rest',
      run: async (talk) => await talk.post('/v1/api/shutdown', { waittime: 1, message: 'Server is stopping' }),
    },
    { via: 'rcon', run: async (talk) => await talk.say('Shutdown 1 Server_is_stopping', { endsGame: true }) },
  ],
  actions: {
    kick: onPlayer('/v1/api/kick', 'KickPlayer', { player: 'required', reason: 'optional' }),
    ban: onPlayer('/v1/api/ban', 'BanPlayer', { player: 'required', reason: 'optional' }),
    unban: onPlayer('/v1/api/unban', 'UnBanPlayer', { player: 'required' }),
    settings: { fields: {}, ask: () => [told('/v1/api/settings')] },
    info: { fields: {}, ask: () => [told('/v1/api/info'), sayByRcon('Info')] },
  },
};

/**
 * Each question is a line in the game's log and costs a little: who plays is asked again where the count is another one. Also
 * where it is 0: others act on it that nobody plays, and one source is not enough for that.
 */
async function readByRest(talk: RestTalk): Promise<Reading> {
  const reading = parseMetrics(await talk.get('/v1/api/metrics'));
  const { previous } = talk;
  if (previous?.names !== undefined && previous.players === reading.players) {
    return { ...reading, names: previous.names };
  }
  const list = await listOf(talk);
  if (list === undefined) return reading;
  // Somebody may come or go between the two, and one of them may leave out who is still logging in: rather one too many
  // than a restart on top of somebody.
  const players = Math.max(reading.players, list.count);
  return { ...reading, players, ...(list.names === undefined ? {} : { names: list.names }) };
}

/** Undefined where its answer makes no sense: the count is told all the same. */
async function listOf(talk: RestTalk): Promise<PlayerList | undefined> {
  try {
    return parsePlayerList(await talk.get('/v1/api/players'));
  } catch (error) {
    if (Failure.is(error, 'bad-reply')) return undefined;
    throw error;
  }
}

/** By RCON nobody can be told why: it takes nothing behind the account. */
function onPlayer(path: string, command: string, fields: GameAction['fields']): GameAction {
  return {
    fields,
    ask: (args) => {
      const { player = '', reason } = args;
      const body = { userid: player, ...(reason === undefined ? {} : { message: reason }) };
      const isOneWord = /^[!-~]+$/.test(player);
      return [
        { via: 'rest', run: async (talk) => saidTo(await talk.post(path, body)) },
        ...(isOneWord ? [sayByRcon(`${command} ${player}`)] : []),
      ];
    },
  };
}

function told(path: string): Ask<string | null> {
  return { via: 'rest', run: async (talk) => textOf(await talk.get(path)) };
}

function sayByRcon(line: string): Ask<string | null> {
  return { via: 'rcon', run: async (talk) => await talk.say(line) };
}

/** Null for no more than that it has heard. */
function saidTo(answer: unknown): string | null {
  const text = textOf(answer);
  return text?.trim() === 'OK' ? null : text;
}

/** For people to read; null for nothing. What looks like a password stays with the game. */
function textOf(answer: unknown): string | null {
  if (typeof answer === 'string') return answer === '' ? null : answer;
  const hidden = (key: string, value: unknown): unknown =>
    /password/i.test(key) && typeof value === 'string' && value !== '' ? '***' : value;
  return JSON.stringify(answer, hidden, 2);
}

/**
 * Its RCON shows no more of a broadcast than what comes before the first space, and makes something unreadable of what is
 * not plain Latin (VeroFess/PalWorld-Server-Unoffical-Fix#36, the helpers of thijsvanloef/palworld-server-docker).
 */
function asOneWord(text: string): string {
  return text.trim().replace(/\s+/g, '_');
}

function isPlainLatin(text: string): boolean {
  return /^[\s!-~]*$/.test(text) && text.trim() !== '';
}
