import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { quake3Reading } from '../../../../../src/core/games/quake3/query.js';
import { askByDatagrams } from '../../../../../src/core/games/query/datagrams.js';

const sockets: dgram.Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function listening(hear: (asked: Buffer, from: dgram.RemoteInfo, socket: dgram.Socket) => void): Promise<number> {
  const socket = dgram.createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (asked, from) => {
    hear(asked, from, socket);
  });
  return socket.address().port;
}

const talkTo = (port: number, ms = 5000): Parameters<typeof quake3Reading>[0] => ({
  host: '127.0.0.1',
  port,
  ms,
  signal: new AbortController().signal,
});
const answer = (text: string): Buffer => Buffer.from(`\xff\xff\xff\xff${text}`, 'latin1');
const info = answer('infoResponse\n\\g_humanplayers\\2\\sv_maxclients\\12');

/** A game of quake3 whose status is this. */
const quake = async (status: string, told = info): Promise<number> =>
  await listening((asked, from, socket) => {
    socket.send(asked.toString('latin1', 4) === 'getinfo' ? told : answer(status), from.port, from.address);
  });

test('a question that got lost is asked once more', async () => {
  let heard = 0;
  const port = await listening((asked, from, socket) => {
    heard += 1;
    if (heard === 2) socket.send(asked, from.port, from.address);
  });
  const told = await askByDatagrams(talkTo(port), Buffer.from('ping'), (datagram) => ({ answer: datagram.toString() }));
  expect(told).toBe('ping');
  expect(heard).toBe(2);
});

test('what comes from elsewhere is no answer', async () => {
  const stranger = dgram.createSocket('udp4');
  sockets.push(stranger);
  const port = await listening((_, from, socket) => {
    stranger.send('forged', from.port, from.address, () => {
      setTimeout(() => {
        socket.send('real', from.port, from.address);
      }, 50);
    });
  });
  const told = await askByDatagrams(talkTo(port), Buffer.from('ping'), (datagram) => ({ answer: datagram.toString() }));
  expect(told).toBe('real');
});

test('an answer that comes twice is taken once', async () => {
  const port = await listening((asked, from, socket) => {
    const isInfo = asked.toString('latin1', 4) === 'getinfo';
    const status = answer('statusResponse\n\\sv_maxclients\\12\n0 20 "a"\n0 30 "b"\n');
    for (const datagram of isInfo ? [info, info] : [status]) socket.send(datagram, from.port, from.address);
  });
  expect(await quake3Reading(talkTo(port))).toMatchObject({ players: 2, maxPlayers: 12 });
});

test.each<[string, string, Buffer, object]>([
  [
    'people are known by their number where nobody else is there',
    '0 0 "lag"\n5 0 "free"\n',
    info,
    {
      players: 2,
      bots: 0,
      names: [
        { name: 'lag', id: null },
        { name: 'free', id: null },
      ],
    },
  ],
  [
    'and by their ping, bots beside them',
    '0 40 "^1Red ^7Ann"\n9 0 "Sarge"\n3 999 "q"w"\n',
    info,
    {
      players: 2,
      bots: 1,
      names: [
        { name: 'Red Ann', id: null },
        { name: 'q"w', id: null },
      ],
    },
  ],
  [
    'without the number the ping decides',
    '0 40 "ann"\n9 0 "Sarge"\n',
    answer('infoResponse\n\\clients\\2'),
    { players: 1, bots: 1 },
  ],
  ['nobody', '', answer('infoResponse\n\\g_humanplayers\\0'), { players: 0, bots: 0, names: [] }],
])('%s', async (_, list, told, expected) => {
  const port = await quake(`statusResponse\n\\sv_maxclients\\12\n${list}`, told);
  expect(await quake3Reading(talkTo(port))).toMatchObject({ maxPlayers: 12, ...expected });
});

test('a bot that has a ping for a moment is nobody', async () => {
  const port = await quake(
    'statusResponse\n\\sv_maxclients\\12\n0 999 "Sarge"\n',
    answer('infoResponse\n\\g_humanplayers\\0'),
  );
  expect(await quake3Reading(talkTo(port))).toEqual({ players: 0, bots: 1, maxPlayers: 12, names: [] });
});

test('names are left out where number and pings disagree', async () => {
  const port = await quake('statusResponse\n\\sv_maxclients\\12\n0 0 "a"\n0 0 "b"\n0 0 "c"\n');
  expect(await quake3Reading(talkTo(port))).toEqual({ players: 2, bots: 1, maxPlayers: 12 });
});

test.each([
  ['a line that is none', 'statusResponse\n\\sv_maxclients\\12\nhello'],
  ['a number that is none', 'statusResponse\n\\sv_maxclients\\many\n'],
  ['no keys', 'statusResponse\nsv_maxclients'],
  ['half a list', 'statusResponse\n\\sv_maxclients\\12\n0 0 "a"\n0 0 "b"'],
  ['half a key', 'statusResponse\n\\sv_maxclients\n'],
  ['another word', 'print\nBad rconpassword.'],
])('%s is a bad reply', async (_, status) => {
  await expect(quake3Reading(talkTo(await quake(status)))).rejects.toMatchObject({ code: 'bad-reply' });
});
