import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanEnvironment } from '../../node/environment.js';
import { ensurePrivateDirectory, errorCode } from '../../node/files.js';
import { processStartTime } from '../../node/processIdentity.js';
import { Failure } from '../../shared/failure.js';
import type { LaunchedProcess, SpawnRequest } from '../../shared/launcherProtocol.js';
import type { End, Started, Starter } from '../starter.js';
import { stdinPath } from '../stdinPath.js';
import { openServerStdin, writeServerStdin } from './stdinPipe.js';

/** Linux and macOS: child processes that lead a session of their own, their stdin a FIFO. */
export class PosixStarter implements Starter {
  /** Of those that were started here. */
  private readonly encodings = new Map<string, string | undefined>();

  constructor(private readonly dataDir: string) {}

  async start(request: SpawnRequest, onEnd: (end: End) => void): Promise<Started> {
    checkExecutable(request);
    this.encodings.set(request.id, request.encoding);
    ensurePrivateDirectory(path.dirname(request.consoleFile));
    const output = fs.openSync(request.consoleFile, 'a', 0o600);
    let input: number | undefined;
    try {
      input = openServerStdin(stdinPath(this.dataDir, request.id));
      const child = spawn(request.command, request.args, {
        cwd: request.cwd,
        // A session and process group of its own: no terminal's Ctrl+C reaches it, and a signal reaches all of it.
        detached: true,
        env: environmentOf(request),
        stdio: [input, output, output],
      });
      return await watch(child, request, onEnd);
    } finally {
      fs.closeSync(output);
      if (input !== undefined) fs.closeSync(input);
    }
  }

  write(id: string, line: string, encoding = this.encodings.get(id)): void {
    writeServerStdin(stdinPath(this.dataDir, id), line, encoding);
  }

  interrupt({ pid }: LaunchedProcess, signal: string): void {
    try {
      // It leads a group of its own, and its pid is not free before its end was seen here.
      process.kill(-pid, signal);
    } catch {
      // It has just ended.
    }
  }
}

async function watch(child: ChildProcess, request: SpawnRequest, onEnd: (end: End) => void): Promise<Started> {
  const { pid } = child;
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw spawnFailure(error, request);
  }
  const isRefused = request.priority !== undefined && !raise(pid);
  child.on('error', () => undefined);
  child.once('exit', (code, signal) => {
    onEnd({ code, signal });
  });
  return { pid, startTime: processStartTime(pid), ...(isRefused ? { priorityRefused: true } : {}) };
}

/** False where the system refuses, and all is left as it is: on Linux only root, CAP_SYS_NICE or a raised limit may. */
function raise(pid: number): boolean {
  try {
    os.setPriority(pid, -5);
  } catch (error) {
    // One that has ended already was refused nothing.
    return errorCode(error) === 'ESRCH';
  }
  try {
    // Its session's group counts as well.
    fs.writeFileSync(`/proc/${pid}/autogroup`, '-5');
  } catch {
    // No such group, or gone.
  }
  return true;
}

function environmentOf(request: SpawnRequest): Record<string, string> {
  const env = cleanEnvironment(process.env);
  for (const [key, value] of Object.entries(request.env)) {
    if (value === null) Reflect.deleteProperty(env, key);
    else env[key] = value;
  }
  env.GSP_SERVER = `${request.id}:${request.nonce}`;
  return env;
}

/** Says what is wrong before the system does: its ENOENT does not tell a missing program from a missing folder. */
function checkExecutable(request: SpawnRequest): void {
  if (/[\\/]/.test(request.command)) checkFile(request);
  if (!isDirectory(request.cwd)) throw new Failure('io', { file: request.cwd, detail: 'ENOENT' }, 'no such folder');
}

function checkFile(request: SpawnRequest): void {
  const file = path.resolve(request.cwd, request.command);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure('command-not-found', { command: file });
  if (stat.isDirectory()) throw new Failure('not-executable', { command: file });
  try {
    fs.accessSync(file, fs.constants.X_OK);
  } catch {
    throw new Failure('not-executable', { command: file });
  }
}

function isDirectory(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function spawnFailure(error: Error, request: SpawnRequest): Failure {
  const code = errorCode(error);
  if (code === 'ENOENT') return new Failure('command-not-found', { command: request.command });
  if (code === 'EACCES' || code === 'ENOEXEC') return new Failure('not-executable', { command: request.command });
  return new Failure('start-failed', { detail: error.message }, error.message);
}
