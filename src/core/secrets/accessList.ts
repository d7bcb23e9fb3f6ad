import fs from 'node:fs';
import { fileUsers, ownSid } from '../../node/windows/fileAccess.js';
import { whyNoNative } from '../../node/windows/native.js';
import type { FileUsers } from '../../node/windows/securityDescriptor.js';

/** Windows itself and its administrators read every file if they want to. OWNER RIGHTS: whoever owns it. */
const system = 'S-1-5-18';
const administrators = 'S-1-5-32-544';
const ownerRights = 'S-1-3-4';
const names: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-5-11': 'Authenticated Users',
  'S-1-5-32-545': 'Users',
};

/** Windows: throws an Error whose message is a sentence unless a file is this user's, and only theirs. */
export function checkAccessList(file: string): void {
  if (whyNoNative() !== undefined) throw new Error(`${file}: who may read it cannot be looked at here`);
  // Not through a link: its list would be another file's.
  if (!fs.lstatSync(file).isFile()) throw new Error(`${file} is not a regular file`);
  const self = ownSid();
  const found = fileUsers(file);
  if (self === undefined || found === undefined) throw new Error(`${file}: who may read it cannot be told`);
  const why = whyNotPrivate(file, found, self);
  if (why !== undefined) throw new Error(why);
}

/** Undefined where it belongs to this user and nobody else but the PC's administrators may read or change it. */
export function whyNotPrivate(file: string, { owner, users }: FileUsers, self: string): string | undefined {
  const trusted = new Set([self, system, administrators]);
  if (!trusted.has(owner)) return `${file} belongs to another user (${owner})`;
  const others = (users ?? ['S-1-1-0']).filter((sid) => !trusted.has(sid) && sid !== ownerRights);
  if (others.length === 0) return undefined;
  const listed = others.map((sid) => names[sid] ?? sid).join(', ');
  return `${file} is open to ${listed}; only you may read it: icacls "${file}" /inheritance:r /grant:r "%USERNAME%:F"`;
}
