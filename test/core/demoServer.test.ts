// The demo server as it ships, run as a real process. Needs dist/demoServer.js: `node esbuild.mjs` builds it.
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gameRow } from '../../src/shared/games.js';

const bundle = resolve(import.meta.dirname, '../../dist/demoServer.js');
const windows = process.platform === 'win32';
const deadlineMs = 20_000;

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

async function until<T>(what: string, probe: () => T | undefined | false | null): Promise<T> {
  for (const end = Date.now() + deadlineMs; ;) {
    const value = probe();
    if (value !== undefined && value !== false && value !== null) return value;
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await sleep(20);
  }
}

let folder: string;
let world: string;
let children: ChildProcess[];
let descriptors: number[];

beforeAll(() => expect(existsSync(bundle), 'dist/demoServer.js is not built').toBe(true));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-server-'));
  world = join(folder, 'world', 'w.json');
  children = [];
  descriptors = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(exitOf));
  descriptors.forEach((fd) => closeSync(fd));
  rmSync(folder, { recursive: true, force: true });
});

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
const exitOf = async (child: ChildProcess) => {
  await until('the end of the process', () => ended(child));
  return child.signalCode ?? child.exitCode;
};

interface Run {
  readonly child: ChildProcess;
  readonly text: () => string;
  readonly send: (text: string) => void;
  /** Waits for a line; returns its groups. */
  readonly seen: (pattern: RegExp | string) => Promise<RegExpExecArray>;
  readonly exit: () => Promise<number | NodeJS.Signals | null>;
}

/** As a supervisor starts it: output to a file that is appended to, input from a pipe or from a FIFO held open. */
function start(args: readonly string[], input: 'pipe' | 'fifo' | 'ignore' = 'pipe'): Run {
  const file = join(folder, `out-${children.length}.txt`);
  const out = openSync(file, 'a');
  let fifo: number | null = null;
  if (input === 'fifo') {
    const path = join(folder, `in-${children.length}`);
    execFileSync('mkfifo', [path]);
    fifo = openSync(path, constants.O_RDWR);
    descriptors.push(fifo);
  }
  const stdio: StdioOptions = [fifo ?? (input === 'ignore' ? 'ignore' : 'pipe'), out, out];
  const child = spawn(process.execPath, [bundle, ...args], { stdio });
  closeSync(out);
  children.push(child);
  // Writing to one that is gone is what some of the tests do.
  child.stdin?.on('error', () => undefined);
  const text = () => readFileSync(file, 'utf8');
  return {
    child,
    text,
    send: (line) => {
      if (fifo === null) child.stdin?.write(line);
      else writeSync(fifo, line);
    },
    seen: (pattern) => until(`${String(pattern)} in:\n${text()}`, () => new RegExp(pattern, 'mu').exec(text())),
    exit: () => exitOf(child),
  };
}

const quiet = ['--players', '0', '--save-every', '0'];
const patterns = gameRow('demo')?.patterns ?? {};
const patternOf = (name: keyof typeof patterns): string => {
  const pattern = patterns[name];
  if (pattern === undefined) throw new Error(`no pattern ${name}`);
  return pattern;
};
const ready = patternOf('ready');
const count = (text: string, part: string) => text.split(part).length - 1;

interface SavedWorld {
  saves: number;
  savedAt: number;
  tick: number;
  players: string[];
}
const saved = (): SavedWorld => JSON.parse(readFileSync(world, 'utf8')) as SavedWorld;
/** A world that was saved 7 times. */
function oldWorld(): string {
  mkdirSync(join(folder, 'world'));
  writeFileSync(world, '{"saves":7,"savedAt":1000}\n');
  return readFileSync(world, 'utf8');
}

describe('demo server', { timeout: 90_000 }, () => {
  it('lives a whole life in lines the catalogue understands, and ends with everything saved', async () => {
    const before = Date.now();
    const run = start([world, '--players', '2', '--save-every', '0.5']);
    await run.seen(ready);
    const [, joined] = await run.seen(patternOf('join'));
    expect(joined).toMatch(/^\w+$/);
    await run.seen(/World saved in \d+ ms \(\d+\.\d MB\)\n/);
    run.send('say hello there\nlist\ntps\nnonsense\n');
    await run.seen(/\[Server\] hello there\n/);
    await run.seen(/There are \d+ of a max of 32 players online: .*\n/);
    await run.seen(/TPS from last 1m: \d+\.\d, mean tick \d+\.\d ms, p99 \d+\.\d ms/);
    await run.seen(/Unknown command\. Type "help" for help\.\n/);
    run.send('players 3\nstop\nstop\n');
    expect(await run.exit()).toBe(0);

    const lines = run.text().trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^\[\d\d:\d\d:\d\d\] \[(INFO|WARN|ERROR)\] \S/);
    const at = (pattern: string, from = 0) => lines.findIndex((l, i) => i >= from && new RegExp(pattern, 'u').test(l));
    const stopping = at(patternOf('stopping'));
    const leave = at(patternOf('leave'), stopping);
    const saveBegin = at(patternOf('saveBegin'), leave);
    const saveEnd = at(patternOf('saveEnd'), saveBegin);
    expect([stopping, leave, saveBegin, saveEnd].every((n) => n > 0)).toBe(true);
    expect(lines.at(-1)).toContain('Server stopped');
    expect(count(run.text(), 'Stopping server')).toBe(1);
    expect(count(run.text(), ' joined the game')).toBe(count(run.text(), ' left the game'));
    expect(run.text()).not.toMatch(new RegExp(patternOf('crash'), 'mu'));

    expect(saved().saves).toBe(count(run.text(), 'World saved'));
    expect(saved().savedAt).toBeGreaterThanOrEqual(before);
    expect(saved().players).toContain(joined);
    expect(readdirSync(join(folder, 'world')).sort()).toEqual(['w.json', 'w.json.regions']);
  });

  it('never saves twice at once, and a stop during a save saves once more', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('save\nsave\nsave\n');
    await run.seen(/World saved[^]*World saved/);
    run.send('save\nstop\n');
    expect(await run.exit()).toBe(0);
    const order = [...run.text().matchAll(/Saving world|World saved/g)].map(([part]) => part);
    // Of three at once, one follows the first; then `save`, then the one of the stop.
    expect(order).toEqual(Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 'Saving world' : 'World saved')));
    expect(saved().saves).toBe(4);
  });

  it('keeps ticking while it saves', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('save\n');
    await run.seen('World saved');
    const first = saved().tick;
    run.send('save\n');
    await run.seen(/World saved[^]*World saved/);
    run.send('save\n');
    await run.seen(/World saved[^]*World saved[^]*World saved/);
    expect(saved().tick).toBeGreaterThan(first);
    run.send('stop\n');
    expect(await run.exit()).toBe(0);
  });

  it('is older in its file when it is killed: nothing is saved behind anybody’s back', async () => {
    const before = oldWorld();
    const run = start([world, ...quiet]);
    await run.seen(/7 saves/);
    await run.seen(ready);
    run.send('players 5\nlist\n');
    await run.seen('There are 5');
    run.child.kill('SIGKILL');
    await run.exit();
    expect(readFileSync(world, 'utf8')).toBe(before);
  });

  it('counts on from the saves of the last session', async () => {
    oldWorld();
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('stop\n');
    expect(await run.exit()).toBe(0);
    expect(saved().saves).toBe(8);
  });

  it.skipIf(windows).each(['SIGTERM', 'SIGINT'] as const)('stops in order on %s', async (signal) => {
    const run = start([world, '--players', '0'], 'ignore');
    await run.seen(ready);
    run.child.kill(signal);
    await run.seen('Stopping server');
    run.child.kill(signal);
    expect(await run.exit()).toBe(0);
    expect(saved().saves).toBe(1);
    expect(run.text()).toMatch(/World saved in[^]*Server stopped\n$/);
  });

  it('goes on when its input ends', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.child.stdin?.end('players 4');
    await run.seen(/(joined[^]*){4}/);
    await sleep(300);
    expect(ended(run.child)).toBe(false);
    expect(existsSync(world)).toBe(false);
  });

  it.skipIf(windows)('takes lines in pieces from a FIFO that stays open, and still ends', async () => {
    const run = start([world, ...quiet], 'fifo');
    await run.seen(ready);
    run.send('li');
    await sleep(100);
    run.send('st\r\nsay one\nsay two\n');
    await run.seen(/There are 0[^]*\[Server\] one\n[^]*\[Server\] two\n/);
    run.send('stop\n');
    expect(await run.exit()).toBe(0);
    expect(saved().saves).toBe(1);
  });

  it('writes its last line to a pipe, too', async () => {
    const child = spawn(process.execPath, [bundle, world, ...quiet], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await until('ready', () => text.includes('Ready for players'));
    child.stdin.write('stop\n');
    expect(await exitOf(child)).toBe(0);
    await until('the last line', () => text.endsWith('Server stopped\n'));
  });

  it('goes on when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [bundle, world, ...quiet], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until('ready', () => text.includes('Ready for players'));
    child.stdout.destroy();
    child.stdin.write('say x\nsave\n');
    await until('the save', () => existsSync(world));
    child.stdin.write('stop\n');
    expect(await exitOf(child)).toBe(0);
    expect(saved().saves).toBe(2);
  });

  it('crashes by a signal, with a trace and without saving', async () => {
    const before = oldWorld();
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('crash\n');
    const exit = await run.exit();
    if (!windows) expect(exit).toBe('SIGSEGV');
    else expect(exit).not.toBe(0);
    expect(run.text()).toMatch(/\[ERROR\] Fatal error: .+\n( {4}at .+\n)+$/);
    expect(run.text()).toMatch(new RegExp(patternOf('crash'), 'mu'));
    expect(readFileSync(world, 'utf8')).toBe(before);
  });

  it('crashes with a code, without saving', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('crash 42\n');
    expect(await run.exit()).toBe(42);
    expect(run.text()).toContain('Fatal error');
    expect(existsSync(world)).toBe(false);
  });

  it.skipIf(windows).each(['hang', 'hang busy'])('`%s` leaves only the kill', async (command) => {
    const run = start([world, '--players', '0', '--save-every', '0.2']);
    await run.seen(ready);
    run.send(`say last\n${command}\nlist\n`);
    await run.seen(/\[Server\] last\n/);
    run.child.kill('SIGTERM');
    run.child.kill('SIGINT');
    run.send('stop\n');
    const text = run.text();
    await sleep(1_500);
    expect(ended(run.child)).toBe(false);
    expect(run.text()).toBe(text);
    run.child.kill('SIGKILL');
    expect(await run.exit()).toBe('SIGKILL');
  });

  it('takes its time to stop when told to, saving only at the end', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('slowstop 600\nstop\n');
    await run.seen('Stopping server');
    await sleep(500);
    expect(ended(run.child)).toBe(false);
    expect(run.text()).not.toContain('Saving world');
    // Still listening to commands.
    run.send('crash 9\n');
    expect(await run.exit()).toBe(9);
    expect(existsSync(world)).toBe(false);

    const second = start([world, ...quiet]);
    await second.seen(ready);
    second.send('slowstop 0.5\nstop\n');
    const begin = Date.now();
    expect(await second.exit()).toBe(0);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(450);
    expect(saved().saves).toBe(1);
  });

  it('moves a damaged world aside and starts anew', async () => {
    mkdirSync(join(folder, 'world'));
    writeFileSync(world, '{"saves": 3, "sav');
    const run = start([world, ...quiet]);
    const [, moved = ''] = await run.seen(/\[WARN\] The world file is damaged and was moved to (\S+);/);
    await run.seen(ready);
    expect(moved).toMatch(/w\.json\.broken-\d+$/);
    expect(readFileSync(moved, 'utf8')).toBe('{"saves": 3, "sav');
    run.send('stop\n');
    expect(await run.exit()).toBe(0);
    expect(saved().saves).toBe(1);
  });

  it('says when a save failed, keeps the world as it was, and saves again when it can', async () => {
    const before = oldWorld();
    mkdirSync(`${world}.regions`);
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('save\n');
    await run.seen(/\[ERROR\] Save failed: E\w+: .+\n/);
    expect(readFileSync(world, 'utf8')).toBe(before);
    expect(run.text()).not.toContain('World saved');
    expect(readdirSync(join(folder, 'world')).sort()).toEqual(['w.json', 'w.json.regions']);
    rmSync(`${world}.regions`, { recursive: true });
    run.send('save\n');
    await run.seen('World saved');
    expect(saved().saves).toBe(8);
    mkdirSync(`${world}.tmp`);
    run.send('stop\n');
    expect(await run.exit()).toBe(1);
    expect(saved().saves).toBe(8);
  });

  describe('port', () => {
    let taken: Server | null = null;
    afterEach(() => void taken?.close());

    async function takePort(): Promise<number> {
      const server = createServer();
      taken = server;
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return (server.address() as AddressInfo).port;
    }

    it('in use is fatal', async () => {
      const port = await takePort();
      const run = start([world, ...quiet, '--port', String(port)]);
      expect(await run.exit()).toBe(1);
      expect(run.text()).toContain(`[ERROR] Fatal error: port ${port} is already in use\n`);
      expect(run.text()).not.toMatch(ready);
    });

    it('answers with one line of JSON, and does not keep a stopped server alive', async () => {
      const port = await takePort();
      taken?.close();
      const run = start([world, ...quiet, '--port', String(port)]);
      await run.seen(`Ready for players on port ${port}\n`);
      run.send('players 6\nlist\n');
      await run.seen('There are 6');
      let answer = '';
      // Half open: this side never closes.
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      socket.on('error', () => undefined);
      let closed = false;
      socket.on('end', () => (closed = true));
      await until('the answer', () => closed);
      expect(answer).toMatch(/^[^\n]+\n$/);
      expect(JSON.parse(answer)).toEqual({
        name: 'Demo server',
        players: 6,
        max: 32,
        tps: expect.any(Number) as number,
      });
      run.send('stop\n');
      expect(await run.exit()).toBe(0);
      socket.destroy();
    });
  });

  it('works at full load for a while, and says that it cannot keep up', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    run.send('spike 600\n');
    const [, behind, ticks] = await run.seen(/\[WARN\] Can't keep up! Running (\d+) ms behind, skipping (\d+) ticks\n/);
    expect(Number(behind)).toBeGreaterThan(2_000);
    expect(Number(ticks)).toBe(Math.floor(Number(behind) / 50));
    run.send('spike 0\nstop\n');
    expect(await run.exit()).toBe(0);
    expect(saved().saves).toBe(1);
  });

  it.skipIf(process.platform !== 'linux')('takes memory, and gives it back', async () => {
    const run = start([world, ...quiet]);
    await run.seen(ready);
    const rssMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(run.child.pid)}/status`, 'utf8'))?.[1]) / 1024;
    const before = rssMb();
    run.send('leak 100\n');
    await until('100 MB more', () => rssMb() > before + 95);
    run.send('leak 600/min\n');
    await until('110 MB more', () => rssMb() > before + 108);
    run.send('leak off\n');
    await until('the memory back', () => rssMb() < before + 50);
    run.send('stop\n');
    expect(await run.exit()).toBe(0);
  });

  it.each([[[]], [['w.json', '--players', 'many']]])('explains itself when called wrongly: %j', async (args) => {
    const run = start(args, 'ignore');
    expect(await run.exit()).toBe(2);
    expect(run.text()).toContain('Usage: demoServer WORLD');
  });
});
