import { afterEach, describe, expect, test, vi } from 'vitest';
import { Peer, type Handler } from '../../../src/node/peer.js';
import { Failure } from '../../../src/shared/failure.js';
import { failing } from './support/failing.js';
import { eventually, useSocketPairs } from './support/socketPair.js';

const pair = useSocketPairs();
const peers: Peer[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});

interface Ends {
  near: Peer;
  far: Peer;
}

async function connected(handler?: Handler): Promise<Ends> {
  const sockets = await pair();
  const ends = { near: new Peer(sockets.near, undefined), far: new Peer(sockets.far, handler) };
  peers.push(ends.near, ends.far);
  return ends;
}

const never = async (): Promise<never> => await new Promise<never>(() => undefined);

describe('a request', () => {
  test('is answered with the result, null where there is none', async () => {
    const { near } = await connected((method, params) => (method === 'echo' ? { method, params } : undefined));
    expect(await near.request('echo', { a: ['서버', null] })).toEqual({
      method: 'echo',
      params: { a: ['서버', null] },
    });
    expect(await near.request('other', {})).toBeNull();
  });

  test('many at once are answered each with its own, whatever the order', async () => {
    const { near } = await connected(async (_, params) => {
      const { n } = params as { n: number };
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 20));
      return n;
    });
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => near.request('n', { n })))).toEqual(numbers);
  });

  test('rejects with the failure of the other side: code, data, message', async () => {
    const { near } = await connected(async () => {
      throw new Failure('stop-timeout', { seconds: 60, id: 'demo', is: true, none: null }, 'took too long');
    });
    const failed = await near.request('x', {}).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Failure);
    expect(failed).toMatchObject({ code: 'stop-timeout', message: 'took too long' });
    expect((failed as Failure).data).toEqual({ seconds: 60, id: 'demo', is: true, none: null });
  });

  test.each<[string, Handler, string | RegExp]>([
    ['an error', async () => await Promise.reject(new Error('disk on fire')), 'disk on fire'],
    ['an error at once', () => JSON.parse('{') as unknown, /JSON/],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    ['no error at all', async () => await Promise.reject('just text'), 'just text'],
  ])('rejects with io when the handler throws %s', async (_, handler, message) => {
    const { near } = await connected(handler);
    const failed = near.request('x', {});
    await expect(failed).rejects.toSatisfy(failing('io'));
    await expect(failed).rejects.toThrow(message);
    expect(near.isClosed).toBe(false);
  });

  test('nobody answers is unsupported', async () => {
    const { near, far } = await connected((method) => {
      throw new Failure('unsupported', { method });
    });
    await expect(near.request('server/fly', {})).rejects.toSatisfy(failing('unsupported', { method: 'server/fly' }));
    await expect(far.request('x', {})).rejects.toSatisfy(failing('unsupported', { method: 'x' }));
  });

  test('is over at its deadline; a late answer does no harm, and the other side is told', async () => {
    let answer = (): void => undefined;
    let told = false;
    const { near } = await connected(async (method, _, signal) => {
      if (method !== 'slow') return 'quick';
      signal.addEventListener('abort', () => (told = true));
      await new Promise<void>((resolve) => (answer = resolve));
      return 'late';
    });
    await expect(near.request('slow', {}, { timeoutMs: 50 })).rejects.toSatisfy(
      failing('timeout', { method: 'slow', ms: 50 }),
    );
    await eventually('the word to the other side', () => told);
    answer();
    expect(await near.request('next', {})).toBe('quick');
  });

  test('without a word has a deadline of 15 s, and none when told so', async () => {
    const { near } = await connected(never);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let endless = false;
      const failed = expect(near.request('x', {})).rejects.toSatisfy(failing('timeout', { ms: 15_000 }));
      near.request('x', {}, { timeoutMs: null }).catch(() => (endless = true));
      vi.advanceTimersByTime(15_000);
      await failed;
      vi.advanceTimersByTime(3_600_000);
      expect(endless).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('can be called off', async () => {
    let told = false;
    const { near } = await connected(async (_, __, signal) => {
      signal.addEventListener('abort', () => (told = true));
      await never();
    });
    const controller = new AbortController();
    const failed = expect(near.request('x', {}, { signal: controller.signal })).rejects.toSatisfy(failing('cancelled'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await failed;
    await eventually('the word to the other side', () => told);
    await expect(near.request('x', {}, { signal: controller.signal })).rejects.toSatisfy(failing('cancelled'));
  });
});

describe('the end of a connection', () => {
  test.each<[string, (ends: Ends) => void]>([
    ['this side', ({ near }) => near.close()],
    ['the other side', ({ far }) => far.close()],
    ['the other side, once all is said', ({ far }) => far.end()],
    ['the system', ({ far }) => far.socket.destroy(new Error('cable cut'))],
    ['garbage', ({ far }) => void far.socket.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('made by %s: every request that waits is told', async (_, end) => {
    const ends = await connected(never);
    const { near } = ends;
    const waiting = Array.from({ length: 20 }, () => near.request('x', {}, { timeoutMs: null }));
    const closed = new Promise<void>((resolve) => near.onClose(resolve));
    const outcomes = Promise.allSettled(waiting);
    end(ends);
    await closed;
    for (const outcome of await outcomes) {
      expect(outcome.status === 'rejected' && Failure.is(outcome.reason, 'unreachable')).toBe(true);
    }
    expect(near.isClosed).toBe(true);
    expect(near.socket.destroyed).toBe(true);
    await expect(near.request('x', {})).rejects.toSatisfy(failing('unreachable'));
    near.notify('x', {});
  });

  test('is told once to everybody who asked, also to who asks afterwards', async () => {
    const { near } = await connected();
    const told: string[] = [];
    near.onClose(() => told.push('first'));
    near.onClose(() => told.push('no more')).dispose();
    near.onClose(() => told.push('second'));
    near.close();
    near.close();
    near.onClose(() => told.push('late'));
    await Promise.resolve();
    expect(told).toEqual(['first', 'second', 'late']);
  });

  test('aborts nothing of what is being answered to another', async () => {
    const { near } = await connected(() => 'well');
    const { near: other } = await connected(never);
    other.close();
    expect(await near.request('x', {})).toBe('well');
  });
});
