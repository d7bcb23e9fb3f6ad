import fs from 'node:fs';
import path from 'node:path';
import { ensurePrivateDirectory } from '../node/files.js';
import type { Log, LogLevel } from './ports.js';

const maxBytes = 2 * 1024 * 1024;
/** Data under these names never reaches a log, whoever puts it there. */
const secret = /password|token|secret|webhook/i;

/** logs/core.log: a line per event, one older file kept. Listeners get the same, already redacted. */
export class FileLog implements Log {
  private readonly file: string;
  private bytes: number;
  private readonly listeners = new Set<
    (level: LogLevel, tag: string, text: string, data: Record<string, unknown>) => void
  >();
  private redact = (text: string): string => text;

  constructor(dataDir: string) {
    const folder = path.join(dataDir, 'logs');
    ensurePrivateDirectory(folder);
    this.file = path.join(folder, 'core.log');
    this.bytes = fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Every text passes through it from now on, wherever in the data it stands. */
  redactWith(redact: (text: string) => string): void {
    this.redact = redact;
  }

  write(level: LogLevel, tag: string, text: string, data: Record<string, unknown> = {}): void {
    const safe = redacted(data, 0, this.redact) as Record<string, unknown>;
    const said = this.redact(text);
    const line = `${new Date().toISOString()} ${level} [${tag}] ${said} ${JSON.stringify(safe)}\n`;
    try {
      if (this.bytes + line.length > maxBytes) {
        this.bytes = 0;
        if (fs.existsSync(this.file)) fs.renameSync(this.file, `${this.file}.1`);
      }
      fs.appendFileSync(this.file, line, { mode: 0o600 });
      this.bytes += line.length;
    } catch {
      // A full disk must not stop what the line was about.
    }
    for (const listen of this.listeners) listen(level, tag, said, safe);
  }

  onLine(listen: (level: LogLevel, tag: string, text: string, data: Record<string, unknown>) => void): void {
    this.listeners.add(listen);
  }
}

const maxDepth = 6;

/** A copy that JSON can hold, without a known secret or anything under the name of one, however far down. */
function redacted(value: unknown, depth: number, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '…';
  if (Array.isArray(value)) return value.map((one) => redacted(one, depth + 1, redact));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, one]) => [redact(key), secret.test(key) ? '…' : redacted(one, depth + 1, redact)]),
  );
}
