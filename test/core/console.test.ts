import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition } from '../../src/shared/contract.js';
import { Bench, isAlive, stateOf, until, useBench } from './support/bench.js';

const bench = useBench();
const megabyte = 1024 * 1024;
const script = path.join(import.meta.dirname, 'support', 'flood.mjs');

function flooding(): Definition {
  // The root is on the command line, so that the bench finds it.
  const args = [script, bench().root];
  return {
    id: 'demo',
    name: 'Flooding',
    game: 'other',
    launch: { command: process.execPath, args },
    stop: { line: 'stop' },
    patterns: { ready: 'Done', join: '(\\w+) joined', leave: '(\\w+) left', saveEnd: 'Saved' },
  };
}

const folder = (): string => path.join(bench().dataDir, 'logs', 'demo');

/** Sizes by name, those of a rotation under way included. */
function files(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of fs.readdirSync(folder()).sort()) {
    found[name] = fs.statSync(path.join(folder(), name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return found;
}

/** The last bytes of the console file. */
function end(bytes: number): string {
  const fd = fs.openSync(path.join(folder(), 'console.log'), 'r');
  const buffer = Buffer.alloc(bytes);
  const read = fs.readSync(fd, buffer, 0, bytes, Math.max(0, fs.fstatSync(fd).size - bytes));
  fs.closeSync(fd);
  return buffer.toString('latin1', 0, read);
}

/** Everything that is kept, oldest first, as the one stream that it is. */
function kept(): string {
  const numbers = fs.readdirSync(folder()).flatMap((name) => /^console\.(\d+)\.log$/.exec(name)?.[1] ?? []);
  const older = numbers.map(Number).sort((a, b) => b - a);
  const names = [...older.map((number) => `console.${number}.log`), 'console.log'];
  return names.map((name) => fs.readFileSync(path.join(folder(), name), 'latin1')).join('');
}

/** The numbers of all lines that are kept; fails where one is missing, doubled or torn. */
function numbers(text: string): { first: number; last: number } {
  let first = 0;
  let last = 0;
  const lines = text.split('\n');
  // The oldest may be the end of one that is gone.
  for (const line of lines.slice(1)) {
    const number = Number(/^line (\d+) \.{80}$/.exec(line)?.[1]);
    if (Number.isNaN(number)) {
      expect(line).toMatch(/^$|^Done!|^calm after|joined$/);
      continue;
    }
    if (first === 0) first = number;
    else if (number !== last + 1) throw new Error(`after ${last} comes ${number}`);
    last = number;
  }
  return { first, last };
}

async function started(settings: Record<string, unknown> = {}): Promise<CoreConnection> {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', { settings });
  await connection.request('server/add', { definition: flooding() });
  await connection.request('server/start', { id: 'demo' });
  return connection;
}

const send = async (connection: CoreConnection, line: string): Promise<void> => {
  await connection.request('server/send', { id: 'demo', line });
};

/** CPU time of all threads of a process, milliseconds. */
function cpuMs(pid: number): number {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) * 10;
}

const calm = (text: string): RegExpExecArray | null => /calm after (\d+) lines, longest write ([\d.]+) ms\n/.exec(text);

test('a flood of 50 MB/s: next to no CPU time, the server is not held up, all numbers of what is kept are there', async () => {
  const connection = await started();
  const told = { lines: 0, skipped: 0, last: '' };
  connection.on('console/lines', ({ lines, skipped }) => {
    told.lines += lines.length;
    told.skipped += skipped;
    told.last = lines.at(-1) ?? told.last;
  });
  await connection.request('client/subscribe', { consoles: ['demo'] });
  const { pid } = connection.hello;
  const before = { cpu: cpuMs(pid), at: performance.now() };
  await send(connection, 'flood 50 12');
  let largest = 0;
  const [, printed, longestMs] = await until(
    'the calm',
    () => {
      largest = Math.max(
        largest,
        Object.values(files()).reduce((sum, size) => sum + size, 0),
      );
      return calm(end(200));
    },
    60_000,
  );
  const ratio = (cpuMs(pid) - before.cpu) / (performance.now() - before.at);
  console.log(
    `core: ${(100 * ratio).toFixed(1)} % of one core; printed ${printed ?? ''} lines; longest write ${longestMs ?? ''} ms; ` +
      `disk at most ${Math.round(largest / megabyte)} MB; told ${told.lines} lines, passed over ${Math.round(told.skipped / megabyte)} MB`,
  );
  expect(ratio).toBeLessThan(0.05);
  expect(told.skipped).toBeGreaterThan(100 * megabyte);
  await until('its last word', () => told.last.startsWith('calm after'));
  const total = (): number => Object.values(files()).reduce((sum, size) => sum + size, 0);
  await until('the files to become small', () => total() < 70 * megabyte && files()['console.log']! < 10 * megabyte);
  await until('nothing under way', () => fs.readdirSync(folder()).every((name) => name.endsWith('.log')));
  const { first, last } = numbers(kept());
  expect(last).toBe(Number(printed));
  expect(last - first).toBeGreaterThan((9 * megabyte) / 100);
  const log = fs.readFileSync(path.join(bench().dataDir, 'logs', 'core.log'), 'utf8');
  expect(log.match(/prints faster than can be read/g)).toHaveLength(1);
  expect((await stateOf(connection)).state).toBe('running');
});

test('a core that is killed while it copies, before, or after the cut: nothing is lost or doubled', async () => {
  let connection = await started({ console: { rotateBytes: megabyte, keepFiles: 99 } });
  await send(connection, 'say Anna joined');
  await until('the player', async () => (await stateOf(connection)).players.online === 1);
  await send(connection, 'flood 1 600');
  const at = (name: string): string => path.join(folder(), name);
  const size = (): number => fs.statSync(at('console.log')).size;
  const moments = {
    copying: () => fs.existsSync(at('console.copying')),
    noted: () => fs.existsSync(at('console.cut')),
    cut: () => fs.existsSync(at('console.cut')) && size() < megabyte,
  };
  for (const moment of ['copying', 'cut', 'noted', 'cut'] as const) {
    const { pid } = connection.hello;
    // Without a pause: a cut takes a few milliseconds.
    await until(`the moment: ${moment}`, () => {
      for (const end = Date.now() + 50; Date.now() < end;) {
        if (!moments[moment]()) continue;
        process.kill(pid, 'SIGKILL');
        return true;
      }
      return false;
    });
    connection.dispose();
    await until('the end of the core', () => !isAlive(pid));
    // The launcher brings back the first three.
    if (bench().processes('core.js').length === 0)
      await bench()
        .core()
        .catch(() => undefined);
    connection = await bench().connect();
  }
  // Who came is in a file that is not read again.
  expect(await stateOf(connection)).toMatchObject({ state: 'running', players: { online: null } });
  await send(connection, 'calm');
  const [, printed] = await until('the calm', () => calm(end(200)));
  const isDone = (): boolean =>
    size() < 1.2 * megabyte && fs.readdirSync(folder()).every((name) => name.endsWith('.log'));
  await until('the last cut', isDone, 60_000);
  const { first, last } = numbers(kept());
  expect([first, last]).toEqual([1, Number(printed)]);
  const tail = await connection.request('console/tail', { id: 'demo', lines: 10_000 });
  expect(tail).toHaveLength(Math.min(10_000, 3 + last));
  expect(tail.at(-1)).toMatch(/^calm after/);
});

test('a server that ends and starts again while its console is cut is followed from its first line', async () => {
  const connection = await started({ console: { rotateBytes: megabyte, keepFiles: 99 } });
  for (let round = 0; round < 3; round++) {
    await send(connection, 'print 30000');
    await connection.request('server/stop', { id: 'demo' });
    const view = await connection.request('server/start', { id: 'demo' });
    expect(view).toMatchObject({ state: 'running', health: { is: 'ok' } });
  }
  await until('nothing under way', () => fs.readdirSync(folder()).every((name) => name.endsWith('.log')));
  const text = kept();
  expect(text.match(/^Done!/gm)).toHaveLength(4);
  expect(text.match(/^line 30000 /gm)).toHaveLength(3);
  expect(text.split('\n')).toHaveLength(4 + 3 * 30_000 + 1);
});

test.runIf(fs.existsSync('/dev/shm'))(
  'what the file system cannot cut while it is written to, the next start puts aside',
  async () => {
    const memory = new Bench('data', '/dev/shm');
    try {
      await memory.core();
      const connection = await memory.connect();
      await connection.request('settings/set', { settings: { console: { rotateBytes: megabyte } } });
      const definition = flooding();
      definition.launch.args = [script, memory.root];
      await connection.request('server/add', { definition });
      const log = path.join(memory.dataDir, 'logs', 'demo');
      const attempted = (): boolean =>
        fs.readFileSync(path.join(memory.dataDir, 'logs', 'core.log'), 'utf8').includes('cannot be cut here');
      for (const lines of [30_000, 10]) {
        await connection.request('server/start', { id: 'demo' });
        await send(connection, `print ${lines}`);
        await until('the lines', async () => {
          const tail = await connection.request('console/tail', { id: 'demo', lines: 5 });
          return tail.at(-1)?.startsWith(`line ${lines} `);
        });
        await until('an attempt to cut it', attempted);
        await connection.request('server/stop', { id: 'demo' });
      }
      expect(fs.readdirSync(log).sort()).toEqual(['console.1.log', 'console.log']);
      expect(fs.readFileSync(path.join(log, 'console.1.log'), 'latin1')).toMatch(/^Done![^]*line 30000 \.{80}\n$/);
      const tail = await connection.request('console/tail', { id: 'demo', lines: 13 });
      expect([tail[0]?.slice(0, 10), tail[2]?.slice(0, 7), tail[12]?.slice(0, 8)]).toEqual([
        'line 29999',
        'Done! F',
        'line 10 ',
      ]);
    } finally {
      await memory.dispose();
    }
  },
);
