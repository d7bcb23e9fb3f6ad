import { once } from './once.js';
import { windowsFunction } from './native.js';

/** A kernel object, as this process knows it. 0 is none. */
export type Handle = number;

/** What a process is opened for. Windows: process security and access rights. */
export const access = {
  terminate: 0x0001,
  readMemory: 0x0010,
  duplicateHandle: 0x0040,
  query: 0x0400,
  queryLimited: 0x1000,
  synchronize: 0x0010_0000,
} as const;

const signalled = 0;
const fileTimeBytes = 8;

const kernel = once(() => ({
  openProcess: windowsFunction<(rights: number, inherits: number, pid: number) => Handle>(
    'kernel32.dll',
    'intptr_t OpenProcess(uint32_t, int, uint32_t)',
  ),
  closeHandle: windowsFunction<(handle: Handle) => number>('kernel32.dll', 'int CloseHandle(intptr_t)'),
  waitForSingleObject: windowsFunction<(handle: Handle, ms: number) => number>(
    'kernel32.dll',
    'uint32_t WaitForSingleObject(intptr_t, uint32_t)',
  ),
  getExitCodeProcess: windowsFunction<(handle: Handle, code: Buffer) => number>(
    'kernel32.dll',
    'int GetExitCodeProcess(intptr_t, void*)',
  ),
  getProcessTimes: windowsFunction<
    (handle: Handle, begun: Buffer, ended: Buffer, kernel: Buffer, user: Buffer) => number
  >('kernel32.dll', 'int GetProcessTimes(intptr_t, void*, void*, void*, void*)'),
  getLastError: windowsFunction<() => number>('kernel32.dll', 'uint32_t GetLastError()'),
}));

const times = Buffer.alloc(4 * fileTimeBytes);
const code = Buffer.alloc(4);

/** 0 where there is no such process, or it may not be opened for that. To be closed. */
export function openProcess(pid: number, rights: number): Handle {
  return kernel().openProcess(rights, 0, pid);
}

export function closeHandle(handle: Handle): void {
  if (handle !== 0) kernel().closeHandle(handle);
}

/** The reason of the last failure on this thread. Windows: system error codes. */
export function lastError(): number {
  return kernel().getLastError();
}

/** The time of its making as 16 hexadecimal digits, which tells it from a later process with the same pid. */
export function startTimeOf(handle: Handle): string | null {
  const part = (index: number): Buffer => times.subarray(index * fileTimeBytes, (index + 1) * fileTimeBytes);
  if (kernel().getProcessTimes(handle, part(0), part(1), part(2), part(3)) === 0) return null;
  return startTimeAt(times, 0);
}

/** A FILETIME in a buffer, as `startTimeOf` tells it. */
function startTimeAt(buffer: Buffer, offset: number): string {
  const half = (at: number): string => buffer.readUInt32LE(at).toString(16).padStart(8, '0');
  return half(offset + 4) + half(offset);
}

export function hasEnded(handle: Handle): boolean {
  return kernel().waitForSingleObject(handle, 0) === signalled;
}

/** Null while it runs. 0..2^32-1; a process that was ended by an exception has its code, as 0xC0000005. */
export function exitCodeOf(handle: Handle): number | null {
  if (!hasEnded(handle) || kernel().getExitCodeProcess(handle, code) === 0) return null;
  return code.readUInt32LE(0);
}

/** The start time of a living process; null where it is gone or may not be looked at. */
export function startTimeOfPid(pid: number): string | null {
  const handle = openProcess(pid, access.queryLimited | access.synchronize);
  if (handle === 0) return null;
  try {
    return hasEnded(handle) ? null : startTimeOf(handle);
  } finally {
    closeHandle(handle);
  }
}
