// What is measured runs in a process of its own, so that its memory, CPU and bytes are its own.
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { clone, out } from '../paths.mjs';
import { Interrupted, signalTree, start, wasInterrupted } from '../run.mjs';

const callMs = 15 * 60_000;
const endMs = 10_000;

const bundles = (bench) => path.join(out, 'bench', 'programs', bench);

/** Bundles every subject of test/bench/<bench>/subjects with the product's code in it. Nothing of it comes near dist. */
export async function bundleSubjects(bench) {
  const { build } = await import('esbuild');
  const folder = path.join(clone, 'test', 'bench', bench, 'subjects');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const { version } = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
  await build({
    entryPoints: files.map((name) => path.join(folder, name)),
    outdir: bundles(bench),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    absWorkingDir: clone,
  });
  mkdirSync(bundles(bench), { recursive: true });
  for (const file of ['sql-wasm.js', 'sql-wasm.wasm'])
    copyFileSync(path.join(clone, 'node_modules', 'sql.js', 'dist', file), path.join(bundles(bench), file));
  return `${files.length} programs`;
}

/** Settings of the caller's that change how Node uses memory would change what is measured. */
export function plainEnvironment(more) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_|MALLOC_|npm_)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/**
 * Starts a subject.
 *
 * @param how.node the Node that runs it; `env` and `nodeArguments` are added to its own
 * @param how.prefix words before that, as `taskset -c 0`
 * @returns `pid`, `call(command, argument)`, `end()` once it has closed what it has open, and `kill()` as a crash would
 */
export function startSubject({ bench, name, log, ...how }) {
  const { node = process.execPath, env = {}, nodeArguments = [], prefix = [] } = how;
  const output = openSync(log, 'a');
  let child;
  try {
    const [command, ...words] = [...prefix, node, ...nodeArguments, path.join(bundles(bench), `${name}.js`)];
    child = start(command, words, {
      env: plainEnvironment(env),
      stdio: ['ignore', output, output, 'ipc'],
    });
  } finally {
    closeSync(output);
  }
  const calls = new Map();
  const gone = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  const failed = (how) => (wasInterrupted() ? new Interrupted() : new Error(`${name}: ${how}`));
  child.on('message', ({ number, result, error }) => {
    const { resolve, reject } = calls.get(number);
    if (error === undefined) resolve(result);
    else reject(failed(error));
  });
  void gone.then((how) => {
    for (const { reject } of calls.values()) reject(failed(how));
  });

  let number = 0;
  const call = async (command, argument = {}) => {
    const own = ++number;
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        calls.set(own, { resolve, reject });
        timer = setTimeout(() => reject(failed(`${command}: no answer in ${callMs / 60_000} minutes`)), callMs);
        child.send({ number: own, command, argument }, (error) => error && reject(failed(error.message)));
      });
    } finally {
      clearTimeout(timer);
      calls.delete(own);
    }
  };
  const end = async () => {
    // Not by disconnecting: then Node never says that the child has closed.
    child.send({ command: 'end' }, () => {});
    const timer = setTimeout(() => signalTree(child, 'SIGKILL'), endMs);
    await gone;
    clearTimeout(timer);
  };
  const kill = async () => {
    signalTree(child, 'SIGKILL');
    await gone;
  };
  return { pid: child.pid, call, end, kill };
}
