import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../shared/failure.js';
import { ensurePrivateDirectory, errorCode, replaceFile } from './files.js';

/** The bundles that run outside VS Code's own processes. */
const names = ['core.js', 'launcher.js', 'stopHelper.js', 'demoServer.js', 'sql-wasm.js', 'sql-wasm.wasm'];
/** What calls Windows. A package for another system does not have it, and all but the games' starts works without it. */
const windowsNames = ['koffi.node'];

export interface InstalledBundles {
  dir: string;
  core: string;
  launcher: string;
  demoServer: string;
}

/**
 * Copies the bundles to `<data>/bin/<version>/`: an update of the extension deletes the folder it came in, under
 * processes that live on. Rejects `command-not-found` {file} when one is missing, `io` when it cannot be written.
 */
export function installBundles(options: { from: string; dataDir: string; version: string }): InstalledBundles {
  const dir = path.join(options.dataDir, 'bin', options.version);
  try {
    ensurePrivateDirectory(dir);
    for (const name of names) copyIfDifferent(path.join(options.from, name), path.join(dir, name));
    for (const name of process.platform === 'win32' ? windowsNames : []) {
      const from = path.join(options.from, name);
      if (fs.existsSync(from)) copyIfDifferent(from, path.join(dir, name));
    }
    // Wherever the data directory is, a package.json above it must not turn these into ES modules.
    writeIfDifferent(path.join(dir, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'));
  } catch (error) {
    if (Failure.is(error)) throw error;
    throw new Failure('io', { file: dir, detail: errorCode(error) ?? null }, String(error));
  }
  return {
    dir,
    core: path.join(dir, 'core.js'),
    launcher: path.join(dir, 'launcher.js'),
    demoServer: path.join(dir, 'demoServer.js'),
  };
}

function copyIfDifferent(from: string, to: string): void {
  let content: Buffer;
  try {
    content = fs.readFileSync(from);
  } catch (error) {
    throw new Failure('command-not-found', { file: from }, String(error));
  }
  writeIfDifferent(to, content);
}

function writeIfDifferent(file: string, content: Buffer): void {
  try {
    if (fs.readFileSync(file).equals(content)) return;
  } catch {
    // Not there yet, or not readable: it is written below, or says why not.
  }
  replaceFile(file, content);
}
