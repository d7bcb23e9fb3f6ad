import type { RawTable } from '../../../../../../src/node/windows/processTable.js';

/** One process of a made-up reading, with the places of SYSTEM_PROCESS_INFORMATION and its threads as 64-bit Windows has them. */
export interface MadeProcess {
  readonly pid: number;
  readonly parent?: number;
  /** A FILETIME as a number. */
  readonly created?: number;
  readonly name?: string | null;
  /** In milliseconds. */
  readonly user?: number;
  readonly kernel?: number;
  readonly workingSet?: number;
  readonly commit?: number;
  readonly private?: number;
  readonly read?: number;
  readonly written?: number;
  readonly handles?: number;
  /** State and reason of waiting of each. */
  readonly threads?: readonly (readonly [state: number, reason: number])[];
  /** Of the threads: number, when it began (a FILETIME), milliseconds of the kernel and of itself. */
  readonly threadTimes?: readonly (readonly [id: number, created: number, kernel: number, user: number])[];
}

const headBytes = 256;
const threadBytes = 80;
/** Above 4 GiB, as everything in a 64-bit process may lie. */
export const madeBase = 0x7ff6_1234_5000;
/** Waiting for something of its own: WrQueue. */
const alive = [[5, 15]] as const;

/** startTime of a made process, as the product tells it. */
export function madeStartTime(created: number): string {
  return created.toString(16).padStart(16, '0');
}

function bytesOf(made: MadeProcess, at: number, isLast: boolean, base: number): Buffer {
  const { pid, threads = alive } = made;
  const name = Buffer.from(made.name === undefined ? `p${pid}.exe` : (made.name ?? ''), 'utf16le');
  const nameAt = headBytes + threads.length * threadBytes;
  const bytes = Buffer.alloc(Math.ceil((nameAt + name.length + 2) / 8) * 8);
  const long = (value: number, to: number): void => void bytes.writeBigUInt64LE(BigInt(value), to);
  bytes.writeUInt32LE(isLast ? 0 : bytes.length, 0);
  bytes.writeUInt32LE(threads.length, 4);
  long(made.created ?? 1_000_000 + pid, 32);
  long((made.user ?? 0) * 10_000, 40);
  long((made.kernel ?? 0) * 10_000, 48);
  if (name.length > 0) {
    bytes.writeUInt16LE(name.length, 56);
    bytes.writeUInt16LE(name.length + 2, 58);
    long(base + at + nameAt, 64);
    name.copy(bytes, nameAt);
  }
  long(pid, 80);
  long(made.parent ?? 0, 88);
  bytes.writeUInt32LE(made.handles ?? 0, 96);
  long(made.workingSet ?? 0, 144);
  long(made.commit ?? 0, 184);
  long(made.private ?? 0, 200);
  long(made.read ?? 0, 232);
  long(made.written ?? 0, 240);
  threads.forEach(([state, reason], n) => {
    bytes.writeUInt32LE(state, headBytes + n * threadBytes + 68);
    bytes.writeUInt32LE(reason, headBytes + n * threadBytes + 72);
  });
  made.threadTimes?.forEach(([id, created, kernel, user], n) => {
    const from = headBytes + n * threadBytes;
    long(kernel * 10_000, from);
    long(user * 10_000, from + 8);
    long(created, from + 16);
    long(pid, from + 40);
    long(id, from + 48);
  });
  return bytes;
}

/** A reading of these processes, in a buffer that has room for more. */
export function madeTable(processes: readonly MadeProcess[], base = madeBase): RawTable {
  const parts: Buffer[] = [];
  let length = 0;
  processes.forEach((made, n) => {
    const bytes = bytesOf(made, length, n === processes.length - 1, base);
    parts.push(bytes);
    length += bytes.length;
  });
  return { buffer: Buffer.concat([...parts, Buffer.alloc(4096, 0xee)]), length, base };
}
