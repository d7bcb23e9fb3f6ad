// Runs the tests of test/windows: bundled, one file after the other, by node.exe in Wine or, on Windows, by this Node.
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { clone, out } from './paths.mjs';
import { waitUntilGone } from './processes.mjs';
import { signalTree, start } from './run.mjs';
import { parseFilter, resultOf } from './windowsResults.mjs';
import { copyPrefix } from './winePrefix.mjs';

const fileMinutes = 5;
const allMinutes = 25;
const graceMs = 5_000;
const endMs = 30_000;
const folder = path.join(clone, 'test', 'windows');
const isWindows = process.platform === 'win32';
/** As Windows names it: in Wine, Z: is the root of Linux. */
const named = (file) => (isWindows ? file : `Z:${file.replaceAll('/', '\\')}`);
/** The same as an address, which is how Node there wants a module to be named. */
const addressed = (file) => pathToFileURL(file).href.replace(/^file:\/\/\//, isWindows ? 'file:///' : 'file:///Z:/');
const shown = (file) => `test/windows/${file.replaceAll(path.sep, '/')}`;

function testFiles(words) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => words.length === 0 || words.some((word) => shown(file).includes(word)))
    .sort();
}

async function bundle(files, outdir) {
  // Only now: it may have been installed just before.
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
  await build({
    absWorkingDir: clone,
    entryPoints: files.map((file) => path.join(folder, file)),
    outdir,
    outbase: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { __VERSION__: JSON.stringify(version) },
  });
}

/** Puts koffi.node beside what loads it, as it is shipped. One that is the same may be loaded by somebody: it stays. */
function placeKoffi(koffi, dir) {
  const file = path.join(dir, 'koffi.node');
  if (existsSync(file) && readFileSync(file).equals(readFileSync(koffi))) return;
  const draft = `${file}.${process.pid}`;
  copyFileSync(koffi, draft);
  renameSync(draft, file);
}

/** Node with one file's tests: its output goes into a file, because node.exe in Wine cannot write into a pipe of Linux. */
function startFile({ script, results, said, pattern, env }) {
  const reporter = addressed(path.join(clone, '.scripts', 'lib', 'windowsReporter.mjs'));
  const args = [
    '--enable-source-maps',
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${named(results)}`],
    ...(pattern === undefined ? [] : [`--test-name-pattern=${pattern}`]),
    named(script),
  ];
  const [command, ...words] = isWindows ? [process.execPath, ...args] : [env.GSP_WINE, env.GSP_WINDOWS_NODE, ...args];
  const output = openSync(said, 'w');
  try {
    return start(command, words, { cwd: clone, env, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
}

/** As the result of a project, for one file; ends what hangs. */
async function runFile(file, { bundles, env, reports, pattern, minutes, prefix }) {
  const name = file.replaceAll(path.sep, '-').replace(/\.test\.ts$/, '');
  const results = path.join(reports, `windows-${name}.jsonl`);
  const said = path.join(reports, `windows-${name}.txt`);
  rmSync(results, { force: true });
  const script = path.join(bundles, file.replace(/\.ts$/, '.js'));
  const child = startFile({ script, results, said, pattern, env });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const deadline = new AbortController();
  const late = pause(minutes * 60_000, 'late', { signal: deadline.signal }).catch(() => undefined);
  const outcome = await Promise.race([ended, late]);
  deadline.abort();
  if (outcome === 'late') {
    // What Wine runs is no child of the program that was started.
    signalTree(child, 'SIGKILL');
    await prefix?.end();
    await Promise.race([ended, pause(endMs)]);
  }
  const text = readFileSync(said, 'utf8');
  console.log(text.trimEnd());
  const report = existsSync(results) ? readFileSync(results, 'utf8') : '';
  const isLate = outcome === 'late';
  return resultOf({ file: shown(file), report, said: text, outcome, late: isLate ? minutes : undefined, pattern });
}

/** Wine's own, which stay for a while or as long as it runs; conhost goes with those whose console it holds. */
const servants = /[\\/](conhost|explorer|plugplay|rpcss|rundll32|services|start|svchost|wineboot|winedevice)\.exe\b/i;
const isOurs = ({ command }) => /\.exe\b/i.test(command) && !servants.test(command);

/** Files one after the other, within the time that all of them have. Returns one result per file. */
async function runFiles(files, options) {
  const until = performance.now() + allMinutes * 60_000;
  const results = [];
  for (const file of files) {
    const minutes = Math.min(fileMinutes, (until - performance.now()) / 60_000);
    if (minutes <= 0) {
      const failures = [`${shown(file)}: not run, the others took ${allMinutes} minutes`];
      results.push({ passed: 0, failed: 0, skipped: [], failures });
      continue;
    }
    console.log(`\n${shown(file)}`);
    const result = await runFile(file, { ...options, minutes });
    // Ended together with Wine, they would not be seen.
    const left = await waitUntilGone('GSP_TEST_RUN', options.env.GSP_TEST_RUN, graceMs, isOurs);
    result.failures.push(
      ...left.map(({ pid, command }) => `${shown(file)} left running: ${pid} ${command.slice(0, 200)}`),
    );
    if (left.length > 0) await options.prefix?.end();
    results.push(result);
  }
  return results;
}

/** As runProject of testProject.mjs. */
export async function runWindowsTests({ filter, env, reports }) {
  const { files: words, pattern } = parseFilter(filter);
  const files = testFiles(words);
  const nothing = { passed: 0, failed: [], skipped: [], failures: [] };
  if (env.GSP_SKIP_WINDOWS) {
    return { ...nothing, skipped: files.map((file) => `${shown(file)}: ${env.GSP_SKIP_WINDOWS}`) };
  }
  if (files.length === 0) return nothing;
  const bundles = path.join(out, 'windows');
  rmSync(bundles, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(bundles, { recursive: true });
  await bundle(files, bundles);
  const places = files.map((file) => path.join(bundles, path.dirname(file)));
  for (const dir of new Set([...places, path.join(clone, 'dist')])) placeKoffi(env.GSP_KOFFI, dir);
  const prefix = isWindows ? undefined : await copyPrefix(env.GSP_WINE_PREFIX, env.GSP_WINE_SERVER);
  const given = {
    ...env,
    ...prefix?.env,
    GSP_DIST: named(path.join(clone, 'dist')),
    GSP_WINDOWS_TEMP: named(env.TMPDIR),
  };
  try {
    const results = await runFiles(files, { bundles, env: given, reports, pattern, prefix });
    return {
      passed: results.reduce((sum, { passed }) => sum + passed, 0),
      failed: results.flatMap(({ failed }) => failed),
      skipped: results.flatMap(({ skipped }) => skipped),
      failures: results.flatMap(({ failures }) => failures),
    };
  } finally {
    await prefix?.remove();
  }
}
