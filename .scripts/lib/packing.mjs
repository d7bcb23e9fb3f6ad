// Puts a package together in a folder of its own: what a build or a test leaves in dist cannot get into it, and packages for
// several targets do not meet.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { universal } from './packageTargets.mjs';
import { clone } from './paths.mjs';
import { run } from './run.mjs';
import { addedFiles, nativeFile, noticesFile } from './vsix.mjs';

const vsce = path.join(clone, 'node_modules', '@vscode', 'vsce', 'vsce');
// The README's links are read inside VS Code; there is no public repository to rewrite them to.
const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];

/**
 * @param what `target`; `files`: those of the repository, by their paths below `from` (the clone); `notices`: the text;
 *   `koffi`: the native file, for Windows; `folder`: where it is put together, removed afterwards; `file`: the package
 */
export async function pack({ target, files, from = clone, notices, koffi, folder, file }, { log }) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  rmSync(file, { force: true });
  try {
    const added = addedFiles(target);
    for (const name of [...files, ...added]) mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    // What is added is of this package alone, whatever lies under that name in the clone.
    for (const name of files.filter((other) => !added.includes(other)))
      copyFileSync(path.join(from, name), path.join(folder, name));
    writeFileSync(path.join(folder, noticesFile), notices);
    if (added.includes(nativeFile)) copyFileSync(koffi, path.join(folder, nativeFile));
    // Everything in the folder was chosen.
    writeFileSync(path.join(folder, '.vscodeignore'), '');
    const targets = target === universal ? [] : ['--target', target];
    const words = [vsce, 'package', ...options, ...targets, '--out', file];
    await run(process.execPath, words, { cwd: folder, log, timeoutMs: 120_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
