import { afterEach, describe, expect, test } from 'vitest';
import { Peer } from '../../../src/node/peer.js';
import { failing } from './support/failing.js';
import { eventually, sleep, useSocketPairs } from './support/socketPair.js';

const pair = useSocketPairs();
const peers: Peer[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});

async function connected(): Promise<{ near: Peer; far: Peer }> {
  const sockets = await pair();
  const ends = { near: new Peer(sockets.near, undefined), far: new Peer(sockets.far, () => 'answer') };
  peers.push(ends.near, ends.far);
  return ends;
}

describe('notifications', () => {
  test('reach every handler of their method, in order, until it is taken off', async () => {
    const { near, far } = await connected();
    const seen: unknown[] = [];
    near.on('news', (params) => seen.push(['first', params]));
    const second = near.on('news', (params) => seen.push(['second', params]));
    near.on('other', () => seen.push('never'));
    far.notify('news', { n: 1 });
    far.notify('unknown', {});
    await eventually('the first news', () => seen.length === 2);
    second.dispose();
    far.notify('news', { n: 2 });
    await eventually('the second news', () => seen.length === 3);
    expect(seen).toEqual([
      ['first', { n: 1 }],
      ['second', { n: 1 }],
      ['first', { n: 2 }],
    ]);
  });

  test('come before an answer that was sent after them', async () => {
    const { near, far } = await connected();
    let seen = 0;
    near.on('news', () => seen++);
    for (let n = 0; n < 100; n++) far.notify('news', { n });
    await near.request('x', {});
    expect(seen).toBe(100);
  });

  test('reach the next handler also when one throws', async () => {
    const { near, far } = await connected();
    let seen = 0;
    near.on('news', () => {
      throw new Error('not mine');
    });
    near.on('news', () => seen++);
    far.notify('news', {});
    await near.request('x', {});
    expect(seen).toBe(1);
  });
});

describe('a peer that stops reading', () => {
  const big = 'x'.repeat(1024 * 1024);

  test('is kept while little waits for it', async () => {
    const { near, far } = await connected();
    near.socket.pause();
    for (let n = 0; n < 8; n++) far.notify('big', { big });
    await sleep(100);
    expect(far.isClosed).toBe(false);
    near.socket.resume();
    expect(await near.request('x', {})).toBe('answer');
  });

  test('is let go when too much waits for it', async () => {
    const { near, far } = await connected();
    near.socket.pause();
    for (let n = 0; n < 64 && !far.isClosed; n++) {
      far.notify('big', { big });
      await sleep(1);
    }
    expect(far.isClosed).toBe(true);
  });

  test('is let go when it is answers that wait for it', async () => {
    const sockets = await pair();
    const near = new Peer(sockets.near, undefined);
    const far = new Peer(sockets.far, () => ({ big }));
    peers.push(near, far);
    near.socket.pause();
    for (let n = 0; n < 64 && !far.isClosed; n++) {
      near.request('x', {}).catch(() => undefined);
      await sleep(1);
    }
    await sleep(200);
    expect(far.isClosed).toBe(true);
  });
});

describe('another program on the other side', () => {
  test.each([
    ['its own error', { code: -32_000, message: 'x', data: { code: 'busy', id: 'a' } }, 'busy'],
    ['an error without our code', { code: -32_000, message: 'x' }, 'unreachable'],
    ['the usual word for an unknown method', { code: -32_601, message: 'no such method' }, 'unsupported'],
  ] as const)('answers with %s', async (_, error, code) => {
    const { near, far } = await pair();
    const peer = new Peer(near, undefined);
    peers.push(peer);
    far.once('data', () => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 0, error });
      far.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    await expect(peer.request('x', {})).rejects.toSatisfy(failing(code));
  });

  test.each([
    ['parameters by position', '{"jsonrpc":"2.0","id":1,"method":"x","params":[1,2]}'],
    ['no parameters', '{"jsonrpc":"2.0","id":1,"method":"x"}'],
    ['an id of text', '{"jsonrpc":"2.0","id":"1","method":"x","params":{}}'],
  ])('asks with %s and is answered', async (_, body) => {
    const { near, far } = await pair();
    const peer = new Peer(near, (method, params) => ({ method, params: params ?? 'none' }));
    peers.push(peer);
    let said = '';
    far.setEncoding('utf8').on('data', (text: string) => (said += text));
    far.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    await eventually('an answer', () => said.includes('"result"'));
    expect(said).toContain('"method":"x"');
  });

  test('answers what nobody asked, and is ignored', async () => {
    const { near, far } = await pair();
    const peer = new Peer(near, () => 'well');
    peers.push(peer);
    let said = '';
    far.setEncoding('utf8').on('data', (text: string) => (said += text));
    for (const body of ['{"jsonrpc":"2.0","id":77,"result":1}', '{"a":1}', '{"jsonrpc":"2.0","id":5,"method":"x"}']) {
      far.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    }
    await eventually('an answer', () => said.includes('"well"'));
    expect(peer.isClosed).toBe(false);
  });
});
