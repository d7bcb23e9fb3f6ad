import { once } from './once.js';
import { windowsFunction } from './native.js';
import type { Handle } from './processes.js';

const inheritFlag = 1;
const sameAccess = 2;
const appendData = 0x0004;
const synchronize = 0x0010_0000;
/** Everybody may read, write, rename and delete it meanwhile. */
const shareAll = 7;
const openAlways = 4;
const ordinaryFile = 0x80;
const none = -1;
/** What stands for the process that asks. */
const ourselves = -1;

const kernel = once(() => ({
  setInformation: windowsFunction<(handle: Handle, mask: number, flags: number) => number>(
    'kernel32.dll',
    'int SetHandleInformation(intptr_t, uint32_t, uint32_t)',
  ),
  duplicate: windowsFunction<
    (from: Handle, handle: Handle, to: Handle, made: Buffer, rights: number, inherits: number, how: number) => number
  >('kernel32.dll', 'int DuplicateHandle(intptr_t, intptr_t, intptr_t, void*, uint32_t, int, uint32_t)'),
  createFile: windowsFunction<
    (file: string, rights: number, share: number, _: null, how: number, flags: number, template: Handle) => Handle
  >('kernel32.dll', 'intptr_t CreateFileW(str16, uint32_t, uint32_t, void*, uint32_t, uint32_t, intptr_t)'),
}));

/** Whether processes that are started from now on get it too. */
export function setInherited(handle: Handle, isInherited: boolean): boolean {
  return kernel().setInformation(handle, inheritFlag, isInherited ? inheritFlag : 0) !== 0;
}

/** A handle of another process, for ours; that one was opened with `duplicateHandle`. 0 where it has no such one. */
export function copyFrom(process: Handle, handle: Handle): Handle {
  return copy(process, handle, ourselves, false);
}

/** One of ours for another process, which passes it on to what it starts; the number is its own. 0 where refused. */
export function copyInto(process: Handle, handle: Handle): Handle {
  return copy(ourselves, handle, process, true);
}

function copy(from: Handle, handle: Handle, to: Handle, isInherited: boolean): Handle {
  const made = Buffer.alloc(8);
  if (kernel().duplicate(from, handle, to, made, 0, isInherited ? 1 : 0, sameAccess) === 0) return 0;
  return handleAt(made, 0);
}

/** A file that every write is added to the end of; made where it is missing. 0 where refused. */
export function openForAppending(file: string): Handle {
  const handle = kernel().createFile(file, appendData | synchronize, shareAll, null, openAlways, ordinaryFile, 0);
  return handle === none ? 0 : handle;
}

/** One that a call has left in a buffer. Of eight bytes four count, whatever the process. */
export function handleAt(buffer: Buffer, offset: number): Handle {
  return buffer.readInt32LE(offset);
}

/** Handles as an array in memory, as calls take them. */
export function handleList(handles: readonly Handle[]): Buffer {
  const list = Buffer.alloc(handles.length * 8);
  handles.forEach((handle, index) => {
    list.writeInt32LE(handle, index * 8);
  });
  return list;
}
