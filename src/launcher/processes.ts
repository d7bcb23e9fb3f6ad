import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment } from '../node/environment.js';
import { ensurePrivateDirectory, errorCode } from '../node/files.js';
import { processStartTime } from '../node/processIdentity.js';
import { Failure } from '../shared/failure.js';
import type { Farewell, LaunchedProcess, ProcessExit, SpawnRequest } from '../shared/launcherProtocol.js';
import { openServerStdin, stdinPath, writeServerStdin } from './stdinPipe.js';

/** The servers that this launcher has started and that have not ended. */
export class Processes {
  private readonly living = new Map<string, LaunchedProcess>();
  private readonly farewells = new Map<string, Farewell>();
  private readonly encodings = new Map<string, string | undefined>();

  constructor(
    private readonly dataDir: string,
    private readonly onExit: (exit: ProcessExit) => void,
  ) {}

  list(): LaunchedProcess[] {
    return [...this.living.values()];
  }

  get count(): number {
    return this.living.size;
  }

  /** What was agreed on for the day that the PC goes down; undefined where nothing was. */
  farewell(id: string): Farewell | undefined {
    return this.farewells.get(id);
  }

  /** It has been told to stop. */
  noteTold(id: string): void {
    const launched = this.living.get(id);
    if (launched !== undefined) launched.toldAt = Date.now();
  }

  /** Tells it to stop: by its stdin, else by a signal to it and its group. */
  tell(id: string, { lines, signal }: Farewell): void {
    const launched = this.living.get(id);
    if (launched === undefined) return;
    this.noteTold(id);
    try {
      for (const line of lines) writeServerStdin(stdinPath(this.dataDir, id), line, this.encodings.get(id));
      if (lines.length > 0) return;
    } catch {
      // Nobody reads there, or has not for long: the signal then.
    }
    try {
      // It leads a group of its own, and its pid is not free before its end was seen here.
      process.kill(process.platform === 'win32' ? launched.pid : -launched.pid, signal);
    } catch {
      // It has just ended.
    }
  }

  /** Resolves when the program runs, which says nothing yet about how long. */
  async spawn(request: SpawnRequest): Promise<LaunchedProcess> {
    if (this.living.has(request.id)) throw new Failure('already-running', { id: request.id });
    checkExecutable(request);
    ensurePrivateDirectory(path.dirname(request.consoleFile));
    const output = fs.openSync(request.consoleFile, 'a', 0o600);
    let input: number | undefined;
    try {
      input = openServerStdin(stdinPath(this.dataDir, request.id));
      const child = spawn(request.command, request.args, {
        cwd: request.cwd,
        // A session and process group of its own: no terminal's Ctrl+C reaches it, and a signal reaches all of it.
        detached: true,
        windowsHide: true,
        env: environmentOf(request),
        stdio: [input, output, output],
      });
      return await this.watch(child, request);
    } finally {
      fs.closeSync(output);
      if (input !== undefined) fs.closeSync(input);
    }
  }

  private async watch(child: ChildProcess, request: SpawnRequest): Promise<LaunchedProcess> {
    const startedAt = Date.now();
    const { pid } = child;
    if (pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw spawnFailure(error, request);
    }
    const launched: LaunchedProcess = {
      id: request.id,
      nonce: request.nonce,
      pid,
      startTime: processStartTime(pid),
      startedAt,
    };
    this.living.set(request.id, launched);
    this.encodings.set(request.id, request.encoding);
    if (request.farewell === undefined) this.farewells.delete(request.id);
    else this.farewells.set(request.id, request.farewell);
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      this.living.delete(request.id);
      this.onExit({ id: request.id, nonce: request.nonce, pid, code, signal, at: Date.now() });
    });
    return launched;
  }
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
