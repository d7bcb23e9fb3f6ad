// One more run of the product, with a CPU profile of its core: it costs time itself, so its figures are shares.
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clone, out } from '../paths.mjs';
import { Account } from './accounts.mjs';
import { startProduct } from './product.mjs';
import { profileCells, whereTimeGoes } from './profileTable.mjs';

const intervalMicroseconds = 200;
const folderOfBundles = path.join(out, 'bench', 'profiled');

/** The product's programs once more, as they are shipped, with maps that lead back to the sources. */
async function bundle() {
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
  await build({
    entryPoints: ['core', 'launcher', 'stopHelper', 'demoServer'].map((name) => ({
      in: path.join(clone, 'src', name, 'main.ts'),
      out: name,
    })),
    outdir: folderOfBundles,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    legalComments: 'none',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    absWorkingDir: clone,
  });
  for (const file of ['sql-wasm.js', 'sql-wasm.wasm'])
    copyFileSync(path.join(clone, 'node_modules', 'sql.js', 'dist', file), path.join(folderOfBundles, file));
}

/** Source file and line (1-based) of a call frame in the core's bundle or beside it. */
function sourceFinder() {
  const map = new SourceMap(JSON.parse(readFileSync(path.join(folderOfBundles, 'core.js.map'), 'utf8')));
  return ({ url, lineNumber, columnNumber }) => {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (!path.isAbsolute(file)) return undefined;
    if (path.basename(file) !== 'core.js') return { file: path.basename(file), line: lineNumber + 1 };
    const { originalSource, originalLine } = map.findEntry(lineNumber, columnNumber);
    if (originalSource === undefined) return undefined;
    const source = path.relative(clone, path.resolve(folderOfBundles, originalSource));
    return { file: source.split(path.sep).join('/'), line: originalLine + 1 };
  };
}

const nowMicroseconds = () => Number(process.hrtime.bigint() / 1000n);

/** Cells of a table by part of the core and one by function, for that many servers. */
export async function profileProduct({ count, intervalMs, warmUp, window, folder, log }) {
  await bundle();
  const profiles = path.join(folder, 'profiles');
  mkdirSync(profiles, { recursive: true });
  const nodeArguments = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-interval=${intervalMicroseconds}`];
  const account = new Account(`profiled-${count}`);
  // Time in which others have the CPU would count as its own.
  const coreArguments = ['--no-priority'];
  const how = { count, intervalMs, folder, log, dist: folderOfBundles, nodeArguments, coreArguments };
  const product = await startProduct(account, how);
  const times = {};
  try {
    await pause(warmUp * 1000);
    times.from = nowMicroseconds();
    await pause(window * 1000);
    times.to = nowMicroseconds();
  } finally {
    await product.stop();
  }
  const own = readdirSync(profiles).find((name) => name.includes(`.${product.pid}.0.`));
  if (!own) throw new Error('the core has left no CPU profile');
  const profile = JSON.parse(readFileSync(path.join(profiles, own), 'utf8'));
  return profileCells(whereTimeGoes(profile, times, sourceFinder()), { minutes: window / 60 });
}
