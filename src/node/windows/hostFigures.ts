import { windowsFunction } from './native.js';
import { once } from './once.js';

/** Since the system began; all processors together, in units of 100 ns. */
export interface ProcessorTimes {
  readonly idle: number;
  readonly all: number;
}

export interface PhysicalMemory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

const twoTo32 = 0x1_0000_0000;
const memoryStatusBytes = 64;

const kernel = once(() => ({
  getSystemTimes: windowsFunction<(idle: Buffer, kernel: Buffer, user: Buffer) => number>(
    'kernel32.dll',
    'int GetSystemTimes(void*, void*, void*)',
  ),
  globalMemoryStatusEx: windowsFunction<(into: Buffer) => number>('kernel32.dll', 'int GlobalMemoryStatusEx(void*)'),
}));

const idle = Buffer.alloc(8);
const inKernel = Buffer.alloc(8);
const inUser = Buffer.alloc(8);
const memory = Buffer.alloc(memoryStatusBytes);

/** Undefined where it is not told. */
export function processorTimes(): ProcessorTimes | undefined {
  if (kernel().getSystemTimes(idle, inKernel, inUser) === 0) return undefined;
  // Being idle is time in the kernel.
  return { idle: longAt(idle, 0), all: longAt(inKernel, 0) + longAt(inUser, 0) };
}

/** Undefined where it is not told. */
export function physicalMemory(): PhysicalMemory | undefined {
  memory.writeUInt32LE(memoryStatusBytes, 0);
  if (kernel().globalMemoryStatusEx(memory) === 0) return undefined;
  return { totalBytes: longAt(memory, 8), availableBytes: longAt(memory, 16) };
}

function longAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * twoTo32;
}
