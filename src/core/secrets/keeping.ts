import fs from 'node:fs';
import * as v from 'valibot';
import { whyNoNative } from '../../node/windows/native.js';
import { protectData, unprotectData } from '../../node/windows/protectedData.js';
import { readSecretFile, tableText, type SecretTable } from './secretFile.js';

/** How what is remembered is kept from others. */
export interface Keeping {
  /** Throws as readSecretFile; Foreign where it can only be read by somebody else. */
  read(file: string): SecretTable;
  /** What is written. Throws where it cannot be kept from others. */
  textOf(table: SecretTable): string;
  /** What was written is of no use to others. */
  isPrivate(file: string): boolean;
}

/** Another user has protected it, or another PC, or somebody has changed it. */
export class Foreign extends Error {}

/** Undefined where there is no way. */
export function keepingFor(platform: NodeJS.Platform): Keeping | undefined {
  if (platform !== 'win32') return byMode;
  return whyNoNative() === undefined ? byProtection(protectData, unprotectData) : undefined;
}

const byMode: Keeping = {
  read(file) {
    // What somebody has opened up for others is closed again rather than refused: it is ours.
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true) fs.chmodSync(file, 0o600);
    return readSecretFile(file, 'mode');
  },
  textOf: tableText,
  isPrivate: (file) => (fs.statSync(file).mode & 0o077) === 0,
};

type Change = (bytes: Buffer) => Buffer | undefined;

const protectedSchema = v.object({ protected: v.pipe(v.string(), v.base64()) });

/** Windows: modes say nothing there, so that the bytes themselves are what only this user can undo. */
export function byProtection(protect: Change, unprotect: Change): Keeping {
  return {
    read: (file) => readSecretFile(file, 'nobody', (text) => unprotected(file, text, unprotect)),
    textOf(table) {
      const hidden = protect(Buffer.from(tableText(table), 'utf8'));
      if (hidden === undefined) throw new Error('Windows does not protect it');
      return JSON.stringify({ protected: hidden.toString('base64') }) + '\n';
    },
    isPrivate: () => true,
  };
}

function unprotected(file: string, text: string, unprotect: Change): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Foreign(`${file} is not what was written there`);
  }
  const parsed = v.safeParse(protectedSchema, json);
  const plain = parsed.success ? unprotect(Buffer.from(parsed.output.protected, 'base64')) : undefined;
  if (plain === undefined) {
    throw new Foreign(
      `${file} can only be read by the user and on the PC that it was written by; set the passwords again`,
    );
  }
  return plain.toString('utf8');
}
