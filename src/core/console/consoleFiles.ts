import fs from 'node:fs';
import path from 'node:path';

/** An older part of a console: console.1.log is the newest of them. */
interface OlderFile {
  readonly file: string;
  readonly number: number;
}

export function olderFile(file: string, number: number): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.${number}${ext}`);
}

/** The older parts of a console, newest first. */
export function olderFiles(file: string): OlderFile[] {
  const { dir, name, ext } = path.parse(file);
  const found: OlderFile[] = [];
  for (const entry of namesIn(dir)) {
    const number = entry.startsWith(`${name}.`) && entry.endsWith(ext) ? entry.slice(name.length + 1, -ext.length) : '';
    if (/^[1-9][0-9]{0,5}$/.test(number)) found.push({ file: path.join(dir, entry), number: Number(number) });
  }
  return found.sort((a, b) => a.number - b.number);
}

/**
 * Renumbers the older parts so that the first `count` numbers are free; what would then be above `keep` is deleted. Broken
 * off at any point and called again, it comes to the same end: their order is all that counts.
 */
export function makeRoom(file: string, count: number, keep: number): void {
  const older = olderFiles(file);
  for (const [index, { file: from, number }] of [...older.entries()].reverse()) {
    const wanted = count + index + 1;
    if (Math.max(wanted, number) > keep) fs.rmSync(from, { force: true });
    else if (wanted > number) fs.renameSync(from, olderFile(file, wanted));
  }
}

export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Makes names in a folder last through a loss of power. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
