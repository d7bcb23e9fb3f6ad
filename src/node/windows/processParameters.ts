import { windowsFunction } from './native.js';
import { once } from './once.js';
import { access, closeHandle, openProcess, startTimeOf, type Handle } from './processes.js';

/** How a process was started. null: it may not be looked at. */
export interface ProcessParameters {
  readonly commandLine: string | null;
  /** The whole path of its program. */
  readonly image: string | null;
  readonly cwd: string | null;
}

const basicInformation = 0;
const commandLineInformation = 60;
const basicBytes = 48;
const twoTo32 = 0x1_0000_0000;
/** The longest that Windows allows for each of these texts, in bytes. */
const textBytes = 64 * 1024;

/** Places in the process's own block and in its parameters; the same on all 64-bit Windows. */
const pebOfBasic = 8;
const parametersOfPeb = 0x20;
const parameters = { cwd: 0x38, image: 0x60, commandLine: 0x70, bytes: 0x80 } as const;

const kernel = once(() => ({
  // More arguments than it has, for Wine: it looks at six.
  query: windowsFunction<
    (process: Handle, what: number, into: Buffer, bytes: number, used: null, _6: number) => number
  >('ntdll.dll', 'int32_t NtQueryInformationProcess(intptr_t, int, void*, uint32_t, void*, int64_t)'),
  read: windowsFunction<(process: Handle, from: number, into: Buffer, bytes: number, read: null) => number>(
    'kernel32.dll',
    'int ReadProcessMemory(intptr_t, int64_t, void*, uint64_t, void*)',
  ),
  imageName: windowsFunction<(process: Handle, how: number, into: Buffer, characters: Buffer) => number>(
    'kernel32.dll',
    'int QueryFullProcessImageNameW(intptr_t, uint32_t, void*, void*)',
  ),
}));

const unknown: ProcessParameters = { commandLine: null, image: null, cwd: null };
const text = once(() => Buffer.alloc(textBytes));

/**
 * How this process was started. It reads in the process's memory: only for asked-for searches. startTime: 16 hexadecimal
 * digits; another process that has the pid by now is not told of.
 */
export function processParameters(pid: number, startTime: string): ProcessParameters {
  const whole = opened(pid, startTime, access.query | access.readMemory, fromMemory);
  if (whole !== undefined) return whole;
  // Of a process with more rights than ours less may be asked.
  return opened(pid, startTime, access.queryLimited, asTold) ?? unknown;
}

function opened<T>(pid: number, startTime: string, rights: number, look: (handle: Handle) => T): T | undefined {
  const handle = openProcess(pid, rights);
  if (handle === 0) return undefined;
  try {
    return startTimeOf(handle) === startTime ? look(handle) : undefined;
  } finally {
    closeHandle(handle);
  }
}

/** Undefined where its memory cannot be read, or is not what it ought to be. */
function fromMemory(handle: Handle): ProcessParameters | undefined {
  const basic = Buffer.alloc(basicBytes);
  if (kernel().query(handle, basicInformation, basic, basicBytes, null, 0) !== 0) return undefined;
  const place = memory(handle, pointerAt(basic, pebOfBasic) + parametersOfPeb, 8);
  const block = place === undefined ? undefined : memory(handle, pointerAt(place, 0), parameters.bytes);
  if (block === undefined) return undefined;
  const commandLine = textOf(handle, block, parameters.commandLine);
  const cwd = textOf(handle, block, parameters.cwd);
  if (commandLine === null || cwd === null) return undefined;
  return { commandLine, image: imageOf(handle) ?? textOf(handle, block, parameters.image), cwd };
}

function asTold(handle: Handle): ProcessParameters {
  return { commandLine: commandLineOf(handle), image: imageOf(handle), cwd: null };
}

function commandLineOf(handle: Handle): string | null {
  const into = text();
  if (kernel().query(handle, commandLineInformation, into, into.length, null, 0) !== 0) return null;
  // The text follows its description.
  return into.toString('utf16le', 16, Math.min(16 + into.readUInt16LE(0), into.length));
}

function imageOf(handle: Handle): string | null {
  const into = text();
  const characters = Buffer.alloc(4);
  characters.writeUInt32LE(into.length / 2, 0);
  if (kernel().imageName(handle, 0, into, characters) === 0) return null;
  return into.toString('utf16le', 0, 2 * characters.readUInt32LE(0));
}

/** A text by its description: bytes, bytes that it may have, where it is. */
function textOf(handle: Handle, block: Buffer, at: number): string | null {
  const bytes = block.readUInt16LE(at);
  if (bytes === 0) return '';
  return memory(handle, pointerAt(block, at + 8), bytes)?.toString('utf16le') ?? null;
}

function memory(handle: Handle, from: number, bytes: number): Buffer | undefined {
  const into = Buffer.alloc(bytes);
  return kernel().read(handle, from, into, bytes, null) === 0 ? undefined : into;
}

/** What a process can reach is below 2^47: no pointer loses digits as a number. */
function pointerAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * twoTo32;
}
