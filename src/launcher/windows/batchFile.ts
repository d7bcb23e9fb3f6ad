import path from 'node:path';
import { Failure } from '../../shared/failure.js';

/** As long as cmd.exe takes it. */
const longestCommandLine = 8191;
/** Nothing but letters, digits and these goes without quotes. */
const plain = /^[\p{L}\p{N}#$*+\-./:?@\\_]+$/u;
/**
 * Takes nothing of the current folder's name, so stands for nothing; but cmd.exe, which looks for variables also between
 * quotes, then finds none that begins with this `%`.
 */
const percent = '%%cd:~,%';

/** Windows leaves dots and spaces at the end of a file's name away. */
export function isBatchFile(file: string): boolean {
  return /\.(bat|cmd)[. ]*$/i.test(file);
}

export function commandInterpreter(env: Readonly<Record<string, string | undefined>>): string {
  return path.win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'cmd.exe');
}

/**
 * What cmd.exe is given to run a batch file with exactly these words: what it would take for itself (`&`, `|`, `%PATH%`, …)
 * reaches the batch file as it is. Rejects invalid-definition {field: 'args'} for what cannot be said to it: line breaks.
 */
export function batchArguments(script: string, args: readonly string[]): string {
  const words = [`"${script.replaceAll('%', percent)}"`, ...args.map(quoted)].join(' ');
  const line = `/e:ON /v:OFF /d /c "${words}"`;
  if (line.length >= longestCommandLine - 'cmd.exe '.length) refuse('too long');
  return line;
}

function quoted(word: string): string {
  if (/[\r\n\0]/.test(word)) refuse('a line break');
  // A backslash at the end would, where the file itself adds quotes, escape the closing one.
  const isPlain = plain.test(word) && !word.endsWith('\\');
  const escaped = word.replace(/(\\*)"/g, (_, slashes: string) => `${slashes}${slashes}""`).replaceAll('%', percent);
  if (isPlain) return escaped;
  return `"${escaped}${/\\*$/.exec(word)?.[0] ?? ''}"`;
}

function refuse(detail: string): never {
  throw new Failure('invalid-definition', { field: 'args', detail });
}
