import type { StoreFile, StoreFiles } from '../../../../../src/core/store/files.js';
import { fileError } from './memoryFiles.js';

export type Operation =
  'read' | 'open' | 'write' | 'sync' | 'truncate' | 'close' | 'rename' | 'copy' | 'remove' | 'syncFolder';

/** One call, in the order they came. `name`: of the file, of a rename or copy the one it goes to, of the folder ''. */
export interface Call {
  readonly operation: Operation;
  readonly name: string;
}

export interface Fault {
  readonly on: Operation | readonly Operation[];
  /** Only for files whose whole name this is or matches. */
  readonly name?: string | RegExp;
  /** So many such calls go well first. */
  readonly after?: number;
  /** So many fail then; 1 unless given, Infinity for all. */
  readonly times?: number;
  /** What the file system says: ENOSPC, EIO, EPERM. */
  readonly code: string;
  /**
   * Of a write, how much gets into the file before it fails (0 unless given): a torn frame. Below 0: all but so many. Other
   * operations fail without having done anything; a failed sync has lost what it should have brought to the disk, where
   * the files below can tell (MemoryFiles).
   */
  readonly bytes?: number;
}

/** With this every call rejects after the program was stopped; in truth it would never have gone on. */
export class Stopped extends Error {}

/**
 * Files that fail when they are told to, and can stop in the middle as a killed program does.
 *
 *     const memory = new MemoryFiles();          // or new DiskFiles(folder)
 *     const files = new FaultyFiles(memory);
 *     files.inject({ on: 'sync', code: 'EIO' });  // the next sync fails
 *     files.stopAt(7, 'half');                    // the eighth call from now on is the last, and half done
 *
 * After a stop the files below are as a kill leaves them; `memory.afterPowerCut(pick)` is as a loss of power does.
 */
export class FaultyFiles implements StoreFiles {
  /** All calls so far, those that failed too. */
  readonly calls: Call[] = [];
  /** Those that a fault made fail. */
  readonly failed: Call[] = [];
  private faults: (Fault & { passed: number; failed: number })[] = [];
  private stop: { at: number; when: 'before' | 'half' | 'after' } | undefined;
  private isStopped = false;

  constructor(private readonly inner: StoreFiles) {}

  /** Calls fail from now on as it says; what is answered takes it back. Of several that apply the first counts. */
  inject(fault: Fault): () => void {
    const injected = { ...fault, passed: 0, failed: 0 };
    this.faults.push(injected);
    return () => (this.faults = this.faults.filter((one) => one !== injected));
  }

  /**
   * Stops everything at a call, counted from 0 beginning with the next one: before it has done anything, when it has done
   * all but not answered, or (a write) with half of its bytes in the file.
   */
  stopAt(call: number, when: 'before' | 'half' | 'after'): void {
    this.stop = { at: this.calls.length + call, when };
  }

  /** An answer got after the stop was given to nobody: code that takes an error lightly goes on to the end here. */
  get hasStopped(): boolean {
    return this.isStopped;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.call('read', name, () => this.inner.read(name));
  }

  async open(name: string, how: 'create' | 'existing'): Promise<StoreFile> {
    let opened: StoreFile | undefined;
    try {
      await this.call('open', name, async () => (opened = await this.inner.open(name, how)));
    } catch (error) {
      // Stopped before anybody had it: the system closes what a killed program had open.
      await opened?.close();
      throw error;
    }
    return new FaultyFile(opened!, (operation, act, half, failed) => this.call(operation, name, act, half, failed));
  }

  rename(from: string, to: string): Promise<void> {
    return this.call('rename', to, () => this.inner.rename(from, to));
  }

  copy(from: string, to: string): Promise<void> {
    return this.call('copy', to, () => this.inner.copy(from, to));
  }

  remove(name: string): Promise<void> {
    return this.call('remove', name, () => this.inner.remove(name));
  }

  syncFolder(): Promise<void> {
    return this.call('syncFolder', '', () => this.inner.syncFolder());
  }

  private readonly call: Perform = async (operation, name, act, part, failed) => {
    if (this.isStopped) {
      if (operation === 'close') await failed?.();
      throw new Stopped();
    }
    const when = this.stop?.at === this.calls.length ? this.stop.when : undefined;
    this.calls.push({ operation, name });
    this.isStopped = when !== undefined;
    if (when === 'half') await part?.(0.5);
    if (when === 'before' || when === 'half') {
      if (operation === 'close') await failed?.();
      throw new Stopped();
    }
    const fault = this.faultFor(operation, name);
    if (fault) {
      this.failed.push({ operation, name });
      await (part ? part(fault.bytes ?? 0) : failed?.());
      throw fileError(fault.code, `${operation} ${name}`);
    }
    const answer = await act();
    if (when === 'after') throw new Stopped();
    return answer;
  };

  private faultFor(operation: Operation, name: string): Fault | undefined {
    return this.faults.find((fault) => {
      if (fault.failed >= (fault.times ?? 1) || !applies(fault, operation, name)) return false;
      if (fault.passed < (fault.after ?? 0)) {
        fault.passed++;
        return false;
      }
      fault.failed++;
      return true;
    });
  }
}

function applies({ on, name }: Fault, operation: Operation, file: string): boolean {
  if (![on].flat().includes(operation)) return false;
  return name === undefined || (typeof name === 'string' ? name === file : name.test(file));
}

/** Does a call, unless it is to fail. `part` does so many bytes of it (a half for 0.5), `failed` what a failure leaves. */
type Perform = <Answer>(
  operation: Operation,
  name: string,
  act: () => Promise<Answer>,
  part?: (bytes: number) => Promise<void>,
  failed?: () => Promise<void> | undefined,
) => Promise<Answer>;

type PerformOnFile = (
  operation: Operation,
  act: () => Promise<void>,
  part?: (bytes: number) => Promise<void>,
  failed?: () => Promise<void> | undefined,
) => Promise<void>;

class FaultyFile implements StoreFile {
  constructor(
    private readonly inner: StoreFile & { forgetUnsynced?: () => void },
    private readonly call: PerformOnFile,
  ) {}

  write(bytes: Uint8Array, position: number): Promise<void> {
    const part = (count: number): Promise<void> => {
      const whole = count < 0 ? bytes.length + count : count < 1 ? Math.floor(bytes.length * count) : count;
      return this.inner.write(bytes.subarray(0, Math.max(0, whole)), position);
    };
    return this.call('write', () => this.inner.write(bytes, position), part);
  }

  sync(): Promise<void> {
    return this.call(
      'sync',
      () => this.inner.sync(),
      undefined,
      async () => this.inner.forgetUnsynced?.(),
    );
  }

  truncate(length: number): Promise<void> {
    return this.call('truncate', () => this.inner.truncate(length));
  }

  /** One that is said to fail closes all the same, as it does in truth. */
  close(): Promise<void> {
    return this.call(
      'close',
      () => this.inner.close(),
      undefined,
      () => this.inner.close(),
    );
  }
}
