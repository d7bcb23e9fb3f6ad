import fs from 'node:fs';
import * as v from 'valibot';
import { errorCode } from '../../node/files.js';
import { checkAccessList } from './accessList.js';
import { passwordKeys, secretKey, secretValue } from '../../shared/secrets.js';

/** A secret, and when it was set: of two the later one counts. Unix milliseconds. */
export interface Held {
  readonly value: string;
  readonly at: number;
}

/** By server id, then by key. */
export type SecretTable = Map<string, Map<string, Held>>;

const maxBytes = 1024 * 1024;
const tableSchema = v.record(
  v.string(),
  v.record(secretKey, v.union([secretValue, v.object({ value: secretValue, at: v.number() })])),
);

/**
 * Who vouches for a file: its mode and owner, the service manager that has put it into a folder of ours, on Windows its
 * access list, or nobody, as it is no use to others.
 */
type Guard = 'mode' | 'service-manager' | 'access-list' | 'nobody';

/**
 * Reads `{"<id>": {"<key>": "<value>"}}`, or what tableText has written. Throws an Error whose message is a sentence
 * without anything of the content, with the file system's code where it has one. open: what its text has to go through.
 */
export function readSecretFile(
  file: string,
  guard: Guard,
  open: (text: string) => string = (text) => text,
): SecretTable {
  const { text: kept, at } = readGuarded(file, guard);
  const text = open(kept);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // JSON's own message quotes the text.
    throw new Error(`${file} is not valid JSON`);
  }
  const parsed = v.safeParse(tableSchema, json);
  if (!parsed.success) {
    const keys = `<key> being ${passwordKeys.join(', ')} or webhook.<name>`;
    throw new Error(`${file} must hold {"<server id>": {"<key>": "<password>"}}, ${keys}`);
  }
  return new Map(
    Object.entries(parsed.output).map(([id, secrets]) => [
      id,
      new Map(
        Object.entries(secrets).map(([key, held]) => [key, typeof held === 'string' ? { value: held, at } : held]),
      ),
    ]),
  );
}

export function tableText(table: SecretTable): string {
  const plain = Object.fromEntries([...table].map(([id, secrets]) => [id, Object.fromEntries(secrets)]));
  return JSON.stringify(plain, null, 2) + '\n';
}

function readGuarded(file: string, guard: Guard): { text: string; at: number } {
  // Not through a link, and without waiting for the other end of a pipe. What is checked is what is read.
  const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;
  let fd: number;
  try {
    fd = fs.openSync(file, flags);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ELOOP') throw new Error(`${file} is not a regular file`);
    throw Object.assign(new Error(`${file} cannot be read (${code ?? 'unknown'})`), { code });
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${file} is not a regular file`);
    const mode = stat.mode & 0o777;
    if (guard === 'mode') {
      if (stat.uid !== process.getuid?.()) throw new Error(`${file} belongs to another user`);
      if (mode !== 0o600 && mode !== 0o400) {
        throw new Error(`${file} has mode ${mode.toString(8).padStart(4, '0')}; only its owner may read it: chmod 600`);
      }
    } else if (guard === 'access-list') checkAccessList(file);
    else if (guard === 'service-manager' && (mode & 0o007) !== 0) throw new Error(`${file} can be read by everybody`);
    if (stat.size > maxBytes) throw new Error(`${file} is larger than 1 MB`);
    return { text: fs.readFileSync(fd, 'utf8').replace(/^\ufeff/, ''), at: Math.floor(stat.mtimeMs) };
  } finally {
    fs.closeSync(fd);
  }
}
