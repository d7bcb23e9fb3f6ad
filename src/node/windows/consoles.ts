import { once } from './once.js';
import { windowsFunction } from './native.js';
import { access, closeHandle, openProcess, type Handle } from './processes.js';

const ctrlC = 0;
/** PEB and RTL_USER_PROCESS_PARAMETERS, where a pointer is eight bytes long. */
const at = { peb: 8, parameters: 0x20, group: 0x408 } as const;
const basicInformation = 0;
const basicInformationBytes = 48;

const kernel = once(() => ({
  free: windowsFunction<() => number>('kernel32.dll', 'int FreeConsole()'),
  attach: windowsFunction<(pid: number) => number>('kernel32.dll', 'int AttachConsole(uint32_t)'),
  setHandler: windowsFunction<(handler: null, add: number) => number>(
    'kernel32.dll',
    'int SetConsoleCtrlHandler(void*, int)',
  ),
  generate: windowsFunction<(event: number, group: number) => number>(
    'kernel32.dll',
    'int GenerateConsoleCtrlEvent(uint32_t, uint32_t)',
  ),
  readMemory: windowsFunction<(process: Handle, from: number, into: Buffer, bytes: number, read: null) => number>(
    'kernel32.dll',
    'int ReadProcessMemory(intptr_t, intptr_t, void*, size_t, void*)',
  ),
  queryProcess: windowsFunction<
    (process: Handle, what: number, into: Buffer, bytes: number, used: null, _6: number) => number
  >('ntdll.dll', 'int32_t NtQueryInformationProcess(intptr_t, int, void*, uint32_t, void*, int64_t)'),
}));

/** Leaves the console of this process, and joins that of another. False where that one is gone or has none. */
export function joinConsole(pid: number): boolean {
  kernel().free();
  return kernel().attach(pid) !== 0;
}

export function leaveConsole(): void {
  kernel().free();
}

/** Whether Ctrl+C reaches this process, and those that it starts from then on: that is passed on to them. */
export function hearCtrlC(hears: boolean): void {
  kernel().setHandler(null, hears ? 0 : 1);
}

/** Ctrl+C for everybody in the console of this process; group 0. In Wine, for that process group alone. */
export function sendCtrlC(group: number): boolean {
  return kernel().generate(ctrlC, group) !== 0;
}

/** The process group of a process, which only Wine has to be told. 0 where it cannot be read. */
export function processGroup(pid: number): number {
  const process = openProcess(pid, access.query | access.readMemory);
  if (process === 0) return 0;
  try {
    const basic = Buffer.alloc(basicInformationBytes);
    if (kernel().queryProcess(process, basicInformation, basic, basic.length, null, 0) < 0) return 0;
    const parameters = readPointer(process, pointerAt(basic, at.peb) + at.parameters);
    const group = Buffer.alloc(4);
    if (parameters === 0 || kernel().readMemory(process, parameters + at.group, group, group.length, null) === 0) {
      return 0;
    }
    return group.readUInt32LE(0);
  } finally {
    closeHandle(process);
  }
}

function readPointer(process: Handle, from: number): number {
  const bytes = Buffer.alloc(8);
  return kernel().readMemory(process, from, bytes, bytes.length, null) === 0 ? 0 : pointerAt(bytes, 0);
}

/** Addresses of processes have 47 bits. */
function pointerAt(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset) + buffer.readUInt32LE(offset + 4) * 2 ** 32;
}
