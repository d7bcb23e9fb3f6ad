import path from 'node:path';
import { expect, test } from 'vitest';
import { FaultyFiles } from './support/faultyFiles.js';
import { leastKept, MemoryFiles, picking } from './support/memoryFiles.js';
import { minutesOf, numbered } from './support/numbered.js';

const engine = path.resolve('node_modules/sql.js/dist');
const whens = ['before', 'half', 'after'] as const;
/** Each call is met in one of three ways; with GSP_FLIP_STEP=1 in all of them. */
const isThorough = process.env.GSP_FLIP_STEP === '1';

/** What was added, and how many of that were acknowledged while the program still lived. */
interface Life {
  acknowledged: number;
  tried: number;
}

/** Everything a history does, once or more. Ends early where the files have stopped. */
async function live(files: FaultyFiles): Promise<Life> {
  const life: Life = { acknowledged: 0, tried: 0 };
  const { store, add } = numbered(files, engine);
  const write = async (count: number): Promise<void> => {
    if (files.hasStopped) return;
    add(life.tried, life.tried + count);
    life.tried += count;
    if ((await store.flush()) && !files.hasStopped) life.acknowledged = life.tried;
  };
  add(0, 5);
  life.tried = 5;
  await store.open();
  await write(5);
  await write(3);
  await store.snapshot();
  await write(2);
  const snapshot = store.snapshot();
  await write(4);
  await snapshot;
  await write(1);
  await store.snapshot();
  add(life.tried, (life.tried += 5));
  await store.close();
  if (!files.hasStopped) life.acknowledged = life.tried;
  return life;
}

async function judge(left: MemoryFiles, { acknowledged, tried }: Life, where: string, isTwice: boolean): Promise<void> {
  const { store, findings, add, contents } = numbered(left, engine);
  await store.open();
  const { samples, minutes, events } = contents();
  const tornOnly = findings.filter(({ is }) => is !== 'torn');
  expect(tornOnly, where).toEqual([]);
  expect(samples, where).toEqual(Array.from({ length: samples.length }, (_, number) => number));
  expect(samples.length, where).toBeGreaterThanOrEqual(acknowledged);
  expect(samples.length, where).toBeLessThanOrEqual(tried);
  expect(events, where).toEqual(samples);
  expect(minutes, where).toEqual(minutesOf(samples));
  if (!isTwice) return;
  add(100, 103);
  expect(await store.flush(), where).toBe(true);
  const next = numbered(left.afterPowerCut(leastKept), engine);
  await next.store.open();
  expect(next.contents().samples, where).toEqual([...samples, 100, 101, 102]);
  next.store.dispose();
  store.dispose();
}

test(
  'a loss of power at every step of a life',
  async () => {
    let cases = 0;
    for (let call = 0, hasStopped = true; hasStopped; call++) {
      for (const when of isThorough ? whens : [whens[call % 3]!]) {
        const memory = new MemoryFiles();
        const files = new FaultyFiles(memory);
        files.stopAt(call, when);
        const life = await live(files);
        hasStopped = files.hasStopped;
        for (const pick of isThorough
          ? [leastKept, picking(call), picking(call + 1000)]
          : [[leastKept, picking(call)][call % 2]!]) {
          cases++;
          const where = `call ${call}, ${when}: ${JSON.stringify(files.calls.at(-1))}`;
          await judge(memory.afterPowerCut(pick), life, where, isThorough || call % 4 === 0);
        }
        if (isThorough) await judge(memory, life, `call ${call}, ${when}, killed`, true);
      }
    }
    console.log(`${cases} losses of power`);
    expect(cases).toBeGreaterThan(50);
  },
  isThorough ? 3_600_000 : 60_000,
);
