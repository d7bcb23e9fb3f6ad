import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { EconClient } from '../../../../src/core/games/econ.js';
import { RconClients } from '../../../../src/core/games/rcon/clients.js';
import { gameConsoleFor } from '../../../../src/core/games/gameConsole.js';
import { effective } from '../../../../src/shared/definition.js';

const password = 'not-for-the-log';
const greeting = 'Enter password:\n\0\0';
const welcome = 'Authentication successful. External console access granted.\n\0\0[1][econ]: cid=0 authed\n\0\0';
const deadlines = { connect: 1000, authenticate: 300, command: 300 };

let server: net.Server | undefined;
const sockets: net.Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
  server = undefined;
});

/** A console that greets, and answers each line it hears; the answer to the end of what it hears is its goodbye. */
async function fake(
  answer: (line: string, socket: net.Socket) => void,
  greet: (socket: net.Socket) => void = (socket) => socket.write(greeting),
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    let rest = '';
    socket.on('error', () => undefined).on('end', () => socket.end());
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        heard.push(line);
        answer(line, socket);
      }
    });
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, heard };
}

const client = (port: number, given = password): EconClient =>
  new EconClient({ host: '127.0.0.1', port, password: given, deadlines });

/** Checks the password as the game does, and hands on everything behind it. */
const withPassword =
  (then: (line: string, socket: net.Socket) => void) =>
  (line: string, socket: net.Socket): void => {
    if (line === password) socket.write(welcome);
    else if (socket.bytesWritten < 40) socket.write('Wrong password 1/3.\n\0\0');
    else then(line, socket);
  };

describe('an answer', () => {
  test('is what is said to the command, whole, and not what is said about it', async () => {
    const { port, heard } = await fake(
      withPassword((line, socket) => {
        socket.write(`[1][server]: cid=0 cmd='${line}'\n\0\0[1][Console]: Wert: G`);
        setTimeout(() => socket.write(Buffer.from([0xc3])), 20);
        setTimeout(() => socket.write(Buffer.from([0xbc, 0x0a, 0, 0])), 40);
        socket.removeAllListeners('end');
        setTimeout(() => socket.end('[1][Console]: zwei\n\0\0'), 60);
      }),
    );
    expect(await client(port).command('sv_name')).toBe('[1][Console]: Wert: Gü\n[1][Console]: zwei');
    expect(heard).toEqual([password, 'sv_name']);
  });

  test('of nothing is null, also where the game ends over it', async () => {
    const { port } = await fake(withPassword((_, socket) => socket.end('Closing console\n\0\0')));
    expect(await client(port).command('shutdown')).toBeNull();
  });

  test('without end is cut, not gathered', async () => {
    const lines = '[1][chat]: hello\n'.repeat(5000);
    const { port } = await fake(withPassword((_, socket) => socket.write(lines)));
    expect((await client(port).command('status'))?.split('\n')).toHaveLength(1000);
  });
});

describe('is refused', () => {
  test('a wrong password', async () => {
    const { port, heard } = await fake(withPassword(() => {}));
    const command = client(port, 'guessed').command('status');
    await expect(command).rejects.toMatchObject({ code: 'auth-rejected', data: { port } });
    expect(heard).toEqual(['guessed']);
  });

  test.each(['status\nshutdown', 'status\r', 'a\0b'])('a command of more than one line, %j, unsaid', async (line) => {
    const { port, heard } = await fake(withPassword(() => {}));
    await expect(client(port).command(line)).rejects.toMatchObject({ code: 'invalid-definition' });
    expect(heard).toEqual([]);
  });

  test('a password of more than one line, unsaid', async () => {
    const { port, heard } = await fake(withPassword(() => {}));
    const command = client(port, `${password}\nshutdown`).command('status');
    await expect(command).rejects.toMatchObject({ code: 'auth-rejected' });
    expect(heard).toEqual([]);
  });
});

describe('a console that misbehaves is told by what it did, and nobody waits for it', () => {
  const silent = (): void => {};
  const flood = (socket: net.Socket): void => {
    const more = (): boolean => socket.writable && socket.write('x'.repeat(60_000)) && more();
    socket.on('drain', more);
    more();
  };

  test('nobody there', async () => {
    const { port } = await fake(silent);
    server?.close();
    await expect(client(port).command('status')).rejects.toMatchObject({ code: 'unreachable', data: { port } });
  });

  test.each<[string, string, (line: string, socket: net.Socket) => void, ((socket: net.Socket) => void)?]>([
    ['no greeting', 'timeout', silent, silent],
    ['no word on the password', 'timeout', silent],
    ['no end of the answer', 'timeout', withPassword((_, socket) => socket.removeAllListeners('end'))],
    ['closed at once', 'unreachable', silent, (socket) => socket.end()],
    ['closed instead of a greeting', 'unreachable', silent, (socket) => socket.end('Banned\n')],
    ['closed over the password', 'unreachable', (_, socket) => socket.end()],
    ['closed in the middle of a line', 'bad-reply', withPassword((_, socket) => socket.end('[1][Console]: Val'))],
    ['closed by force', 'bad-reply', withPassword((_, socket) => socket.resetAndDestroy())],
    ['another protocol', 'timeout', silent, (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a line without end', 'bad-reply', silent, flood],
    ['lines without end', 'bad-reply', withPassword((_, socket) => socket.write('x\n'.repeat(600_000)))],
  ])('%s: %s', async (_, code, answer, greet) => {
    const { port } = await fake(answer, greet);
    const failure = await client(port)
      .command('status')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, data: { port } });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(password);
  });
});

describe('called off', () => {
  test('it ends at once, and says whether the command was sent', async () => {
    const own = new AbortController();
    const { port, heard } = await fake(
      withPassword((_, socket) => {
        socket.removeAllListeners('end');
        own.abort();
      }),
    );
    const long = { connect: 60_000, authenticate: 60_000, command: 60_000 };
    const patient = new EconClient({ host: '127.0.0.1', port, password, deadlines: long });
    const sent = patient.command('save', { signal: own.signal });
    await expect(sent).rejects.toMatchObject({ code: 'cancelled', data: { port, isSent: true } });
    expect(heard).toEqual([password, 'save']);
    await expect(patient.command('save', { signal: own.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(sockets.length).toBe(1);
  });

  test('before the command it was not sent; its own time for the answer holds', async () => {
    const { port } = await fake(withPassword((_, socket) => socket.removeAllListeners('end')));
    const own = new AbortController();
    const early = client(port).command('save', { signal: own.signal });
    own.abort();
    await expect(early).rejects.toMatchObject({ code: 'cancelled', data: { isSent: false } });
    const late = client(port).command('save', { ms: 20 });
    await expect(late).rejects.toMatchObject({ code: 'timeout', data: { ms: 20, isSent: true } });
  });
});

describe('the console of a game', () => {
  const teeworlds = { id: 'tee', name: 'Tee', game: 'teeworlds', launch: { command: 'teeworlds-server' } };
  const rcon = new RconClients();

  test('is there where the game has one and its port is known', async () => {
    const { port } = await fake(withPassword((_, socket) => socket.end('[1][Console]: probe\n')));
    const console = gameConsoleFor(
      effective({ ...teeworlds, connection: { econPort: port } }),
      (key) => (key === 'econPassword' ? password : undefined),
      rcon,
    );
    expect(console?.via).toBe('econ');
    expect(await console?.send('sv_name')).toBe('[1][Console]: probe');
    expect(gameConsoleFor(effective(teeworlds), () => password, rcon)).toBeUndefined();
    const other = { ...teeworlds, game: 'armagetron', connection: { econPort: port } };
    expect(gameConsoleFor(effective(other), () => password, rcon)).toBeUndefined();
  });

  test('says which password it misses', async () => {
    const console = gameConsoleFor(effective({ ...teeworlds, connection: { econPort: 1 } }), () => undefined, rcon);
    await expect(console?.send('status')).rejects.toMatchObject({
      code: 'secret-missing',
      data: { id: 'tee', key: 'econPassword' },
    });
  });
});
