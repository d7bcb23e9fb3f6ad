import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Errors with which Windows answers while a virus scanner or an editor has the file open for a moment. */
const passing = new Set(['EPERM', 'EBUSY', 'EACCES']);

export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Makes a folder that only this user can enter. */
export function ensurePrivateDirectory(directory: string): void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old content or the new, never a part. `durable`
 * also waits for the disk. Throws the file system's error; the old file is untouched then.
 */
export function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: { mode?: number; durable?: boolean } = {},
): void {
  // Behind a link it is the file that is replaced, not the link.
  const target = realPath(file);
  const name = `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(target), name);
  try {
    const fd = fs.openSync(temporary, 'wx', options.mode ?? 0o600);
    try {
      fs.writeFileSync(fd, content);
      if (options.durable ?? false) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    renameRetrying(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

function renameRetrying(from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || attempt >= 10 || !passing.has(errorCode(error) ?? '')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * attempt);
    }
  }
}

/** Creates a file with this content unless it exists; answers what it holds then. Safe against others doing the same. */
export function createOnce(file: string, content: string): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  fs.writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
  try {
    // A link, unlike a rename, refuses to replace what another process has made meanwhile.
    fs.linkSync(temporary, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
  return fs.readFileSync(file, 'utf8');
}
