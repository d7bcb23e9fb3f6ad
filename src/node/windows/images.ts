import path from 'node:path';
import { once } from './once.js';
import { windowsFunction } from './native.js';
import { access, closeHandle, openProcess, type Handle } from './processes.js';

const maxCharacters = 32_768;

const kernel = once(() => ({
  query: windowsFunction<(process: Handle, flags: number, into: Buffer, characters: Buffer) => number>(
    'kernel32.dll',
    'int QueryFullProcessImageNameW(intptr_t, uint32_t, void*, void*)',
  ),
}));

/** The file name of the program that a process runs, in small letters; undefined where it may not be asked. */
export function programName(pid: number): string | undefined {
  const process = openProcess(pid, access.queryLimited);
  if (process === 0) return undefined;
  try {
    const name = Buffer.alloc(maxCharacters * 2);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(maxCharacters);
    if (kernel().query(process, 0, name, length) === 0) return undefined;
    return path.win32.basename(name.toString('utf16le', 0, length.readUInt32LE(0) * 2)).toLowerCase();
  } finally {
    closeHandle(process);
  }
}
