import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../shared/failure.js';
import { coreEnvironment, coreFlags } from './environment.js';
import { ensurePrivateDirectory } from './files.js';

export interface StartCoreOptions {
  /** The executable that runs it: Node, or Electron that can act as Node. */
  node: string;
  /** Path of core.js. */
  core: string;
  dataDir: string;
  idleExitSeconds: number;
  timeoutMs?: number;
}

const exitOwned = 3;

/**
 * Starts a core that outlives its starter, and waits until it is ready. Resolves also when another core owns the
 * directory: there is one then. Rejects `command-not-found` when there is nothing to run, `start-failed` {detail} with
 * what it said, `timeout`.
 */
export async function startCore(options: StartCoreOptions): Promise<{ pid: number }> {
  if (!fs.existsSync(options.core)) throw new Failure('command-not-found', { file: options.core });
  const logs = path.join(options.dataDir, 'logs');
  ensurePrivateDirectory(logs);
  const errors = path.join(logs, 'start.err');
  const stderr = fs.openSync(errors, 'w', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      options.node,
      [...coreFlags, options.core, '--data-dir', options.dataDir, '--idle-exit', String(options.idleExitSeconds)],
      {
        cwd: options.dataDir,
        // Its own session: it outlives this process and has a scheduling group of its own to lower.
        detached: true,
        windowsHide: true,
        env: coreEnvironment(process.env),
        stdio: ['ignore', 'pipe', stderr],
      },
    );
  } finally {
    fs.closeSync(stderr);
  }
  const complaint = (): string => tail(errors);
  return await new Promise((resolve, reject) => {
    let said = '';
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.unref();
      act();
    };
    const timer = setTimeout(() => {
      finish(() => {
        reject(new Failure('timeout', { detail: complaint() }));
      });
    }, options.timeoutMs ?? 20_000);
    child.once('error', (error) => {
      finish(() => {
        reject(new Failure('start-failed', { detail: error.message }, error.message));
      });
    });
    child.once('exit', (code, signal) => {
      finish(() => {
        if (code === exitOwned) resolve({ pid: 0 });
        else reject(new Failure('start-failed', { code, signal, detail: complaint() }));
      });
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.includes('\n') && said.includes('"ready":true')) {
        finish(() => {
          resolve({ pid: child.pid ?? 0 });
        });
      }
    });
  });
}

function tail(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim().slice(-500);
  } catch {
    return '';
  }
}
