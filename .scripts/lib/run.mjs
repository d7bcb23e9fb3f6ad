// Child processes of the tooling: each in a group of its own, so that it can be ended together with what it started.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, realpathSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';

const isWindows = process.platform === 'win32';
const running = new Set();
let interrupted = false;

class CommandFailed extends Error {
  constructor(message, log) {
    super(message);
    this.log = log;
  }
}

/** True after `endRunning`: whatever fails from then on fails because of it. */
export const wasInterrupted = () => interrupted;

/** What everything that waits for a child rejects with after `endRunning`. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/**
 * Starts a child in a process group of its own, so that Ctrl+C in the terminal does not reach it by itself. `endRunning`
 * ends it, unless it is `unbreakable` (a package manager that would leave the system half-configured).
 */
export function start(command, args, { unbreakable = false, ...options } = {}) {
  if (interrupted) throw new Interrupted();
  const child = spawn(command, args, { detached: !isWindows, windowsHide: true, ...options });
  if (unbreakable) return child;
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Sends a signal to a child and all it started. */
export function signalTree(child, signal) {
  if (child.pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Ends every child that still runs, and lets none be started any more: whatever waits for one unwinds. */
export function endRunning(signal = 'SIGTERM') {
  interrupted = true;
  for (const child of running) signalTree(child, signal);
}

/** Runs a command to its end with its output appended to `log`; rejects with CommandFailed unless it exits with 0. */
export async function run(command, args, { log, cwd, env = process.env, unbreakable, timeoutMs = 15 * 60_000 }) {
  const output = openSync(log, 'a');
  writeSync(output, `\n> ${[path.basename(command), ...args].join(' ')}\n`);
  let child;
  try {
    child = start(command, args, { cwd, env, unbreakable, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      signalTree(child, 'SIGKILL');
    }, timeoutMs);
    const settle = (how) => {
      clearTimeout(timer);
      if (interrupted) reject(new Interrupted());
      else if (how === undefined) resolve();
      else reject(new CommandFailed(`${path.basename(command)} ${args[0] ?? ''}: ${how}`, log));
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code, signal) => {
      if (late) settle(`no end after ${timeoutMs / 60_000} minutes`);
      else settle(code === 0 ? undefined : `ended with ${signal ?? code}`);
    });
  });
}

/** The first program of that name on PATH, or undefined. */
export function onPath(name, env = process.env) {
  const endings = isWindows ? (env.PATHEXT ?? '.EXE;.CMD').toLowerCase().split(';') : [''];
  for (const dir of (env.PATH ?? env.Path ?? '').split(path.delimiter)) {
    if (dir === '') continue;
    for (const ending of endings) {
      const file = path.join(dir, name + ending);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** npm's own program, to be run by whichever Node is wanted. */
function npmProgram() {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.c?js$/.test(fromNpm) && existsSync(fromNpm)) return fromNpm;
  const found = onPath('npm');
  if (!found) throw new Error('npm was not found on PATH');
  const candidates = [realpathSync(found), path.join(path.dirname(found), 'node_modules', 'npm', 'bin', 'npm-cli.js')];
  const program = candidates.find((file) => /npm-cli\.c?js$/.test(file) && existsSync(file));
  if (!program) throw new Error(`npm at ${found} is not a Node program; run this as an npm script`);
  return program;
}

/** Runs npm. `node` is the Node that runs it and its scripts; `config` are npm options for this call only. */
export function runNpm(args, { node = process.execPath, config = {}, env = process.env, ...options }) {
  // What an outer `npm start` says about its own package and command must not reach this one.
  const kept = Object.entries(env).filter(([key]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(key));
  const quiet = { audit: false, fund: false, update_notifier: false, progress: false, engine_strict: false };
  const settings = Object.entries({ ...quiet, ...config }).map(([key, value]) => [`npm_config_${key}`, String(value)]);
  const searched = [path.dirname(node), env.PATH ?? env.Path ?? ''].join(path.delimiter);
  return run(node, [npmProgram(), ...args], {
    ...options,
    env: { ...Object.fromEntries([...kept, ...settings]), PATH: searched },
  });
}
