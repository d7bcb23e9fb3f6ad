// A program that keeps a history and is killed while it does; test/core/storeCrash.test.ts bundles and starts it.
// Arguments: folder, folder of SQLite's files, a Plan as JSON. Says what happens as one JSON per line (Said).
import fs from 'node:fs';
import { DiskFiles, type StoreFile, type StoreFiles } from '../../../src/core/store/files.js';
import { numbered, type Found } from '../../unit/core/store/support/numbered.js';

export interface Plan {
  /** The number of the first sample, which is its value and its second. */
  readonly first: number;
  readonly batches: number;
  /** Ends at so many calls of the file system from the start: before it, in the middle of what it writes, or after it. */
  readonly end?: { readonly call: number; readonly when: 'before' | 'half' | 'after' };
}

export type Said =
  | { readonly found: Found & { readonly findings: string[] } }
  /** All numbers below are about to be added, and are on the disk, respectively. */
  | { readonly adding: number }
  | { readonly acknowledged: number }
  | { readonly call: string }
  | { readonly closed: true };

const say = (said: Said): void => void fs.writeSync(1, `${JSON.stringify(said)}\n`);

/** Says every call, and ends this program at one of them. */
class Announced implements StoreFiles {
  private calls = 0;

  constructor(
    private readonly inner: StoreFiles,
    private readonly end: Plan['end'],
  ) {}

  read = (name: string): Promise<Uint8Array | undefined> => this.call(`read ${name}`, () => this.inner.read(name));
  rename = (from: string, to: string): Promise<void> => this.call(`rename ${to}`, () => this.inner.rename(from, to));
  copy = (from: string, to: string): Promise<void> => this.call(`copy ${to}`, () => this.inner.copy(from, to));
  remove = (name: string): Promise<void> => this.call(`remove ${name}`, () => this.inner.remove(name));
  syncFolder = (): Promise<void> => this.call('syncFolder', () => this.inner.syncFolder());

  async open(name: string, how: 'create' | 'existing'): Promise<StoreFile> {
    const file = await this.call(`open ${name}`, () => this.inner.open(name, how));
    return {
      write: (bytes, at) =>
        this.call(
          `write ${name}`,
          () => file.write(bytes, at),
          () => file.write(bytes.subarray(0, bytes.length >> 1), at),
        ),
      sync: () => this.call(`sync ${name}`, () => file.sync()),
      truncate: (length) => this.call(`truncate ${name}`, () => file.truncate(length)),
      close: () => this.call(`close ${name}`, () => file.close()),
    };
  }

  private async call<T>(what: string, act: () => Promise<T>, half?: () => Promise<void>): Promise<T> {
    const when = this.calls++ === this.end?.call ? this.end.when : undefined;
    say({ call: what });
    if (when === 'half') await half?.();
    if (when === 'before' || when === 'half') process.kill(process.pid, 'SIGKILL');
    const answer = await act();
    if (when === 'after') process.kill(process.pid, 'SIGKILL');
    return answer;
  }
}

async function live(folder: string, engineFolder: string, { first, batches, end }: Plan): Promise<void> {
  const files = new Announced(new DiskFiles(folder), end);
  const { store, findings, troubles, add, contents } = numbered(files, engineFolder);
  await store.open();
  const told = [
    ...findings.map((finding) => JSON.stringify(finding)),
    ...troubles.filter((trouble) => trouble !== null),
  ];
  say({ found: { ...contents(), findings: told } });
  let next = first;
  for (let batch = 0; batch < batches; batch++) {
    const to = next + 1 + ((first + batch) % 3);
    say({ adding: to });
    // A name that was never there before, in the middle of a journal.
    if (batch === 3) add(next, to, `other-${String(first)}`);
    add(next, to);
    next = to;
    if (batch % 5 === 2) void store.snapshot();
    if (await store.flush()) say({ acknowledged: to });
    if (batch % 5 === 4) await store.snapshot();
  }
  await store.close();
  say({ closed: true });
}

const [folder = '', engineFolder = '', plan = '{}'] = process.argv.slice(2);
void live(folder, engineFolder, JSON.parse(plan) as Plan);
