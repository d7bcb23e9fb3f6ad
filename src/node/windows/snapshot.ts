import { once } from './once.js';
import { windowsFunction } from './native.js';
import { closeHandle, type Handle } from './processes.js';

/** A process as a snapshot tells it. parent: who started it, whatever has that pid by now. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
}

const processesOnly = 0x0000_0002;
const invalidHandle = -1;
/** PROCESSENTRY32W of 64-bit Windows. */
const entryBytes = 568;
const pidAt = 8;
const parentAt = 32;

type Step = (snapshot: Handle, entry: Buffer) => number;

const kernel = once(() => ({
  create: windowsFunction<(what: number, pid: number) => Handle>(
    'kernel32.dll',
    'intptr_t CreateToolhelp32Snapshot(uint32_t, uint32_t)',
  ),
  first: windowsFunction<Step>('kernel32.dll', 'int Process32FirstW(intptr_t, void*)'),
  next: windowsFunction<Step>('kernel32.dll', 'int Process32NextW(intptr_t, void*)'),
}));

/** Every process there is. For asked-for deeds only; empty where the system has no room for it. */
export function listProcesses(): Listed[] {
  const { create, first, next } = kernel();
  const snapshot = create(processesOnly, 0);
  if (snapshot === invalidHandle) return [];
  const entry = Buffer.alloc(entryBytes);
  entry.writeUInt32LE(entryBytes, 0);
  const found: Listed[] = [];
  for (let more = first(snapshot, entry); more !== 0; more = next(snapshot, entry)) {
    found.push({ pid: entry.readUInt32LE(pidAt), parent: entry.readUInt32LE(parentAt) });
  }
  closeHandle(snapshot);
  return found;
}
