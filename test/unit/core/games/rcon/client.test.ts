import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Backoff } from '../../../../../src/core/games/rcon/backoff.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { useRcon } from '../support/rconClients.js';
import { packet, type FakeRcon } from '../support/rconServer.js';

const { game, enemy, client } = useRcon();
const password = 'swordfish';

afterEach(() => {
  vi.useRealTimers();
});

/** Only the clock on the wall: timers and sockets go on. */
const laterBy = (ms: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
};
const open = (there: FakeRcon): number => there.sessions.filter(({ socket }) => !socket.closed).length;

/** Answers each command when it is let go. */
function held(): { say: (command: string) => Promise<string>; letGo(): void; waiting: string[] } {
  const waiting: string[] = [];
  let go: (() => void)[] = [];
  return {
    waiting,
    say: async (command) => {
      waiting.push(command);
      await new Promise<void>((resolve) => go.push(resolve));
      return `said ${command}`;
    },
    letGo() {
      for (const one of go) one();
      go = [];
    },
  };
}

describe('the queue', () => {
  test('holds 32, and refuses more', async () => {
    const { say, letGo, waiting } = held();
    const there = await game('factorio', { say });
    const rcon = client('factorio', there.port);
    const all = Array.from({ length: 32 }, (_, at) => rcon.command(`c${at}`));
    await expect(rcon.command('too much')).rejects.toMatchObject({ code: 'busy', data: { port: there.port } });
    for (let at = 1; at <= 32; at++) {
      // One in flight: the next is said when the one before is answered.
      await vi.waitFor(() => expect(waiting).toHaveLength(at), 5000);
      letGo();
    }
    expect(await Promise.all(all)).toEqual(all.map((_, at) => `said c${at}`));
  });

  test('goes on without what was called off while it waited', async () => {
    const { say, letGo, waiting } = held();
    const there = await game('factorio', { say });
    const rcon = client('factorio', there.port);
    const first = rcon.command('first');
    const caller = new AbortController();
    const second = rcon.command('second', { signal: caller.signal });
    const third = rcon.command('third');
    caller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(waiting).toEqual(['first']));
    letGo();
    expect(await first).toBe('said first');
    await vi.waitFor(() => expect(waiting).toEqual(['first', 'third']));
    letGo();
    expect(await third).toBe('said third');
  });

  test('waits for the answer to what was called off when it had been said, and gives it to nobody', async () => {
    const { say, letGo, waiting } = held();
    const there = await game('source', { say });
    const rcon = client('source', there.port);
    const caller = new AbortController();
    const first = rcon.command('first', { signal: caller.signal });
    const second = rcon.command('second');
    await vi.waitFor(() => expect(waiting).toEqual(['first']));
    caller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(waiting).toEqual(['first']);
    letGo();
    await vi.waitFor(() => expect(waiting).toEqual(['first', 'second']));
    letGo();
    expect(await second).toBe('said second');
    expect(there.sessions).toHaveLength(1);
  });

  test('does not say what was called off while the connection was made', async () => {
    const heard: string[] = [];
    const closed = (): unknown => undefined;
    let letIn = closed;
    const there = await enemy(
      () => undefined,
      ({ id, type, body }, socket) => {
        if (type === 3) letIn = () => socket.write(packet(id, 2));
        else heard.push(body);
        if (type === 2) socket.write(packet(id, 0, `said ${body}`));
      },
    );
    const rcon = client('factorio', there.port);
    const caller = new AbortController();
    const first = rcon.command('first', { signal: caller.signal });
    const second = rcon.command('second');
    await vi.waitFor(() => expect(letIn).not.toBe(closed));
    caller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    letIn();
    expect(await second).toBe('said second');
    expect(heard).toEqual(['second']);
  });

  test('does not begin what was called off before', async () => {
    const there = await game('source');
    const command = client('source', there.port).command('list', { signal: AbortSignal.abort() });
    await expect(command).rejects.toMatchObject({ code: 'cancelled' });
    expect(there.sessions).toHaveLength(0);
  });

  test('gives a command as long as it is told to', async () => {
    const there = await game('factorio', {
      say: async (command) => {
        await new Promise((resolve) => setTimeout(resolve, command === 'save' ? 600 : 0));
        return 'saved';
      },
    });
    const rcon = client('factorio', there.port, { deadlines: { command: 100, authenticate: 5000 } });
    expect(await rcon.command('save', { ms: 10_000 })).toBe('saved');
    await expect(rcon.command('save')).rejects.toMatchObject({ code: 'timeout', data: { ms: 100, isSent: true } });
  });
});

describe('nothing that could be a second command is sent', () => {
  const cases = [
    'a\nstop',
    'a\rstop',
    'a\0stop',
    'a\u0001',
    'a\u001b[2J',
    'a\tb',
    'a\u007f',
    'a\u0085b',
    'a\u2028stop',
    '',
    '  ',
  ];
  test.each(cases)('%j', async (line) => {
    const there = await game('source');
    const failure: unknown = await client('source', there.port)
      .command(line)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'invalid-definition' });
    expect(there.sessions).toHaveLength(0);
  });

  test.each([`${password}\nstop`, `a\0b`, 'é'.repeat(3000)])('a password that is none, %#', async (given) => {
    const there = await game('source');
    const rcon = client('source', there.port, { password: () => given });
    await expect(rcon.command('list')).rejects.toMatchObject({ code: 'auth-rejected' });
    expect(there.sessions).toHaveLength(0);
  });
});

describe('a line that is gone', () => {
  test('between commands is opened again at once', async () => {
    const there = await game('source');
    const rcon = client('source', there.port);
    await rcon.command('one');
    there.sessions[0]!.socket.resetAndDestroy();
    await vi.waitFor(() => expect(inspect(rcon)).toMatch(/line: undefined/));
    expect(await rcon.command('two')).toBe('said two');
    expect(there.sessions).toHaveLength(2);
  });

  test('is not tried again before its time, and says when that is', async () => {
    const there = await enemy((socket) => socket.resetAndDestroy());
    const rcon = client('source', there.port);
    const before = Date.now();
    await expect(rcon.command('one')).rejects.toMatchObject({ code: 'unreachable' });
    const put: unknown = await rcon.command('two').catch((error: unknown) => error);
    expect(put).toMatchObject({ code: 'unreachable', data: { port: there.port } });
    const { retryAt } = (put as Failure).data as { retryAt: number };
    expect(retryAt - before).toBeGreaterThanOrEqual(800);
    expect(there.sessions).toHaveLength(1);
    // What ends the game does not wait for that.
    await expect(rcon.command('stop', { endsGame: true })).rejects.toMatchObject({ code: 'unreachable' });
    expect(there.sessions).toHaveLength(2);
    laterBy(61_000);
    await expect(rcon.command('three')).rejects.toMatchObject({ code: 'unreachable' });
    expect(there.sessions).toHaveLength(3);
  });

  test('was wrong once: an answer makes that forgotten', async () => {
    let isIll = true;
    const there = await enemy(
      () => undefined,
      ({ id, type, body }, socket) => {
        if (isIll) socket.destroy();
        else socket.write(packet(id, type === 3 ? 2 : 0, `said ${body}`));
      },
    );
    const rcon = client('factorio', there.port);
    await expect(rcon.command('one')).rejects.toMatchObject({ code: 'unreachable' });
    isIll = false;
    expect(await rcon.command('stop', { endsGame: true })).toBe('said stop');
    there.sessions[1]!.socket.destroy();
    await vi.waitFor(() => expect(inspect(rcon)).toMatch(/line: undefined/));
    expect(await rcon.command('two')).toBe('said two');
  });
});

test('pauses grow to a minute and are never quite the same', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  const pauses = (random: number): (number | null)[] => {
    const backoff = new Backoff(() => random);
    expect(backoff.retryAt).toBeNull();
    return [1, 2, 3, 4, 5, 6].map(() => {
      backoff.failed();
      return backoff.retryAt === null ? null : backoff.retryAt - Date.now();
    });
  };
  expect(pauses(0.5)).toEqual([1000, 2000, 5000, 15_000, 60_000, 60_000]);
  expect(pauses(0)).toEqual([800, 1600, 4000, 12_000, 48_000, 48_000]);
  expect(pauses(1)).toEqual([1200, 2400, 6000, 18_000, 72_000, 72_000]);
  const backoff = new Backoff(() => 0.5);
  backoff.failed();
  vi.setSystemTime(1_001_000);
  expect(backoff.retryAt).toBeNull();
  backoff.failed();
  backoff.succeeded();
  expect(backoff.retryAt).toBeNull();
  backoff.failed();
  expect(backoff.retryAt).toBe(1_002_000);
});

describe('a password', () => {
  test('that was wrong is not tried again within a minute, a new one at once', async () => {
    let given = 'haddock';
    const there = await game('source');
    const rcon = client('source', there.port, { password: () => given });
    const refused = { code: 'auth-rejected', data: { port: there.port, retryAt: expect.any(Number) as number } };
    await expect(rcon.command('one')).rejects.toMatchObject(refused);
    await expect(rcon.command('two')).rejects.toMatchObject(refused);
    await expect(rcon.command('stop', { endsGame: true })).rejects.toMatchObject(refused);
    expect(there.passwords).toEqual(['haddock']);
    laterBy(61_000);
    await expect(rcon.command('three')).rejects.toMatchObject(refused);
    expect(there.passwords).toEqual(['haddock', 'haddock']);
    given = password;
    expect(await rcon.command('four')).toBe('said four');
  });

  test('that is missing is said as such, to all who wait', async () => {
    const there = await game('source');
    const rcon = client('source', there.port, {
      password: () => {
        throw new Failure('secret-missing', { id: 'one', key: 'rconPassword' });
      },
    });
    for (const outcome of await Promise.allSettled([rcon.command('one'), rcon.command('two')])) {
      expect(outcome).toMatchObject({ reason: { code: 'secret-missing', data: { id: 'one', key: 'rconPassword' } } });
    }
    expect(there.sessions).toHaveLength(0);
  });

  test('is not to be seen in a client, before, while and after it is used', async () => {
    const there = await game('source', { password: 'another' });
    const rcon = client('source', there.port);
    const seen: string[] = [];
    const look = (value: unknown): number =>
      seen.push(inspect(value, { depth: null, showHidden: true }) + JSON.stringify(value));
    look(rcon);
    const command = rcon.command('list').catch(look);
    await vi.waitFor(() => expect(there.passwords).toHaveLength(1));
    seen.push(inspect(rcon, { depth: null, showHidden: true }));
    await command;
    look(rcon);
    await rcon.command('again').catch(look);
    expect(seen).toHaveLength(5);
    expect(seen.join('\n')).not.toContain(password);
  });
});

describe('a connection', () => {
  test('is closed when nothing is said for a while, and opened for the next word', async () => {
    const there = await game('source');
    const rcon = client('source', there.port, { deadlines: { idle: 50 } });
    await rcon.command('one');
    await vi.waitFor(() => expect(open(there)).toBe(0), 5000);
    expect(await rcon.command('two')).toBe('said two');
    expect(there.sessions).toHaveLength(2);
  });

  test('is not closed under a command that takes its time', async () => {
    const there = await game('factorio', {
      say: async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return 'slept';
      },
    });
    const rcon = client('factorio', there.port, { deadlines: { idle: 50, command: 10_000 } });
    expect(await rcon.command('one')).toBe('slept');
    expect(await rcon.command('two')).toBe('slept');
  });
});

describe('disposing', () => {
  test.each(['connecting', 'authenticating', 'waiting for an answer'])('ends everything at once, %s', async (when) => {
    const { say, waiting } = held();
    const there = when === 'authenticating' ? await enemy(() => undefined) : await game('source', { say });
    const rcon = client('source', there.port);
    const all = [rcon.command('one'), rcon.command('two')];
    if (when === 'authenticating') await vi.waitFor(() => expect(there.sessions).toHaveLength(1));
    if (when === 'waiting for an answer') await vi.waitFor(() => expect(waiting).toEqual(['one']));
    rcon.dispose();
    for (const outcome of await Promise.allSettled(all))
      expect(outcome).toMatchObject({ reason: { code: 'cancelled' } });
    await vi.waitFor(() => expect(open(there)).toBe(0), 5000);
    await expect(rcon.command('three')).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('leaves no timer and no socket behind', async () => {
    const count = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length;
    const quiet = await enemy(() => undefined);
    const there = await game('source', { say: held().say });
    // A turn or two between the answer and the mark: a silence has begun to be waited out when that comes.
    const idle = await game('source', { cut: (bytes) => [bytes, Buffer.alloc(0), Buffer.alloc(0)] });
    const [timers, sockets] = [count('Timeout'), count('TCPSocketWrap')];
    const clients = [quiet, there, idle].map(({ port }) => client('source', port));
    const commands = clients.map((rcon) => rcon.command('list'));
    await commands[2];
    await vi.waitFor(() => expect(there.heard).toEqual(['list']));
    expect(count('Timeout')).toBeGreaterThan(timers);
    for (const rcon of clients) rcon.dispose();
    await Promise.allSettled(commands);
    // The test's own frame has timers that come and go; ours would last for seconds.
    for (let turns = 0; count('Timeout') > timers && turns < 1000; turns++) await new Promise(setImmediate);
    expect(count('Timeout')).toBe(timers);
    for (const one of [quiet, there, idle]) await one.close();
    await vi.waitFor(() => expect(count('TCPSocketWrap')).toBeLessThanOrEqual(sockets));
  });
});
