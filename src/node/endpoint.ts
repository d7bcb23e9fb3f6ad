import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createOnce, ensurePrivateDirectory } from './files.js';

/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included. */
const longestSocketPath = 100;

/** Where the processes of one data directory meet. Names are paths, or pipe names on Windows. */
export interface Endpoints {
  /** The core's contract endpoint. */
  readonly core: string;
  /** The launcher's endpoint. */
  readonly launcher: string;
  /** Held by the one core that owns the directory; answers a line of JSON that names it. */
  readonly owner: string;
  /** Held by the one launcher of the directory. */
  readonly launcherOwner: string;
  readonly tokenFile: string;
}

/** Creates the run folder, its random name and its token where they are missing. Throws file system errors. */
export function prepareEndpoints(dataDir: string): Endpoints {
  const run = path.join(dataDir, 'run');
  ensurePrivateDirectory(dataDir);
  ensurePrivateDirectory(run);
  if (process.platform !== 'win32') fs.chmodSync(run, 0o700);
  createOnce(path.join(run, 'token'), randomBytes(32).toString('hex'));
  return endpointsFor(dataDir, createOnce(path.join(run, 'lock'), randomBytes(16).toString('hex')));
}

/** The endpoints of a directory that a core has prepared, or undefined where none ever ran. */
export function findEndpoints(dataDir: string): Endpoints | undefined {
  try {
    return endpointsFor(dataDir, fs.readFileSync(path.join(dataDir, 'run', 'lock'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Names are made of the real path and a random number that only this user can read: nobody else can take or guess them,
 * and two spellings of a folder mean one owner.
 */
function endpointsFor(dataDir: string, random: string): Endpoints {
  const real = fs.realpathSync.native(dataDir);
  const hash = createHash('sha256').update(real).update('\0').update(random.trim()).digest('hex').slice(0, 32);
  const name = (role: string): { socket: string; held: string } => {
    if (process.platform === 'win32') {
      return { socket: `\\\\.\\pipe\\gsp-${hash}-${role}`, held: `\\\\.\\pipe\\gsp-${hash}-${role}-owner` };
    }
    const near = path.join(real, 'run', `${role}.sock`);
    const socket =
      Buffer.byteLength(near) <= longestSocketPath ? near : path.join('/tmp', `gsp-${hash}`, `${role}.sock`);
    // Abstract names vanish with their owner, however it dies. Elsewhere a path has to do.
    const held =
      process.platform === 'linux' ? `\0gsp-${hash}-${role}` : path.join('/tmp', `gsp-${hash}`, `${role}.own`);
    return { socket, held };
  };
  const core = name('core');
  const launcher = name('launcher');
  return {
    core: core.socket,
    launcher: launcher.socket,
    owner: core.held,
    launcherOwner: launcher.held,
    tokenFile: path.join(real, 'run', 'token'),
  };
}

export function readToken(tokenFile: string): string {
  return fs.readFileSync(tokenFile, 'utf8').trim();
}

/** Compares in constant time, so that a stranger on the socket cannot guess it byte by byte. */
export function tokenMatches(expected: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
