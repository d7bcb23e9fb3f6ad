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

  constructor(dataDir: string) {
    const folder = path.join(dataDir, 'logs');
    ensurePrivateDirectory(folder);
    this.file = path.join(folder, 'core.log');
    this.bytes = fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(level: LogLevel, tag: string, text: string, data: Record<string, unknown> = {}): void {
    const safe = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, secret.test(key) ? '…' : value]));
    const line = `${new Date().toISOString()} ${level} [${tag}] ${text} ${JSON.stringify(safe)}\n`;
    try {
      if (this.bytes + line.length > maxBytes) {
        fs.renameSync(this.file, `${this.file}.1`);
        this.bytes = 0;
      }
      fs.appendFileSync(this.file, line, { mode: 0o600 });
      this.bytes += line.length;
    } catch {
      // A full disk must not stop what the line was about.
    }
    for (const listen of this.listeners) listen(level, tag, text, safe);
  }

  onLine(listen: (level: LogLevel, tag: string, text: string, data: Record<string, unknown>) => void): void {
    this.listeners.add(listen);
  }
}
