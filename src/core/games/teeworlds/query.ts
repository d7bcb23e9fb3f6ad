import { randomBytes } from 'node:crypto';
import type { QueryTalk, Reading } from '../adapter.js';
import { Cursor } from '../query/cursor.js';
import { askByDatagrams } from '../query/datagrams.js';
import { badReply } from '../query/fault.js';

/* The language of its version 0.7: who asks has to show first that an answer reaches them, by repeating what it sends. */

const control = 0x04;
const giveToken = 0x05;
const withoutConnection = 0x21;
const noToken = Buffer.alloc(4, 0xff);
/** It answers no shorter question, so that nobody uses it to flood others. */
const paddedBytes = 512;
const askInfo = Buffer.from([0xff, 0xff, 0xff, 0xff, ...Buffer.from('gie3')]);
const tellInfo = Buffer.from([0xff, 0xff, 0xff, 0xff, ...Buffer.from('inf3')]);
/** Our mark on the question. */
const mark = 5;
const bot = 2;

/** One question to the game's own port. It asks for no password, and writes nothing into its log. */
export async function teeworldsReading(talk: QueryTalk): Promise<Reading> {
  const mine = randomBytes(4);
  const first = Buffer.concat([
    Buffer.from([control, 0, 0]),
    noToken,
    Buffer.from([giveToken]),
    mine,
    Buffer.alloc(paddedBytes - mine.length),
  ]);
  return await askByDatagrams<Reading>(talk, first, (datagram) => {
    const cursor = new Cursor(datagram);
    const kind = cursor.byte('kind');
    if (kind === control) {
      cursor.take(2, 'kind');
      if (!cursor.take(4, 'token').equals(mine) || cursor.byte('kind') !== giveToken) throw badReply('token');
      const theirs = cursor.take(4, 'token');
      return { send: Buffer.concat([Buffer.from([withoutConnection]), theirs, mine, askInfo, Buffer.from([mark])]) };
    }
    if (kind !== withoutConnection || !cursor.take(4, 'token').equals(mine)) throw badReply('token');
    cursor.take(4, 'token');
    if (!cursor.take(tellInfo.length, 'info').equals(tellInfo)) throw badReply('info');
    if (packedInt(cursor, 'info') !== mark) throw badReply('info');
    return { answer: readingOf(cursor) };
  });
}

/** Players and watchers are people who are there; of both it says how many places there are. */
function readingOf(cursor: Cursor): Reading {
  const version = cursor.text('version');
  for (const field of ['name', 'hostname', 'map', 'gametype']) cursor.text(field);
  for (const field of ['flags', 'skill', 'players', 'playerSlots']) packedInt(cursor, field);
  const clients = count(cursor, 'clients');
  const maxPlayers = count(cursor, 'maxClients');
  const names: { name: string; id: null }[] = [];
  let bots = 0;
  while (!cursor.isAtEnd) {
    const name = cursor.text('client');
    cursor.text('client');
    for (const field of ['country', 'score']) packedInt(cursor, field);
    if ((packedInt(cursor, 'type') & bot) === 0) names.push({ name, id: null });
    else bots += 1;
  }
  // Bots are in the list and not in the number; a list that was cut is of no use.
  return { players: clients, bots, maxPlayers, version, ...(names.length === clients ? { names } : {}) };
}

function count(cursor: Cursor, field: string): number {
  const value = packedInt(cursor, field);
  if (value < 0 || value > 1024) throw badReply(field);
  return value;
}

/** Six bits and a sign in the first byte, seven in each that follows; the highest bit says that one does. */
function packedInt(cursor: Cursor, field: string): number {
  let byte = cursor.byte(field);
  const isNegative = (byte & 0x40) !== 0;
  let value = byte & 0x3f;
  for (let shift = 6; (byte & 0x80) !== 0; shift += 7) {
    if (shift > 27) throw badReply(field);
    byte = cursor.byte(field);
    value |= (byte & 0x7f) << shift;
  }
  return isNegative ? ~value : value;
}
