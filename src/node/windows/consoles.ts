import { once } from './once.js';
import { windowsFunction } from './native.js';
import { access, closeHandle, openProcess, type Handle } from './processes.js';

const ctrlC = 0;
/** PROCESS_BASIC_INFORMATION, where a pointer is eight bytes long. */
const basicInformation = { number: 0, bytes: 48, parent: 40 } as const;
const mostGenerations = 16;

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

/** Ctrl+C for everybody in the console of this process: group 0. Another is that process group alone. */
export function sendCtrlC(group: number): boolean {
  return kernel().generate(ctrlC, group) !== 0;
}

/**
 * A process and those that it comes from, of which one leads its process group. Only Wine has to be told that, and does not
 * tell it by itself.
 */
export function possibleGroups(pid: number): number[] {
  const groups: number[] = [];
  for (let next = pid; next !== 0 && !groups.includes(next) && groups.length < mostGenerations; next = parentOf(next)) {
    groups.push(next);
  }
  return groups;
}

/** 0 where it is not known; its pid may be somebody else's by now. */
function parentOf(pid: number): number {
  const process = openProcess(pid, access.queryLimited);
  if (process === 0) return 0;
  const basic = Buffer.alloc(basicInformation.bytes);
  const status = kernel().queryProcess(process, basicInformation.number, basic, basic.length, null, 0);
  closeHandle(process);
  return status < 0 ? 0 : basic.readUInt32LE(basicInformation.parent);
}
