import type { GameAdapter, QueryTalk, Reading } from '../adapter.js';
import { Cursor } from '../query/cursor.js';
import { badReply } from '../query/fault.js';
import { askByStream } from '../query/stream.js';

const hello = Buffer.from('BZFLAG\r\n\r\n');
const protocol = 'BZFS0221';
/** What it says to whom it has no place for. */
const refused = 0xff;
const code = { game: 0x7167, players: 0x7170, add: 0x6170 } as const;
const ask = (what: number): Buffer => Buffer.from([0, 0, what >> 8, what & 0xff]);
const headBytes = 4;
const maxFrame = 1024;
const maxBytes = 256 * 1024;
const observers = 5;
const robot = 1;

interface Frame {
  readonly code: number;
  readonly body: Buffer;
}

/** It is asked on its own port, as its own tool does; it notes in its log that somebody came and went. */
async function reading(talk: QueryTalk): Promise<Reading> {
  let isGreeted = false;
  return await askByStream<Reading>(talk, { first: hello, maxBytes }, (all) => {
    if (all.length <= protocol.length) return undefined;
    if (all.toString('latin1', 0, protocol.length) !== protocol) throw badReply('protocol');
    if (all[protocol.length] === refused) throw badReply('place');
    if (!isGreeted) {
      isGreeted = true;
      return { send: Buffer.concat([ask(code.game), ask(code.players)]) };
    }
    const told = readingOf(framesOf(all, protocol.length + 1));
    return told === undefined ? undefined : { answer: told };
  });
}

/** Undefined while not all has come. Watchers do not play, nor do robots. */
function readingOf(frames: readonly Frame[]): Reading | undefined {
  const [game, list] = [code.game, code.players].map((one) => frames.find((frame) => frame.code === one));
  if (game === undefined || list === undefined) return undefined;
  const about = new Cursor(game.body);
  about.take(4, 'game');
  const maxPlayers = about.u16be('maxPlayers');
  const counts = new Cursor(list.body);
  counts.u16be('teams');
  const there = counts.u16be('players');
  const seen = frames.filter((frame) => frame.code === code.add).map(({ body }) => playerOf(body));
  if (seen.length < there) return undefined;
  const tanks = seen.filter(({ team }) => team !== observers);
  const people = tanks.filter(({ kind }) => kind !== robot);
  return {
    players: people.length,
    bots: tanks.length - people.length,
    names: people.map(({ name }) => ({ name, id: null })),
    maxPlayers,
  };
}

function playerOf(body: Buffer): { kind: number; team: number; name: string } {
  const cursor = new Cursor(body);
  cursor.byte('player');
  const kind = cursor.u16be('type');
  const team = cursor.u16be('team');
  cursor.take(6, 'score');
  return { kind, team, name: cursor.padded(32, 'callsign') };
}

/** The frames that are whole: length of the body, code, body. */
function framesOf(all: Buffer, from: number): Frame[] {
  const frames: Frame[] = [];
  for (let at = from; at + headBytes <= all.length;) {
    const length = all.readUInt16BE(at);
    if (length > maxFrame) throw badReply('length');
    const end = at + headBytes + length;
    if (end > all.length) break;
    frames.push({ code: all.readUInt16BE(at + 2), body: all.subarray(at + headBytes, end) });
    at = end;
  }
  return frames;
}

export const bzflag: GameAdapter = { id: 'bzflag', readings: [{ via: 'query', run: reading }] };
