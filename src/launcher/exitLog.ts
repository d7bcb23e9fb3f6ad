import fs from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../node/files.js';
import type { ProcessExit } from '../shared/launcherProtocol.js';

const maxBytes = 256 * 1024;
const keptLines = 500;

/** Every end of a server, written before anybody is told: a core that was away reads here what happened. */
export class ExitLog {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'run', 'exits.jsonl');
    this.trim();
  }

  append(exit: ProcessExit): void {
    this.write(exit);
  }

  /** The PC goes down while these run: their ends, whatever they look like, come of that. Unix milliseconds. */
  appendGoingDown(servers: readonly { id: string; nonce: string }[], hostDownAt: number): void {
    for (const { id, nonce } of servers) this.write({ id, nonce, hostDownAt });
  }

  private write(entry: object): void {
    try {
      fs.appendFileSync(this.file, JSON.stringify(entry) + '\n', { mode: 0o600 });
    } catch {
      // A full disk must not keep a connected core from being told.
    }
  }

  private trim(): void {
    try {
      if (fs.statSync(this.file).size <= maxBytes) return;
      const lines = fs.readFileSync(this.file, 'utf8').trimEnd().split('\n');
      replaceFile(this.file, lines.slice(-keptLines).join('\n') + '\n');
    } catch {
      // Not there yet.
    }
  }
}
