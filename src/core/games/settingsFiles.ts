import fs from 'node:fs';

/** No settings file of a game is larger. */
export const maxBytes = 1024 * 1024;
const mostFiles = 200;

export interface Read<T> {
  readonly value: T;
  /** When the file was written, Unix milliseconds. */
  readonly at: number;
}

type Parse<T> = (text: string) => T;

interface Cached extends Read<unknown> {
  readonly stamp: string;
  /** Of the file: what is made of it is about as large. */
  readonly bytes: number;
  /** When it was last asked for, milliseconds of a clock that nobody sets. */
  usedAt: number;
  readonly parse: Parse<unknown>;
}

/** Reads games' settings files: bounded, regular files only, and parsed again only when they have changed. */
export class SettingsFiles {
  private readonly cache = new Map<string, Cached>();

  /** Undefined where there is none that can be read. Never throws. `parse` must not throw, and be the same at each call. */
  read<T>(file: string, parse: Parse<T>): Read<T> | undefined {
    try {
      const stat = fs.statSync(file, { throwIfNoEntry: false });
      if (stat?.isFile() !== true || stat.size > maxBytes) return this.without(file);
      const stamp = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}`;
      const cached = this.cache.get(file);
      if (cached?.stamp === stamp && cached.parse === parse) {
        cached.usedAt = performance.now();
        return cached as Read<T>;
      }
      const bytes = readBounded(file);
      if (bytes === undefined) return this.without(file);
      const read = { value: parse(decoded(bytes)), at: Math.floor(stat.mtimeMs) };
      if (this.cache.size >= mostFiles) this.cache.clear();
      this.cache.set(file, { ...read, stamp, parse, bytes: bytes.length, usedAt: performance.now() });
      return read;
    } catch {
      return this.without(file);
    }
  }

  /** About how much it keeps. */
  bytes(): number {
    let sum = 0;
    for (const { bytes } of this.cache.values()) sum += bytes;
    return sum;
  }

  /** What nobody has asked for in so many milliseconds is read anew when somebody does. */
  dropOlderThan(ms: number): void {
    const latest = performance.now() - ms;
    for (const [file, { usedAt }] of this.cache) if (usedAt <= latest) this.cache.delete(file);
  }

  dropAll(): void {
    this.cache.clear();
  }

  private without(file: string): undefined {
    this.cache.delete(file);
    return undefined;
  }
}

function readBounded(file: string): Buffer | undefined {
  // It may have become a pipe since it was looked at: without waiting for the other end.
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const buffer = Buffer.alloc(stat.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = fs.readSync(fd, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } finally {
    fs.closeSync(fd);
  }
}

/** Games write UTF-16 with a mark, UTF-8 with or without one, and what older ones wrote is Latin-1. */
export function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
