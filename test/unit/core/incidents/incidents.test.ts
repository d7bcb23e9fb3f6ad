import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Incidents, type End } from '../../../../src/core/incidents/incidents.js';
import type { LogLevel } from '../../../../src/core/ports.js';
import { Failure } from '../../../../src/shared/failure.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { incident } from './fixtures.js';

const at = useTempFolder();
const start = 1_700_000_000_000;

function make(lines: string[] = []) {
  const said: [LogLevel, string][] = [];
  const log = { write: (level: LogLevel, _: string, text: string) => void said.push([level, text]) };
  const asked: unknown[] = [];
  const recorded: [string, number][] = [];
  const lastLines = (...args: unknown[]): string[] => {
    asked.push(args);
    return lines;
  };
  return {
    incidents: new Incidents({
      dataDir: at(),
      log,
      consoles: { lastLines },
      redact: (text) => text.replaceAll('hunter2', '***'),
      recorded: (id, { at: ended }) => void recorded.push([id, ended]),
    }),
    said,
    recorded,
    asked,
  };
}

function end(number: number, change: Partial<End> = {}): End {
  const { next: _, ...known } = incident({ id: 'demo', game: 'demo' });
  return {
    ...known,
    exit: { code: 3, signal: null, cause: 'crash', at: start + number * 10_000 },
    consoleFile: '/console.log',
    consoleOffset: 77,
    crashPattern: undefined,
    crashReports: [],
    folders: [],
    isEcho: () => false,
    next: () => ({ is: 'stays', at: null, used: 0, max: 3 }),
    ...change,
  };
}

test('the newest fifty are kept', async () => {
  const { incidents, asked, recorded } = make();
  for (let n = 0; n < 53; n++) incidents.ended(end(n));
  const list = await incidents.list('demo');
  expect(list).toHaveLength(50);
  expect(list.map((exit) => exit.at)).toEqual(Array.from({ length: 50 }, (_, n) => start + (52 - n) * 10_000));
  expect(fs.readdirSync(at('incidents', 'demo'))).toHaveLength(50);
  expect(asked[0]).toEqual(['/console.log', 1000, 77]);
  // Each is told of once it is there.
  expect(recorded).toEqual(Array.from({ length: 53 }, (_, n) => ['demo', start + n * 10_000]));
});

test('an end that was asked for leaves nothing, and takes its numbers with it', async () => {
  const { incidents } = make();
  const sample = { at: start, cpu: 1, memory: 1, ioRead: null, ioWrite: null, threads: null };
  const more = { players: null, tickRate: null, frameTime: null, apiTime: null };
  const host = { cpuPercent: 1, memoryUsedPercent: 1, memoryTotalBytes: 1 };
  for (const cause of ['asked', 'stopped-from-inside', 'host-restart'] as const) {
    incidents.ring.add({ at: start, host, ids: ['demo'], samples: { demo: { ...sample, ...more } } });
    incidents.ended(end(1, { exit: { code: 0, signal: null, cause, at: start } }));
  }
  expect(await incidents.list('demo')).toEqual([]);
  incidents.ended(end(2));
  expect((await incidents.get('demo', start + 20_000)).incident.samples).toEqual([]);
});

test('two seconds this way or that are the same end; the nearest is taken', async () => {
  const { incidents } = make();
  incidents.ended(end(0));
  incidents.ended(end(0, { exit: { code: 4, signal: null, cause: 'crash', at: start + 1500 } }));
  const code = async (time: number) => (await incidents.get('demo', time)).incident.exit.code;
  expect(await code(start - 2000)).toBe(3);
  expect(await code(start + 700.4)).toBe(3);
  expect(await code(start + 800)).toBe(4);
  for (const time of [start - 2001, start + 3501, 0, -5, 1e300]) {
    await expect(incidents.get('demo', time)).rejects.toSatisfy((error) => Failure.is(error, 'io'));
  }
});

test('the newest lines that fit, and what they tell', async () => {
  const long = 'x'.repeat(4000);
  const lines = ['java.lang.OutOfMemoryError: too old', ...Array.from({ length: 30 }, () => long)];
  lines.push(
    '[INFO] password hunter2',
    '[FATAL] first',
    '[FATAL] second',
    'java.lang.OutOfMemoryError: Java heap space',
  );
  const { incidents } = make(lines);
  incidents.ended(end(0, { crashPattern: '^\\[FATAL\\]' }));
  const { incident: kept } = await incidents.get('demo', start);
  expect(kept.lines.join('\n').length).toBeLessThanOrEqual(64 * 1024);
  expect(kept.lines.length).toBe(20);
  expect(kept.lines.at(-1)).toBe(lines.at(-1));
  expect(kept.lines.at(-4)).toBe('[INFO] password ***');
  expect(kept).toMatchObject({
    said: '[FATAL] first',
    outOfMemory: 'java.lang.OutOfMemoryError: Java heap space',
  });
});

test('what is broken or of another version is passed over in the list, and said when it is asked for', async () => {
  const { incidents } = make();
  incidents.ended(end(0));
  await incidents.list('demo');
  fs.writeFileSync(at('incidents', 'demo', '5000.json'), '{ "version": 1, ');
  fs.writeFileSync(at('incidents', 'demo', '90000.json'), '{ "version": 2 }');
  fs.writeFileSync(at('incidents', 'demo', 'notes.txt'), 'mine');
  expect(await incidents.list('demo')).toHaveLength(1);
  for (const time of [5000, 90_000]) {
    await expect(incidents.get('demo', time)).rejects.toSatisfy((error) => Failure.is(error, 'io'));
  }
  expect(await incidents.list('nobody')).toEqual([]);
});

test('a disk that takes nothing is said in the log, and that is all', async () => {
  const { incidents, said } = make();
  fs.writeFileSync(at('incidents'), 'in the way');
  expect(() => incidents.ended(end(0))).not.toThrow();
  await expect(incidents.list('demo')).rejects.toSatisfy((error) => Failure.is(error, 'io'));
  expect(said).toEqual([['warn', 'not recorded']]);
});
