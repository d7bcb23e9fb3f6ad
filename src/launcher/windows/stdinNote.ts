import fs from 'node:fs';
import { replaceFile } from '../../node/files.js';

/** Where a server's stdin is, for launchers to come. Also of those that have ended: nobody takes it away. */
export interface StdinNote {
  /** Who holds the write end: the server itself, or another of its job when that one has ended. */
  readonly pid: number;
  readonly startTime: string;
  /** The write end, as that process knows it. */
  readonly handle: number;
  /** `<id>:<nonce>`, by which its job is named. */
  readonly mark: string;
  /** How its lines are encoded; missing: UTF-8. */
  readonly encoding?: string;
  /** cmd.exe runs it, which asks a question behind Ctrl+C. */
  readonly isBatch: boolean;
}

export function writeNote(file: string, note: StdinNote): void {
  try {
    replaceFile(file, JSON.stringify(note));
  } catch {
    // A full disk: only a launcher to come could not write to it.
  }
}

/** Undefined where there is none, or not of this kind. */
export function readNote(file: string): StdinNote | undefined {
  try {
    const note = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Record<keyof StdinNote, unknown>>;
    const isNote =
      Number.isInteger(note.pid) &&
      Number.isInteger(note.handle) &&
      typeof note.startTime === 'string' &&
      typeof note.mark === 'string';
    return isNote ? (note as unknown as StdinNote) : undefined;
  } catch {
    return undefined;
  }
}
