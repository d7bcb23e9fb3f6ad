import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../node/files.js';
import { makeRoom, namesIn, olderFile, olderFiles, syncFolder } from './consoleFiles.js';
import type { Copied } from './headCopy.js';

/*
 * A cut of a console file's head, so that a crash at any moment neither loses nor doubles a byte:
 *  1. the head is copied to the folder console.copying: whatever is found there later is of no use;
 *  2. the folder gets its final name, console.cut, with a note of what is to be cut;
 *  3. the head is cut off, which is one step for the file system;
 *  4. the pieces become console.1.log and so on.
 * Whoever finds console.cut later looks whether the console file still begins with what was copied.
 */

const noteName = 'cut.json';
const cutSchema = v.object({
  cut: v.number(),
  bytes: v.number(),
  pieces: v.number(),
  isGap: v.boolean(),
});

/** cut: its name among all cuts of this file. */
export interface Cut extends Copied {
  readonly cut: number;
}

function copyFolder(file: string): string {
  return withEnding(file, '.copying');
}

function cutFolder(file: string): string {
  return withEnding(file, '.cut');
}

/** An empty folder to copy to; what an earlier attempt left there goes. */
export function makeCopyFolder(file: string): string {
  const folder = copyFolder(file);
  dropCopy(file);
  fs.mkdirSync(folder, { mode: 0o700 });
  return folder;
}

export function dropCopy(file: string): void {
  fs.rmSync(copyFolder(file), { recursive: true, force: true });
}

/** Step 2. Throws what the file system says; the console file is untouched. */
export function noteCut(file: string, cut: Cut): void {
  const folder = copyFolder(file);
  const fd = fs.openSync(path.join(folder, noteName), 'wx', 0o600);
  try {
    fs.writeFileSync(fd, JSON.stringify(cut));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  syncFolder(folder);
  fs.renameSync(folder, cutFolder(file));
  syncFolder(path.dirname(file));
}

/**
 * A cut that was begun and not finished. Throws where its note cannot be read: the pieces may be all that there is of a
 * head. A folder without any has been dropped, and nothing is lost with it.
 */
export function unfinishedCut(file: string): Cut | undefined {
  const folder = cutFolder(file);
  let text: string;
  try {
    text = fs.readFileSync(path.join(folder, noteName), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    fs.rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  return v.parse(cutSchema, JSON.parse(text));
}

/**
 * True when the head is gone from the console file, which is when it does not have there what was copied. A console that
 * says the same thing over and over, without so much as a time, could be mistaken; nothing is lost of it but repetition.
 */
export function hasHappened(file: string, cut: Cut): boolean {
  if (!fs.existsSync(file)) return true;
  const pieces = piecesOf(file);
  // The pieces are moved to their place only afterwards.
  if (pieces.length < cut.pieces) return true;
  const total = pieces.reduce((sum, piece) => sum + fs.statSync(piece).size, 0);
  const fd = fs.openSync(file, 'r');
  try {
    let at = cut.bytes - total;
    for (const piece of pieces) {
      if (!isAt(fd, at, piece)) return true;
      at += fs.statSync(piece).size;
    }
    return false;
  } finally {
    fs.closeSync(fd);
  }
}

/** Step 4. May be broken off at any point and done again. */
export function putInPlace(file: string, cut: Cut, keepFiles: number): void {
  const pieces = piecesOf(file);
  if (cut.isGap && pieces.length === cut.pieces) for (const older of olderFiles(file)) fs.rmSync(older.file);
  for (const [index, piece] of pieces.entries()) {
    const number = pieces.length - index;
    makeRoom(file, number, Math.max(keepFiles, number));
    fs.renameSync(piece, olderFile(file, number));
  }
  makeRoom(file, 0, keepFiles);
  dropCut(file);
}

/**
 * It has not happened, or is finished: what is in its folder goes. First it gets the name of what is of no use, in one step:
 * half emptied, it would be taken for a cut that has happened, or stay for good without its note.
 */
export function dropCut(file: string): void {
  dropCopy(file);
  try {
    fs.renameSync(cutFolder(file), copyFolder(file));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  dropCopy(file);
}

/** The pieces that are not in their place yet, oldest first. */
function piecesOf(file: string): string[] {
  const folder = cutFolder(file);
  const numbers = namesIn(folder).filter((name) => /^[0-9]+$/.test(name));
  return numbers.sort((a, b) => Number(a) - Number(b)).map((name) => path.join(folder, name));
}

function isAt(fd: number, from: number, piece: string): boolean {
  const other = fs.openSync(piece, 'r');
  try {
    const mine = Buffer.allocUnsafe(64 * 1024);
    const theirs = Buffer.allocUnsafe(64 * 1024);
    for (let at = 0; ;) {
      const read = fs.readSync(other, theirs, 0, theirs.length, at);
      if (read === 0) return true;
      const found = fs.readSync(fd, mine, 0, read, from + at);
      if (found < read || mine.compare(theirs, 0, read, 0, read) !== 0) return false;
      at += read;
    }
  } finally {
    fs.closeSync(other);
  }
}

function withEnding(file: string, ending: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, name + ending);
}
