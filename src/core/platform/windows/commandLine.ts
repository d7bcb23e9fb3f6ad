import path from 'node:path';
import type { ProcessParameters } from '../../../node/windows/processParameters.js';

const quote = '"';
const isSpace = (character: string | undefined): boolean => character === ' ' || character === '\t';

/**
 * A command line's arguments, as CommandLineToArgvW tells them. The first one is the program: it ends at the next quote or
 * space, whatever stands before that. Of an empty line there are none.
 */
export function splitCommandLine(line: string): string[] {
  if (line === '') return [];
  const end = programEnd(line);
  const program = line.startsWith(quote) ? line.slice(1, end) : line.slice(0, end);
  const rest = line.startsWith(quote) ? line.slice(end + 1) : line.slice(end);
  return [program, ...argumentsOf(rest)];
}

function programEnd(line: string): number {
  const found = line.startsWith(quote) ? line.indexOf(quote, 1) : line.search(/[ \t]/);
  return found < 0 ? line.length : found;
}

function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (isSpace(text[at])) at++;
  while (at < text.length) {
    const { argument, end } = argumentAt(text, at);
    found.push(argument);
    at = end;
    while (isSpace(text[at])) at++;
  }
  return found;
}

/** Backslashes mean something only before a quote: two are one, and an odd one makes the quote a letter. */
function argumentAt(text: string, from: number): { argument: string; end: number } {
  let argument = '';
  let quotes = 0;
  let at = from;
  while (at < text.length && (quotes > 0 || !isSpace(text[at]))) {
    const backslashes = countOf(text, '\\', at);
    at += backslashes;
    if (text[at] !== quote) {
      argument += '\\'.repeat(backslashes);
      if (backslashes === 0) argument += text.charAt(at++);
      continue;
    }
    argument += '\\'.repeat(backslashes >> 1);
    if (backslashes % 2 === 1) argument += quote;
    else quotes++;
    at++;
    // Of quotes in a row every third is a letter, and ends what is quoted; the one that has opened it is the first.
    for (; text[at] === quote; at++) {
      if (++quotes < 3) continue;
      argument += quote;
      quotes = 0;
    }
    if (quotes === 2) quotes = 0;
  }
  return { argument, end: at };
}

function countOf(text: string, character: string, from: number): number {
  let end = from;
  while (text[end] === character) end++;
  return end - from;
}

/**
 * The arguments that a process was started with; empty where none of it may be read. A program that was typed without its
 * folder or its ending, where it lies in the folder that it runs in, is named in full: so it can be started from anywhere.
 */
export function argvOf({ commandLine, image, cwd }: ProcessParameters): string[] {
  const [typed = '', ...args] = splitCommandLine(commandLine ?? '');
  if (image === null || image === '') return typed === '' ? [] : [typed, ...args];
  if (typed === '' || (cwd === null && !path.win32.isAbsolute(typed))) return [image, ...args];
  const meant = path.win32.resolve(cwd ?? '', typed).toLowerCase();
  const isShort =
    meant === image.toLowerCase() ? !path.win32.isAbsolute(typed) : `${meant}.exe` === image.toLowerCase();
  return [isShort ? image : typed, ...args];
}

/** A folder as it is written elsewhere: without the backslash behind it. */
export function folderOf(cwd: string | null): string | null {
  return cwd === null || cwd === '' ? null : cwd.replace(/(?<=[^:\\])\\$/, '');
}
