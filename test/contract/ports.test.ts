import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Consoles } from '../../src/core/console/consoles.js';
import { defaultLimits } from '../../src/core/console/limits.js';
import { portablePorts } from '../../src/core/platform/portable/portable.js';
import { platformFor } from '../../src/core/platform/platform.js';
import type {
  ConsolePort,
  FileRangePort,
  NewLines,
  ProcessReaderPort,
  ProcessRef,
  SignalPort,
} from '../../src/core/ports.js';
import { startTimeByPs } from '../../src/node/psStartTime.js';
import { processStartTime } from '../../src/node/processIdentity.js';
import { until } from '../core/support/bench.js';
import { useTempFolder } from '../unit/node/support/tempFolder.js';
import { usePrograms } from './support/programs.js';
import { identityCases, readerCases, type Kind, type ReaderBench } from './support/readerCases.js';

/*
 * What every implementation of a port has to do, run on that of this platform. One for another platform is given to the
 * same suites there.
 */

const at = useTempFolder();
const programs = usePrograms();

const native: Kind = { startTimeOf: processStartTime, knowsThreads: true, knowsFolders: true };
const byPs: Kind = {
  startTimeOf: (pid) => startTimeByPs(pid) ?? null,
  ...{ knowsThreads: false, knowsFolders: false },
};

/** As after a restart of the machine, or after all pids were used once: the pid is another process's now. */
const reused = (pid: number): ProcessRef => ({ pid, startTime: '1' });
const refBy =
  ({ startTimeOf }: Kind) =>
  (pid: number): ProcessRef => ({ pid, startTime: startTimeOf(pid) });

function signalContract(port: SignalPort, kind: Kind): void {
  const refOf = refBy(kind);
  const hasStartTimes = kind.startTimeOf(process.pid) !== null;

  test('a process is alive until it has ended', async () => {
    const program = await programs.start();
    const ref = refOf(program.pid);
    expect(port.isAlive(ref)).toBe(true);
    program.child.kill('SIGKILL');
    await program.ended;
    expect(port.isAlive(ref)).toBe(false);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)('%s reaches the server', async (signal) => {
    const program = await programs.start();
    expect(port.stop(refOf(program.pid), signal, '')).toBe(true);
    await until('the word of the program', () => program.said().includes(`got ${signal}\n`));
  });

  test('a signal reaches the group that it leads, and nobody else', async () => {
    const program = await programs.start(['child']);
    const bystander = await programs.start();
    expect(port.stop(refOf(program.pid), 'SIGTERM', '')).toBe(true);
    await until('both words', () => program.said().split('got SIGTERM').length === 3);
    expect(port.isAlive(refOf(program.pid))).toBe(true);
    expect(bystander.said()).not.toContain('got');
  });

  test('a server in somebody’s own group is signalled alone', async () => {
    const program = await programs.start(['child']);
    const child = await until('the child', () => program.children()[0]);
    expect(port.stop(refOf(child), 'SIGTERM', '')).toBe(true);
    await until('its word', () => program.said().includes(`${child} got SIGTERM`));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(program.said()).not.toContain(`${program.pid} got SIGTERM`);
  });

  test.runIf(hasStartTimes)('a reused pid is never signalled, whatever is asked', async () => {
    const program = await programs.start();
    expect(port.isAlive(reused(program.pid))).toBe(false);
    expect(port.stop(reused(program.pid), 'SIGTERM', '')).toBe(false);
    expect(port.killTree(reused(program.pid), '')).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(program.said()).not.toContain('got');
    expect(port.isAlive(refOf(program.pid))).toBe(true);
  });

  test('one that is gone is told as such', async () => {
    const program = await programs.start();
    const ref = refOf(program.pid);
    program.child.kill('SIGKILL');
    await program.ended;
    expect(port.stop(ref, 'SIGTERM', '')).toBe(false);
    expect(port.killTree(ref, 'mark')).toBe(false);
  });

  test.each([
    ['started by us', `port-${process.pid}:tree`],
    ['connected while it ran', ''],
  ])('killTree ends all of a server %s, also what has left its group, and nobody else', async (_, mark) => {
    const program = await programs.start(['child', 'session'], mark);
    const bystander = await programs.start();
    await until('its children', () => program.children().length === 2);
    const pids = [program.pid, ...program.children()];
    expect(port.killTree(refOf(program.pid), mark)).toBe(true);
    await until('their end', () => !pids.some((pid) => port.isAlive(refOf(pid))));
    expect(port.isAlive(refOf(bystander.pid))).toBe(true);
  });

  test('killTree ends heirs: those with the mark of this start whose parents have gone', async () => {
    const mark = `port-${process.pid}:heirs`;
    const program = await programs.start(['orphan'], mark);
    const other = await programs.start(['orphan'], `port-${process.pid}:other`);
    const orphan = await until('the orphan', () => program.children()[0]);
    const stranger = await until('the other one', () => other.children()[0]);
    expect(port.killTree(refOf(program.pid), mark)).toBe(true);
    await until('their end', () => ![program.pid, orphan].some((pid) => port.isAlive(refOf(pid))));
    expect(port.isAlive(refOf(stranger))).toBe(true);
    expect(port.isAlive(refOf(other.pid))).toBe(true);
  });

  test('killTree ends one that is held, and one that ignores signals', async () => {
    const program = await programs.start();
    const ref = refOf(program.pid);
    program.child.kill('SIGSTOP');
    expect(port.killTree(ref, '')).toBe(true);
    await program.ended;
    expect(port.isAlive(ref)).toBe(false);
  });
}

function processReaderContract(port: ProcessReaderPort, kind: Kind): void {
  const bench: ReaderBench = {
    port,
    kind,
    start: async (children = 0) => {
      const program = await programs.start(Array.from({ length: children }, () => 'child'));
      await until('its children', () => program.children().length === children);
      const kill = (): Promise<unknown> => {
        program.child.kill('SIGKILL');
        return program.ended;
      };
      return { pid: program.pid, kill };
    },
  };
  test.each(readerCases)('$name', ({ run }) => run(bench));
  if (kind.startTimeOf(process.pid) !== null) test.each(identityCases)('$name', ({ run }) => run(bench));

  test('bootId is the same for all who ask', () => {
    expect(port.bootId()).toBe(port.bootId());
  });
}

function consoleContract(port: ConsolePort): void {
  const file = (): string => at('console.log');
  const follower = { look: () => undefined, moved: () => undefined };
  const none: NewLines = { lines: [], skippedBytes: 0, hasMore: false };

  test('no file has no size and no news, and may come later', () => {
    expect(port.size(file())).toBe(0);
    const reader = port.open(file(), 0, follower);
    expect(reader.read()).toEqual(none);
    fs.writeFileSync(file(), 'one\n');
    expect(reader.read()).toEqual({ ...none, lines: ['one'] });
    reader.dispose();
  });

  test('from an offset on, each line once, the last words too', () => {
    fs.writeFileSync(file(), 'before\n');
    const reader = port.open(file(), port.size(file()), follower);
    fs.appendFileSync(file(), 'one\ntwo');
    expect(reader.read()).toEqual({ ...none, lines: ['one'] });
    expect(reader.finish()).toEqual({ ...none, lines: ['two'] });
    expect(reader.read()).toEqual(none);
    reader.dispose();
    reader.dispose();
  });

  test('what was passed over is told, and nothing is made up', () => {
    const reader = port.open(file(), 0, follower);
    fs.writeFileSync(file(), Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`).join(''));
    const all = [reader.read()];
    while (all.at(-1)!.hasMore) all.push(reader.read());
    const skippedBytes = all.reduce((sum, news) => sum + news.skippedBytes, 0);
    const numbers = all.flatMap(({ lines }) => lines).map((line) => Number(/^line (\d+)$/.exec(line)?.[1]));
    expect(numbers.at(-1)).toBe(99_999);
    expect(numbers).toEqual(numbers.map((_, n) => numbers[0]! + n));
    expect(skippedBytes > 0).toBe(numbers[0] !== 0);
    reader.dispose();
  });

  test('a file that was emptied is new', () => {
    const reader = port.open(file(), 0, follower);
    fs.writeFileSync(file(), 'old old old\n');
    reader.read();
    fs.writeFileSync(file(), 'new\n');
    expect(reader.read().lines).toEqual(['new']);
    reader.dispose();
  });
}

function fileRangeContract(port: FileRangePort): void {
  const block = 64 * 1024;
  const file = (): string => at('file');
  const write = (blocks: number): void =>
    fs.writeFileSync(file(), Buffer.concat(Array.from({ length: blocks }, (_, n) => Buffer.alloc(block, 97 + n))));

  test('a head is gone, and only that; or it says why not, and nothing has happened', async () => {
    write(4);
    const writer = fs.openSync(file(), 'a');
    const outcome = await port.collapseHead(file(), 2 * block);
    fs.writeSync(writer, 'end');
    fs.closeSync(writer);
    const content = fs.readFileSync(file(), 'latin1');
    expect(['done', 'unsupported']).toContain(outcome);
    if (!port.canCollapse) expect(outcome).toBe('unsupported');
    const all = 'a'.repeat(block) + 'b'.repeat(block);
    expect(content === (outcome === 'done' ? '' : all) + 'c'.repeat(block) + 'd'.repeat(block) + 'end').toBe(true);
  });

  test('what cannot be done is no success: no file, more than there is', async () => {
    expect(await port.collapseHead(at('none'), block)).not.toBe('done');
    write(1);
    expect(await port.collapseHead(file(), block)).not.toBe('done');
    expect(fs.statSync(file()).size).toBe(block);
  });

  test('where nothing is under way there is nothing to end', () => {
    expect(port.endStray(file(), 2000)).toBe(true);
  });
}

const platform = platformFor(process.platform);
describe('SignalPort', () => signalContract(platform.signals, native));
describe('ProcessReaderPort', () => processReaderContract(platform.processes, native));
// What macOS is given works wherever there is a ps.
const portable = portablePorts(process.platform, 100);
const hasPs = process.platform !== 'win32';
describe.runIf(hasPs)('SignalPort by ps', () => signalContract(portable.signals, byPs));
describe.runIf(hasPs)('ProcessReaderPort by ps', () => processReaderContract(portable.processes, byPs));
describe('ConsolePort', () =>
  consoleContract(
    new Consoles({ ranges: platform.fileRanges, log: { write: () => undefined }, limits: () => defaultLimits }),
  ));
describe('FileRangePort', () => fileRangeContract(platform.fileRanges));
