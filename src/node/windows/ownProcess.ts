import { whyNoNative, windowsFunction } from './native.js';
import { once } from './once.js';

const thisProcess = -1;
const countersBytes = 48;
const writtenAt = 32;
const twoTo32 = 0x1_0000_0000;

const kernel = once(() => ({
  getProcessIoCounters: windowsFunction<(process: number, into: Buffer) => number>(
    'kernel32.dll',
    'int GetProcessIoCounters(intptr_t, void*)',
  ),
}));

const counters = Buffer.alloc(countersBytes);

/** What this process has written so far: to files, pipes and its console. 0 where Windows does not tell. */
export function ownWrittenBytes(): number {
  if (whyNoNative() !== undefined || kernel().getProcessIoCounters(thisProcess, counters) === 0) return 0;
  return counters.readUInt32LE(writtenAt) + counters.readUInt32LE(writtenAt + 4) * twoTo32;
}
