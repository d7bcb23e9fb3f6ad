import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { connectCore, type CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, ServerView } from '../../../src/shared/contract.js';
import { deadlineMs, until } from './until.js';

export { deadlineMs, sleep, until } from './until.js';

export const dist = path.resolve(import.meta.dirname, '../../../dist');
export interface Ready {
  ready: boolean;
  pid: number;
  endpoint: string;
  token: string;
  version: string;
  owner?: { pid: number; endpoint: string };
}

export interface CoreProcess {
  child: ChildProcess;
  /** The line of JSON it printed. */
  line: Ready;
  exit: Promise<number | string>;
}

export interface StartOptions {
  args?: string[];
  /** A program before node, as setpriv or taskset with their options. */
  prefix?: string[];
  env?: NodeJS.ProcessEnv;
  /** Where its bundles are, if not where they were built. */
  dist?: string;
}

/** A data directory of its own with everything that was started in it; all of it is gone after the test. */
export class Bench {
  readonly root: string;
  readonly dataDir: string;
  private readonly connections: CoreConnection[] = [];

  constructor(name = 'data', parent = os.tmpdir()) {
    this.root = fs.mkdtempSync(path.join(parent, 'gsp-core-'));
    this.dataDir = path.join(this.root, name);
  }

  /** Starts a core in a session of its own and waits for its line. */
  async core(options: StartOptions = {}): Promise<CoreProcess> {
    const command = [
      ...(options.prefix ?? []),
      process.execPath,
      path.join(options.dist ?? dist, 'core.js'),
      '--data-dir',
      this.dataDir,
      ...(options.args ?? []),
    ];
    const child = spawn(command[0] ?? '', command.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    const exit = new Promise<number | string>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(code ?? signal ?? 'unknown');
      });
    });
    let said = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    const text = await until('the first line of the core', () => {
      if (said.includes('\n')) return said;
      if (child.exitCode !== null) throw new Error(`core ended with ${child.exitCode}: ${complaint.slice(-500)}`);
      return undefined;
    });
    return { child, line: JSON.parse(text.split('\n')[0] ?? '') as Ready, exit };
  }

  async connect(ms = deadlineMs): Promise<CoreConnection> {
    const answer = async (): Promise<CoreConnection | undefined> => {
      try {
        return await connectCore({ dataDir: this.dataDir, client: { name: 'test', version: '0' }, timeoutMs: 5000 });
      } catch {
        return undefined;
      }
    };
    const connection = await until('an answering core', answer, ms);
    this.connections.push(connection);
    return connection;
  }

  file(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  /** The demo server with its world in this bench. */
  demo(id = 'demo', change: Partial<Definition> = {}, args: string[] = ['--players', '0']): Definition {
    const world = this.file('worlds', `${id}.json`);
    return {
      id,
      name: `Demo ${id}`,
      game: 'demo',
      launch: { command: process.execPath, args: [path.join(dist, 'demoServer.js'), world, ...args] },
      ...change,
    };
  }

  world(id = 'demo'): { saves: number; savedAt: number } | undefined {
    try {
      return JSON.parse(fs.readFileSync(this.file('worlds', `${id}.json`), 'utf8')) as {
        saves: number;
        savedAt: number;
      };
    } catch {
      return undefined;
    }
  }

  console(id = 'demo'): string {
    return fs.readFileSync(path.join(this.dataDir, 'logs', id, 'console.log'), 'utf8');
  }

  async dispose(): Promise<void> {
    for (const connection of this.connections) connection.dispose();
    // Everything of ours names the root on its command line, or carries it in its environment.
    await until('the end of everything that was started', () => {
      const left = this.processes('', 'environ');
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Ended meanwhile.
        }
      }
      return left.length === 0;
    });
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** Living processes that belong to this bench, as their command line says; some say it in their environment alone. */
  processes(filter = '', ...more: 'environ'[]): number[] {
    return fs.readdirSync('/proc').flatMap((name) => {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === process.pid) return [];
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const state = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '')[0];
        const texts = [command, ...more.map((name) => fs.readFileSync(`/proc/${pid}/${name}`, 'utf8'))];
        const isOurs = texts.some((text) => text.includes(this.root));
        return isOurs && command.includes(filter) && state !== 'Z' ? [pid] : [];
      } catch {
        return [];
      }
    });
  }
}

/** A new bench that is taken down after the test, whatever becomes of it. */
export function useBench(): () => Bench {
  let current: Bench | undefined;
  afterEach(async () => {
    await current?.dispose();
    current = undefined;
  });
  return () => (current ??= new Bench());
}

export async function stateOf(connection: CoreConnection, id = 'demo'): Promise<ServerView> {
  const views = await connection.request('server/list', {});
  const view = views.find((server) => server.id === id);
  if (view === undefined) throw new Error(`no server ${id}`);
  return view;
}

export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
