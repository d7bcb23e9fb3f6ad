import { Failure } from '../../../shared/failure.js';
import { sayingLine } from '../../../shared/games.js';
import type { GameAction, GameAdapter, LineTalk, QueryTalk, Reading } from '../adapter.js';
import { Cursor } from '../query/cursor.js';
import { badReply } from '../query/fault.js';
import { askByStream } from '../query/stream.js';

const client = /^Client #(\d+) +name: '(.*)' +company: \d+ +IP: (.+)$/;
const longestReason = 100;

/** The server is a client of itself; who watches is there as well as who plays. */
export function parseClients(said: string): Reading {
  const names = said.split('\n').flatMap((line) => {
    const [, id, name, address] = client.exec(line) ?? [];
    if (id === undefined || name === undefined) throw badReply('clients');
    return address === 'server' ? [] : [{ name, id }];
  });
  return { players: names.length, names };
}

async function readingByAdmin(talk: LineTalk): Promise<Reading> {
  // The server itself is always in the list.
  const reading = parseClients((await talk.say('clients')) ?? '');
  const most = /^Current\/maximum clients: *\d+\/ *(\d+)$/m.exec((await talk.say('server_info')) ?? '')?.[1];
  return most === undefined ? reading : { ...reading, maxPlayers: Number(most) };
}

const question = Buffer.from([3, 0, 7]);
const answer = 6;
const maxLength = 32_767;

/** What its own list of servers asks it, on the port that it is played on: without a password, and without names. */
async function readingByQuery(talk: QueryTalk): Promise<Reading> {
  return await askByStream<Reading>(talk, { first: question, maxBytes: maxLength }, (all) => {
    if (all.length < question.length) return undefined;
    const length = all.readUInt16LE();
    if (length < question.length || length > maxLength || all[2] !== answer) throw badReply('packet');
    return all.length < length ? undefined : { answer: parseGameInfo(all.subarray(question.length, length)) };
  });
}

/** Each version of it has put something new in front of what the one before had. */
export function parseGameInfo(body: Buffer): Reading {
  const cursor = new Cursor(body);
  const layout = cursor.byte('layout');
  if (layout < 4 || layout > 7) throw badReply('layout');
  if (layout >= 7) cursor.take(8, 'ticks');
  const isNamed = layout >= 6 && cursor.byte('add-ons') === 1;
  if (layout >= 5) {
    cursor.u32le('script');
    cursor.text('script');
  }
  for (let left = cursor.byte('add-ons'); left > 0; left -= 1) {
    cursor.take(20, 'add-ons');
    if (isNamed) cursor.text('add-ons');
  }
  cursor.take(8, 'dates');
  cursor.take(3, 'companies');
  cursor.text('name');
  const version = cursor.text('version');
  if (layout < 6) cursor.byte('language');
  cursor.byte('password');
  const maxPlayers = cursor.byte('clients');
  return { players: cursor.byte('clients'), maxPlayers, version };
}

/** While it saves it answers nothing, and the end of its answer is the end of the save. */
async function save(talk: LineTalk): Promise<void> {
  const said = (await talk.say('save panel')) ?? '';
  if (/^Map successfully saved/m.test(said)) return;
  if (/^Saving map failed/m.test(said)) throw new Failure('io', { detail: 'Saving map failed', isSent: true });
  throw new Failure('bad-reply', { field: 'save', isSent: true });
}

/** By the number that `clients` tells: a name may be another one's number. */
function action(word: 'kick' | 'ban'): GameAction {
  return {
    fields: { player: 'required', reason: 'optional' },
    ask: ({ player: id = '', reason = '' }) => {
      if (!/^\d{1,9}$/.test(id))
        throw new Failure('invalid-definition', { field: 'player', detail: 'must be a number' });
      const plain = reason.replace(/[\p{Cc}"\\]/gu, ' ').slice(0, longestReason);
      const line = plain.trim() === '' ? `${word} ${id}` : `${word} ${id} "${plain}"`;
      return [{ via: 'admin', run: async (talk) => await talk.say(line) }];
    },
  };
}

export const openttd: GameAdapter = {
  id: 'openttd',
  readings: [
    { via: 'admin', run: readingByAdmin },
    { via: 'query', run: readingByQuery },
  ],
  save: [{ via: 'admin', run: save }],
  announce: (text) => [{ via: 'admin', run: async (talk) => await talk.say(sayingLine('say "{text}"', text)) }],
  end: [{ via: 'admin', run: async (talk) => await talk.say('quit', { endsGame: true }) }],
  actions: { kick: action('kick'), ban: action('ban') },
};
