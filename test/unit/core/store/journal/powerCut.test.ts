import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Journal } from '../../../../../src/core/store/journal/journal.js';
import { FaultyFiles, Stopped, type Operation } from '../support/faultyFiles.js';
import { leastKept, MemoryFiles, mostKept, picking, type Pick } from '../support/memoryFiles.js';

const name = 'metrics.journal';

type Step =
  | { readonly append: number; readonly length: number }
  | { readonly restart: number; readonly frames: number }
  | { readonly fail: Operation; readonly bytes: number };

/** Every one tells which it is, and is longer than a sector of the disk. */
const payload = (id: string, length: number): Uint8Array => Buffer.from(`${id}:`.padEnd(length, '.'));
const idOf = (frame: Uint8Array): string => Buffer.from(frame).toString().split(':')[0]!;

/** What a generation must hold, and what may follow: the frame that was being appended. */
interface Generation {
  /** null: there is no journal yet. */
  readonly header: number | null;
  readonly acknowledged: string[];
  underWay: string | undefined;
}

/** Does the steps as the store does, a failed one again, and keeps account of what was acknowledged. */
class Keeper {
  /** Each of which may be found. The last is in use, or being begun. */
  possible: Generation[] = [{ header: null, acknowledged: [], underWay: undefined }];

  constructor(private readonly files: FaultyFiles) {}

  async run(steps: readonly Step[], inject: (step: Extract<Step, { fail: Operation }>) => void): Promise<void> {
    const { journal } = await Journal.open(this.files, name, 0);
    for (const step of steps) {
      if ('fail' in step) inject(step);
      else if ('append' in step) await trying(() => this.append(journal, String(step.append), step.length));
      else await trying(() => this.restart(journal, step.restart, step.frames));
    }
    await journal.close();
  }

  private async append(journal: Journal, id: string, length: number): Promise<void> {
    const current = this.possible.at(-1)!;
    if (current.header === null) return;
    current.underWay = id;
    await journal.append(payload(id, length));
    this.mustBeAlive();
    // Who is told that a frame is safe, is told as well that the generation is which it is in.
    this.possible = [current];
    current.acknowledged.push(id);
    current.underWay = undefined;
  }

  private async restart(journal: Journal, header: number, frames: number): Promise<void> {
    const ids = Array.from({ length: frames }, (_, n) => `${header}/${n}`);
    const before = this.possible;
    const failed = this.files.failed.length;
    const next: Generation = { header, acknowledged: ids, underWay: undefined };
    this.possible = [...before, next];
    try {
      await journal.restart(
        header,
        ids.map((id) => payload(id, 40)),
      );
      this.mustBeAlive();
    } catch (error) {
      if (!(error instanceof Stopped)) this.possible = before;
      throw error;
    }
    const isNameSafe = !this.files.failed.slice(failed).some(({ operation }) => operation === 'syncFolder');
    if (isNameSafe) this.possible = [next];
  }

  private mustBeAlive(): void {
    if (this.files.hasStopped) throw new Stopped();
  }
}

/** Until it works, unless the program was stopped. */
async function trying(act: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Stopped || attempt > 20) throw error;
    }
  }
}

/** Opens what is left, as the next program does, and compares it with what was promised; then uses it. */
async function judge(left: MemoryFiles, { possible }: Keeper): Promise<void> {
  const { journal, state, header, frames, damaged, aside } = await Journal.open(left, name, 0);
  expect({ damaged, aside }).toEqual({ damaged: [], aside: null });
  const found = possible.find((one) => one.header === header);
  expect(found, `generation ${String(header)}`).toBeDefined();
  const ids = frames.map(idOf);
  const { acknowledged, underWay } = found!;
  const isOneMore = underWay !== undefined && ids.length === acknowledged.length + 1;
  expect(ids).toEqual(isOneMore ? [...acknowledged, underWay] : acknowledged);
  if (state === 'none') return;
  await journal.append(payload('after', 50));
  await journal.close();
  const again = await Journal.open(left.afterPowerCut(leastKept), name, 0);
  expect(again.frames.map(idOf)).toEqual([...ids, 'after']);
}

const picks: Pick[] = [leastKept, mostKept, ...Array.from({ length: 12 }, (_, seed) => picking(seed))];

/** Runs the steps up to every one of their calls, and each time looks at what a kill and losses of power leave. */
async function stopEverywhere(steps: readonly Step[]): Promise<number> {
  let cases = 0;
  for (const when of ['before', 'half', 'after'] as const) {
    for (let call = 0; ; call++) {
      const memory = new MemoryFiles();
      const files = new FaultyFiles(memory);
      const keeper = new Keeper(files);
      files.stopAt(call, when);
      const hasStopped = await keeper
        .run(steps, ({ fail, bytes }) => files.inject({ on: fail, code: 'EIO', bytes }))
        .then(
          () => false,
          (error: unknown) => {
            expect(error).toBeInstanceOf(Stopped);
            return true;
          },
        );
      for (const pick of picks) {
        cases++;
        await judge(memory.afterPowerCut(pick), keeper);
      }
      // Last, as it writes to this memory itself: a kill leaves everything that was written.
      await judge(memory, keeper);
      if (!hasStopped) break;
    }
  }
  return cases;
}

describe('a loss of power or a kill at any moment leaves all that was acknowledged, once', () => {
  const appends: Step[] = [
    { restart: 1, frames: 1 },
    { append: 1, length: 30 },
    { append: 2, length: 100 },
    { append: 3, length: 5 },
  ];

  test('of appends and a restart', async () => {
    const steps: Step[] = [...appends, { restart: 2, frames: 2 }, { append: 4, length: 60 }];
    expect(await stopEverywhere(steps)).toBeGreaterThan(500);
  });

  test.each([
    ['a sync that fails', { fail: 'sync', bytes: 0 }],
    ['a disk that is full', { fail: 'write', bytes: 0 }],
    ['a write that breaks off', { fail: 'write', bytes: 37 }],
    ['a write that is said to have failed', { fail: 'write', bytes: Infinity }],
  ] as const)('of an append after %s', async (_, fault) => {
    await stopEverywhere([...appends, fault, { append: 4, length: 80 }, { append: 5, length: 50 }]);
  });

  test.each(['open', 'truncate', 'write', 'sync', 'close', 'rename', 'syncFolder'] as const)(
    'of a restart of which the %s fails',
    async (fail) => {
      const steps: Step[] = [
        { fail, bytes: 20 },
        { restart: 2, frames: 2 },
        { append: 4, length: 60 },
      ];
      await stopEverywhere([...appends, ...steps]);
    },
  );

  test('of whatever is done, whatever fails', async () => {
    const step = fc.oneof(
      fc.record({ append: fc.constant(0), length: fc.integer({ min: 10, max: 120 }) }),
      fc.record({ restart: fc.constant(0), frames: fc.nat(3) }),
      fc.record({
        fail: fc.constantFrom<Operation>(
          'open',
          'truncate',
          'write',
          'sync',
          'close',
          'rename',
          'remove',
          'syncFolder',
        ),
        bytes: fc.constantFrom(0, 1, 20, 60, -1),
      }),
    );
    const run = fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 25 }),
      fc.nat(80),
      fc.constantFrom('before', 'half', 'after'),
      fc.array(fc.nat(1_000_000), { minLength: 3, maxLength: 3 }),
      async (drawn, call, when, seeds) => {
        const numbered = drawn.map((one, n): Step => {
          if ('append' in one) return { ...one, append: n };
          return 'restart' in one ? { ...one, restart: n + 2 } : one;
        });
        const memory = new MemoryFiles();
        const files = new FaultyFiles(memory);
        const keeper = new Keeper(files);
        files.stopAt(call, when);
        await keeper
          .run([{ restart: 1, frames: 0 }, ...numbered], ({ fail, bytes }) =>
            files.inject({ on: fail, code: 'EIO', bytes }),
          )
          .catch((error: unknown) => expect(error).toBeInstanceOf(Stopped));
        for (const pick of [leastKept, mostKept, ...seeds.map(picking)])
          await judge(memory.afterPowerCut(pick), keeper);
        await judge(memory, keeper);
      },
    );
    await fc.assert(run, { numRuns: 500 });
  });
});
