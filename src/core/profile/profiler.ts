import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import type { Profiler as Recorded } from 'node:inspector';
import path from 'node:path';
import { errorCode } from '../../node/files.js';
import { Failure } from '../../shared/failure.js';

const extension = '.cpuprofile';
const samplingMicroseconds = 1000;

/** Records where this process spends its time. One recording at a time. */
export class Profiler {
  private isRecording = false;

  /**
   * Records for so many seconds, and writes what viewers of .cpuprofile files read. file: absolute, in a folder that exists;
   * what is there already is replaced only where it is such a file. Rejects busy, invalid-definition, io, and cancelled by
   * the signal: nothing is written then.
   */
  async record(seconds: number, file: string, signal?: AbortSignal): Promise<{ path: string }> {
    if (!path.isAbsolute(file)) throw new Failure('invalid-definition', { field: 'path', detail: 'must be absolute' });
    if (this.isRecording) throw new Failure('busy', { what: 'profile' });
    this.isRecording = true;
    try {
      // Before the recording: nobody waits half a minute to hear that it cannot be kept.
      await checkPlace(file);
      const profile = await recorded(seconds * 1000, signal);
      await checkPlace(file);
      await write(file, JSON.stringify(profile));
      return { path: file };
    } finally {
      this.isRecording = false;
    }
  }
}

async function recorded(ms: number, signal: AbortSignal | undefined): Promise<Recorded.Profile> {
  // Loaded when it is asked for, which is next to never.
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingMicroseconds });
    await session.post('Profiler.start');
    await pause(ms, signal);
    const { profile } = await session.post('Profiler.stop');
    return profile;
  } finally {
    session.disconnect();
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const cancel = (): void => {
      clearTimeout(timer);
      reject(new Failure('cancelled', { what: 'profile' }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
  });
}

async function checkPlace(file: string): Promise<void> {
  await failing(file, async () => {
    if (!(await fs.stat(path.dirname(file))).isDirectory()) throw new Failure('io', { file, detail: 'ENOTDIR' });
    const there = await fs.lstat(file).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (there === undefined || (there.isFile() && file.endsWith(extension))) return;
    throw new Failure('io', { file, detail: 'EEXIST' });
  });
}

/** Whole or not at all. */
async function write(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  await failing(file, async () => {
    try {
      await fs.writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
      await fs.rename(temporary, file);
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw error;
    }
  });
}

async function failing(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (Failure.is(error)) throw error;
    throw new Failure('io', { file, detail: errorCode(error) ?? String(error) });
  }
}
