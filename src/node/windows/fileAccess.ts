import { once } from './once.js';
import { native, windowsFunction } from './native.js';
import { access, closeHandle, openProcess, type Handle } from './processes.js';
import { fileUsersOf, sidAt, type FileUsers } from './securityDescriptor.js';

/** OWNER_SECURITY_INFORMATION and DACL_SECURITY_INFORMATION. */
const ownerAndList = 0x1 | 0x4;
const tokenQuery = 0x8;
/** TOKEN_INFORMATION_CLASS: TokenUser. A pointer and attributes, and behind them the SID. */
const tokenUser = 1;

const advapi = once(() => ({
  fileSecurity: windowsFunction<(file: string, what: number, into: Buffer, bytes: number, needed: Buffer) => number>(
    'advapi32.dll',
    'int GetFileSecurityW(str16, uint32_t, void*, uint32_t, void*)',
  ),
  openToken: windowsFunction<(process: Handle, rights: number, token: Buffer) => number>(
    'advapi32.dll',
    'int OpenProcessToken(intptr_t, uint32_t, void*)',
  ),
  tokenInformation: windowsFunction<
    (token: Handle, what: number, into: Buffer, bytes: number, needed: Buffer) => number
  >('advapi32.dll', 'int GetTokenInformation(intptr_t, int, void*, uint32_t, void*)'),
}));

/** Who may read or change a file, by its own list. Undefined where that cannot be read. */
export function fileUsers(file: string): FileUsers | undefined {
  const needed = Buffer.alloc(4);
  advapi().fileSecurity(file, ownerAndList, Buffer.alloc(0), 0, needed);
  const descriptor = Buffer.alloc(needed.readUInt32LE(0));
  if (descriptor.length === 0) return undefined;
  const isRead = advapi().fileSecurity(file, ownerAndList, descriptor, descriptor.length, needed) !== 0;
  return isRead ? fileUsersOf(descriptor) : undefined;
}

/** The security identifier of the user that this process runs as, as `S-1-5-21-…`. */
export function ownSid(): string | undefined {
  const self = openProcess(process.pid, access.query);
  const held = Buffer.alloc(8);
  const isOpen = self !== 0 && advapi().openToken(self, tokenQuery, held) !== 0;
  closeHandle(self);
  if (!isOpen) return undefined;
  const token = Number(held.readBigUInt64LE(0));
  try {
    const into = Buffer.alloc(256);
    if (advapi().tokenInformation(token, tokenUser, into, into.length, held) === 0) return undefined;
    return sidAt(into, Number(into.readBigUInt64LE(0) - native().address(into)));
  } finally {
    closeHandle(token);
  }
}
