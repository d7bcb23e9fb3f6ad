import path from 'node:path';
import { variable } from './environmentBlock.js';

/** What CreateProcessW or cmd.exe can run, of all that PATHEXT may name. */
const runnable = ['.com', '.exe', '.bat', '.cmd'];
const { win32 } = path;

/**
 * The file that a command means: a path as it is, from `cwd` on; a bare name by PATH, and nowhere else: neither in the
 * current folder nor in that of our own program. Where it has no ending of a program, those are tried first. Undefined
 * where there is none.
 */
export function findCommand(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  exists: (file: string) => boolean,
): string | undefined {
  // Windows leaves them away, and would so run a batch file that does not look like one.
  const name = command.replace(/[. ]+$/, '');
  if (name === '') return undefined;
  if (/[\\/:]/.test(name)) return withEnding(win32.resolve(cwd, name), runnable, exists);
  const endings = endingsOf(variable(env, 'PATHEXT'));
  for (const folder of foldersOf(variable(env, 'PATH'))) {
    const found = withEnding(win32.join(folder, name), endings, exists);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withEnding(file: string, endings: readonly string[], exists: (file: string) => boolean): string | undefined {
  const isComplete = runnable.includes(win32.extname(file).toLowerCase());
  const candidates = isComplete ? [file] : [...endings.map((ending) => file + ending), file];
  return candidates.find(exists);
}

function endingsOf(text = ''): string[] {
  const endings = text.split(';').map((ending) => ending.trim().toLowerCase());
  const known = endings.filter((ending) => runnable.includes(ending));
  return known.length === 0 ? runnable : known;
}

/** Relative ones would mean a current folder. */
function foldersOf(text = ''): string[] {
  const folders = text.split(';').map((folder) => folder.trim().replace(/^"(.*)"$/, '$1'));
  return folders.filter((folder) => /^([a-z]:[\\/]|\\\\)/i.test(folder));
}
