import { once } from './once.js';
import { windowsFunction } from './native.js';

/** How long this process's reads and writes wait behind those of others: IO_PRIORITY_HINT. Children inherit it. */
export const ioPriority = { veryLow: 0, low: 1, normal: 2 } as const;

/** PROCESSINFOCLASS: ProcessIoPriority. */
const ioPriorityClass = 33;
/** The pseudo handle of whoever asks. */
const self = -1;

type Call = (process: number, what: number, value: Buffer, bytes: number, _5: null, _6: number) => number;

const ntdll = once(() => ({
  // The last arguments are not the system's: Wine reads at least six.
  set: windowsFunction<Call>(
    'ntdll.dll',
    'uint32_t NtSetInformationProcess(intptr_t, int, void*, uint32_t, void*, int64_t)',
  ),
  query: windowsFunction<Call>(
    'ntdll.dll',
    'uint32_t NtQueryInformationProcess(intptr_t, int, void*, uint32_t, void*, int64_t)',
  ),
}));

/** Answers the NTSTATUS: 0 when done. Needs no privilege up to normal. */
export function setOwnIoPriority(level: number): number {
  const value = Buffer.alloc(4);
  value.writeUInt32LE(level);
  return ntdll().set(self, ioPriorityClass, value, value.length, null, 0);
}

/** 0..4; null where it is not told, as in Wine. */
export function ownIoPriority(): number | null {
  const value = Buffer.alloc(4);
  return ntdll().query(self, ioPriorityClass, value, value.length, null, 0) === 0 ? value.readUInt32LE(0) : null;
}
