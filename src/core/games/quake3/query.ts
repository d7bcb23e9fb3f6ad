import type { QueryTalk, Reading } from '../adapter.js';
import { askByDatagrams } from '../query/datagrams.js';
import { badReply } from '../query/fault.js';

const mark = Buffer.alloc(4, 0xff);
const word = (text: string): Buffer => Buffer.concat([mark, Buffer.from(text, 'latin1')]);

interface Client {
  readonly name: string;
  readonly isBot: boolean;
}

/**
 * Two questions to the game's own port. The first one's answer lists all who are there, bots among them, the second one's
 * says how many of them are people.
 */
export async function quake3Reading(talk: QueryTalk): Promise<Reading> {
  let info: ReadonlyMap<string, string> | undefined;
  return await askByDatagrams<Reading>(talk, word('getinfo'), (datagram) => {
    const lines = linesOf(datagram);
    if (lines[0] === 'infoResponse' && info === undefined) {
      info = keysOf(lines[1] ?? '');
      return { send: word('getstatus') };
    }
    // The answer to a question that was sent twice.
    if (lines[0] === 'infoResponse') return undefined;
    if (lines[0] !== 'statusResponse' || info === undefined) throw badReply('response');
    return { answer: readingOf(info, lines) };
  });
}

function readingOf(info: ReadonlyMap<string, string>, lines: readonly string[]): Reading {
  const status = keysOf(lines[1] ?? '');
  // Its last line has an end, too: without one it is not all that was said.
  if (lines.length < 3 || lines.at(-1) !== '') throw badReply('status');
  const clients = lines.slice(2, -1).map(clientOf);
  // Nobody has a ping of 0 but bots, and whoever plays on the server's own machine: the game's own word goes first.
  const humans = number(info.get('g_humanplayers') ?? status.get('g_humanplayers'), 'g_humanplayers');
  const byPing = clients.filter(({ isBot }) => !isBot);
  // It was asked a moment before: more than are listed now have not stayed.
  const players = humans === undefined ? byPing.length : Math.min(humans, clients.length);
  // A bot that has just come has a ping for a moment: nobody has no names, whatever the list looks like.
  const named = players === 0 ? [] : [clients, byPing].find((some) => some.length === players);
  const maxPlayers = number(status.get('sv_maxclients') ?? info.get('sv_maxclients'), 'sv_maxclients');
  const version = status.get('version');
  return {
    players,
    bots: clients.length - players,
    ...(named === undefined ? {} : { names: named.map(({ name }) => ({ name, id: null })) }),
    ...(maxPlayers === undefined ? {} : { maxPlayers }),
    ...(version === undefined ? {} : { version }),
  };
}

function linesOf(datagram: Buffer): string[] {
  if (datagram.compare(mark, 0, mark.length, 0, mark.length) !== 0) throw badReply('response');
  return datagram.toString('latin1', mark.length).split('\n');
}

/** `\key\value\key\value` */
function keysOf(line: string): Map<string, string> {
  const [before, ...parts] = line.split('\\');
  if (before !== '' || parts.length % 2 !== 0) throw badReply('keys');
  const keys = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) keys.set(parts[at] ?? '', parts[at + 1] ?? '');
  return keys;
}

/** `score ping "name"`; a name may have marks of colour: ^ and one more. */
function clientOf(line: string): Client {
  const [, ping, name = ''] = /^-?\d+ (\d+) "(.*)"$/.exec(line) ?? [];
  if (ping === undefined) throw badReply('player');
  return { name: name.replace(/\^[^^]/g, ''), isBot: ping === '0' };
}

function number(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw badReply(field);
  return Number(text);
}
