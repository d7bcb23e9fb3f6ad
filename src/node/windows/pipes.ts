import { once } from './once.js';
import { windowsFunction } from './native.js';
import { handleAt } from './handles.js';
import { lastError, type Handle } from './processes.js';

const pipeType = 3;
/** PIPE_READMODE_BYTE | PIPE_NOWAIT. */
const byteNoWait = 1;
const gone = new Set([109, 232, 233]);

const kernel = once(() => ({
  create: windowsFunction<(read: Buffer, write: Buffer, security: null, bytes: number) => number>(
    'kernel32.dll',
    'int CreatePipe(void*, void*, void*, uint32_t)',
  ),
  setState: windowsFunction<(handle: Handle, mode: Buffer, _1: null, _2: null) => number>(
    'kernel32.dll',
    'int SetNamedPipeHandleState(intptr_t, void*, void*, void*)',
  ),
  write: windowsFunction<(handle: Handle, bytes: Buffer, length: number, written: Buffer, _: null) => number>(
    'kernel32.dll',
    'int WriteFile(intptr_t, void*, uint32_t, void*, void*)',
  ),
  fileType: windowsFunction<(handle: Handle) => number>('kernel32.dll', 'uint32_t GetFileType(intptr_t)'),
}));

/** A pipe of that size; neither end is inherited. Undefined where the system has none left. */
export function makePipe(bytes: number): { read: Handle; write: Handle } | undefined {
  const ends = Buffer.alloc(16);
  if (kernel().create(ends.subarray(0, 8), ends.subarray(8), null, bytes) === 0) return undefined;
  return { read: handleAt(ends, 0), write: handleAt(ends, 8) };
}

export function isPipe(handle: Handle): boolean {
  return kernel().fileType(handle) === pipeType;
}

/** From here on whoever writes at this end, by whichever handle, does not wait for room. The other end is as before. */
export function neverWait(write: Handle): boolean {
  const mode = Buffer.alloc(4);
  mode.writeUInt32LE(byteNoWait);
  return kernel().setState(write, mode, null, null) !== 0;
}

/**
 * How many bytes went in at an end that never waits: all, or none where there is no room; Windows does not rule out a part.
 * Undefined where nobody reads there, else a negative system error code.
 */
export function writePipe(write: Handle, bytes: Buffer): number | undefined {
  const written = Buffer.alloc(4);
  if (kernel().write(write, bytes, bytes.length, written, null) !== 0) return written.readUInt32LE(0);
  const code = lastError();
  return gone.has(code) ? undefined : -code;
}
