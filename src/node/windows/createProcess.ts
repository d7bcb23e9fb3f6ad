import { handleAt, handleList } from './handles.js';
import { native, windowsFunction } from './native.js';
import { once } from './once.js';
import { lastError, type Handle } from './processes.js';

/** STARTUPINFOEXW and PROCESS_INFORMATION, where a pointer is eight bytes long. */
const startup = { bytes: 112, flags: 60, input: 80, output: 88, error: 96, attributes: 104 } as const;
const information = { bytes: 24, process: 0, thread: 8, pid: 16 } as const;
const useHandles = 0x100;
const handleListAttribute = 0x0002_0002;

const flag = {
  suspended: 0x0000_0004,
  unicodeEnvironment: 0x0000_0400,
  extendedStartup: 0x0008_0000,
  noWindow: 0x0800_0000,
  breakaway: 0x0100_0000,
} as const;

/** Priority classes, as CreateProcessW and SetPriorityClass take them. */
export const priorityClass = { normal: 0x0020, aboveNormal: 0x8000 } as const;

const kernel = once(() => ({
  create: windowsFunction<
    (...args: [string, Buffer, null, null, number, number, Buffer, string, Buffer, Buffer]) => number
  >('kernel32.dll', 'int CreateProcessW(str16, void*, void*, void*, int, uint32_t, void*, str16, void*, void*)'),
  beginAttributes: windowsFunction<(list: Buffer | null, count: number, flags: number, bytes: Buffer) => number>(
    'kernel32.dll',
    'int InitializeProcThreadAttributeList(void*, uint32_t, uint32_t, void*)',
  ),
  setAttribute: windowsFunction<
    (list: Buffer, flags: number, what: number, value: Buffer, bytes: number, _: null, _2: null) => number
  >('kernel32.dll', 'int UpdateProcThreadAttribute(void*, uint32_t, uintptr_t, void*, size_t, void*, void*)'),
  endAttributes: windowsFunction<(list: Buffer) => void>('kernel32.dll', 'void DeleteProcThreadAttributeList(void*)'),
  resume: windowsFunction<(thread: Handle) => number>('kernel32.dll', 'uint32_t ResumeThread(intptr_t)'),
  setPriority: windowsFunction<(process: Handle, priority: number) => number>(
    'kernel32.dll',
    'int SetPriorityClass(intptr_t, uint32_t)',
  ),
  terminate: windowsFunction<(process: Handle, code: number) => number>(
    'kernel32.dll',
    'int TerminateProcess(intptr_t, uint32_t)',
  ),
}));

export interface NewProcess {
  /** The program's file; what Windows would look for by itself is never asked. */
  readonly application: string;
  readonly commandLine: string;
  readonly cwd: string;
  /** Texts of `name=value`, each and all ended by a NUL, UTF-16. */
  readonly environment: Buffer;
  readonly priority: number;
  /** Outside the job that we are in ourselves. */
  readonly breaksAway: boolean;
  readonly input: Handle;
  /** For stdout and stderr. */
  readonly output: Handle;
  /** What it gets beside these; every one is marked as inherited. */
  readonly alsoInherited: readonly Handle[];
}

export interface CreatedProcess {
  readonly process: Handle;
  readonly thread: Handle;
  readonly pid: number;
}

/** Whose addresses Windows has: not to be collected. */
const inUse = new Set<Buffer>();

/** Makes a process that does nothing yet, with a console of its own that nobody sees. A system error code where it fails. */
export function createSuspended(wanted: NewProcess): CreatedProcess | number {
  const inherited = handleList([...new Set([wanted.input, wanted.output, ...wanted.alsoInherited])]);
  const attributes = attributesFor(inherited);
  if (typeof attributes === 'number') return attributes;
  inUse.add(inherited).add(attributes);
  try {
    const into = Buffer.alloc(information.bytes);
    const { create } = kernel();
    const isMade = create(
      wanted.application,
      Buffer.from(`${wanted.commandLine}\0`, 'utf16le'),
      null,
      null,
      1,
      flagsFor(wanted),
      wanted.environment,
      wanted.cwd,
      startupFor(wanted, attributes),
      into,
    );
    if (isMade === 0) return lastError();
    const [process, thread] = [handleAt(into, information.process), handleAt(into, information.thread)];
    return { process, thread, pid: into.readUInt32LE(information.pid) };
  } finally {
    kernel().endAttributes(attributes);
    inUse.clear();
  }
}

function flagsFor({ priority, breaksAway }: NewProcess): number {
  const always = flag.suspended | flag.unicodeEnvironment | flag.extendedStartup | flag.noWindow;
  return always | priority | (breaksAway ? flag.breakaway : 0);
}

/** Only these handles are inherited, whatever else is marked so. The list keeps the address of `inherited`. */
function attributesFor(inherited: Buffer): Buffer | number {
  const bytes = Buffer.alloc(8);
  // It fails, and says how much room it takes.
  kernel().beginAttributes(null, 1, 0, bytes);
  const list = Buffer.alloc(bytes.readUInt32LE(0));
  if (kernel().beginAttributes(list, 1, 0, bytes) === 0) return lastError();
  if (kernel().setAttribute(list, 0, handleListAttribute, inherited, inherited.length, null, null) !== 0) return list;
  const code = lastError();
  kernel().endAttributes(list);
  return code;
}

function startupFor({ input, output }: NewProcess, attributes: Buffer): Buffer {
  const info = Buffer.alloc(startup.bytes);
  info.writeUInt32LE(startup.bytes, 0);
  info.writeUInt32LE(useHandles, startup.flags);
  info.writeInt32LE(input, startup.input);
  info.writeInt32LE(output, startup.output);
  info.writeInt32LE(output, startup.error);
  info.writeBigUInt64LE(native().address(attributes), startup.attributes);
  return info;
}

export function resumeThread(thread: Handle): void {
  kernel().resume(thread);
}

export function setPriorityClass(process: Handle, priority: number): void {
  kernel().setPriority(process, priority);
}

/** For what never ran: ends it at once. */
export function discardProcess(process: Handle): void {
  kernel().terminate(process, 1);
}
