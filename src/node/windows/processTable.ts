import { native, windowsFunction } from './native.js';
import { once } from './once.js';

/** What the kernel tells of all processes in one piece. It is overwritten by the next reading. */
export interface RawTable {
  readonly buffer: Buffer;
  /** Bytes of it that count. */
  readonly length: number;
  /** Where the buffer lies in memory: names are pointed at from within. */
  readonly base: number;
}

/** Fills the buffer as SystemProcessInformation; answers an NTSTATUS, and into `needed` a length of 4 bytes. */
export type TableQuery = (into: Buffer, needed: Buffer) => number;

const processInformation = 5;
const lengthMismatch = 0xc000_0004 | 0;
const firstBytes = 256 * 1024;
/** Processes start between two calls; each needs about a kilobyte for every 12 threads. */
const spareBytes = 64 * 1024;
const tries = 8;

const kernel = once(() => ({
  // More arguments than it has, for Wine: it looks at six.
  query: windowsFunction<(what: number, into: Buffer, bytes: number, needed: Buffer, _5: number, _6: number) => number>(
    'ntdll.dll',
    'int32_t NtQuerySystemInformation(uint32_t, void*, uint32_t, void*, int64_t, int64_t)',
  ),
}));

/** Keeps one buffer for all readings. */
export class ProcessTableReader {
  private buffer = Buffer.alloc(0);
  private base = 0;
  private readonly needed = Buffer.alloc(4);

  constructor(
    private readonly query: TableQuery = askKernel,
    private readonly addressOf: (buffer: Buffer) => number = (buffer) => Number(native().address(buffer)),
  ) {}

  /** Undefined where the kernel does not tell. */
  read(): RawTable | undefined {
    if (this.buffer.length === 0) this.grow(firstBytes);
    for (let n = 0; n < tries; n++) {
      this.needed.writeUInt32LE(0, 0);
      const status = this.query(this.buffer, this.needed);
      const told = this.needed.readUInt32LE(0);
      if (status === 0) {
        const length = told === 0 ? this.buffer.length : Math.min(told, this.buffer.length);
        return { buffer: this.buffer, length, base: this.base };
      }
      if (status !== lengthMismatch) return undefined;
      this.grow(Math.max(told, this.buffer.length) + spareBytes);
    }
    return undefined;
  }

  private grow(bytes: number): void {
    this.buffer = Buffer.alloc(bytes);
    this.base = this.addressOf(this.buffer);
  }
}

function askKernel(into: Buffer, needed: Buffer): number {
  return kernel().query(processInformation, into, into.length, needed, 0, 0);
}
