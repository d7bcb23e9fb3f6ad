// Runs the tests of test/windows: bundled, one file after the other, by node.exe in Wine or, on Windows, by this Node.
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { clone, out } from './paths.mjs';
import { waitUntilGone } from './processes.mjs';
import { signalTree, start } from './run.mjs';
import { copyPrefix } from './wine.mjs';

const limitMinutes = 5;
const graceMs = 5_000;
const folder = path.join(clone, 'test', 'windows');
const isWindows = process.platform === 'win32';
/** As Windows names it: in Wine, Z: is the root of Linux. */
const named = (file) => (isWindows ? file : `Z:${file.replaceAll('/', '\\')}`);

function testFiles(filter) {
  const words = filter.filter((word) => !word.startsWith('-'));
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => words.length === 0 || words.some((word) => `test/windows/${file}`.includes(word)))
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

/** One file's tests: what each came to, and what is wrong beside them. */
async function runFile(file, { script, env, reports }) {
  const name = file.replaceAll(path.sep, '-').replace(/\.test\.ts$/, '');
  const results = path.join(reports, `windows-${name}.jsonl`);
  const said = path.join(reports, `windows-${name}.txt`);
  rmSync(results, { force: true });
  const reporter = path.join(clone, '.scripts', 'lib', 'windowsReporter.mjs');
  const args = [
    '--enable-source-maps',
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[
      `--test-reporter=${isWindows ? reporter : `file:///Z:${reporter}`}`,
      `--test-reporter-destination=${named(results)}`,
    ],
    named(script),
  ];
  const words = isWindows ? [process.execPath, ...args] : ['wine', env.GSP_WINDOWS_NODE, ...args];
  // Not a pipe: in Wine, node.exe cannot write to one of Linux.
  const output = openSync(said, 'w');
  const child = start(words[0], words.slice(1), { cwd: clone, env, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const late = setTimeout(() => signalTree(child, 'SIGKILL'), limitMinutes * 60_000);
  const outcome = await ended;
  clearTimeout(late);
  console.log(readFileSync(said, 'utf8').trimEnd());
  const lines = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n').filter(Boolean) : [];
  const tests = lines.map((line) => JSON.parse(line));
  const isExplained = outcome === 0 || tests.some(({ status }) => status === 'failed');
  return { tests, fault: isExplained ? undefined : `test/windows/${file}: node ended with ${outcome}` };
}

/** Neither Wine's own servants nor what stands for the devices of a PC. */
const isOurs = ({ command }) => /node\.exe|cmd\.exe/i.test(command);

/** As runProject of testProject.mjs. */
export async function runWindowsTests({ filter, env, reports }) {
  const result = { passed: 0, failed: [], skipped: [], failures: [] };
  const files = testFiles(filter);
  if (env.GSP_SKIP_WINDOWS) {
    result.skipped.push(...files.map((file) => `test/windows/${file}: ${env.GSP_SKIP_WINDOWS}`));
    return result;
  }
  const bundles = path.join(out, 'windows');
  rmSync(bundles, { recursive: true, force: true });
  mkdirSync(bundles, { recursive: true });
  await bundle(files, bundles);
  // Beside what loads it, as it is shipped.
  for (const dir of [bundles, path.join(clone, 'dist')]) copyFileSync(env.GSP_KOFFI, path.join(dir, 'koffi.node'));
  const prefix = isWindows ? undefined : copyPrefix(env.GSP_WINE_PREFIX);
  const given = {
    ...env,
    ...prefix?.env,
    GSP_DIST: named(path.join(clone, 'dist')),
    GSP_WINDOWS_TEMP: named(env.TMPDIR ?? ''),
  };
  try {
    for (const file of files) {
      console.log(`\ntest/windows/${file.replaceAll(path.sep, '/')}`);
      const script = path.join(bundles, file.replace(/\.ts$/, '.js'));
      const { tests, fault } = await runFile(file, { script, env: given, reports });
      for (const { name, status, skip } of tests) {
        if (status === 'passed') result.passed++;
        else if (status === 'failed') result.failed.push(`test/windows/${file}: ${name}`);
        else result.skipped.push(`test/windows/${file}: ${name}${typeof skip === 'string' ? `: ${skip}` : ''}`);
      }
      if (fault !== undefined) result.failures.push(fault);
    }
    // Ended together with Wine, they would not be seen.
    const left = await waitUntilGone('GSP_TEST_RUN', env.GSP_TEST_RUN, graceMs, isOurs);
    result.failures.push(...left.map(({ pid, command }) => `left running: ${pid} ${command.slice(0, 200)}`));
  } finally {
    prefix?.remove();
  }
  return result;
}
