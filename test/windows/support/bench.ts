import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectCore, type CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, ServerView, State } from '../../../src/shared/contract.js';
import { until } from '../../core/support/until.js';

export { sleep, until } from '../../core/support/until.js';

/** What was built, as it is shipped. */
const dist = process.env.GSP_DIST ?? path.resolve('dist');
/** A user's folder as it is on many a Korean PC. */
const koreanFolder = '홍길동 game servers';

export interface StartedCore {
  readonly child: ChildProcess;
  /** The line of JSON that it printed. */
  readonly line: { ready: boolean; pid: number; endpoint: string; token: string; owner?: unknown };
}

/** A data directory of its own, with Korean letters and a space in its path, and everything that was started in it. */
export class Bench {
  readonly root: string;
  readonly dataDir: string;
  private readonly pids = new Set<number>();
  private readonly children: ChildProcess[] = [];
  private readonly connections: CoreConnection[] = [];

  constructor() {
    this.root = fs.mkdtempSync(path.join(process.env.GSP_WINDOWS_TEMP ?? os.tmpdir(), 'gsp-w-'));
    this.dataDir = path.join(this.root, koreanFolder, 'data');
    fs.mkdirSync(this.dataDir, { recursive: true });
  }

  file(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  async core(args: readonly string[] = []): Promise<StartedCore> {
    const child = spawn(process.execPath, [path.join(dist, 'core.js'), '--data-dir', this.dataDir, ...args], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.push(child);
    let said = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    const text = await until('the first line of the monitoring', () => {
      if (said.includes('\n')) return said;
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${complaint.slice(-500)}`);
      return undefined;
    });
    return { child, line: JSON.parse(text.split('\n')[0] ?? '') as StartedCore['line'] };
  }

  async connect(): Promise<CoreConnection> {
    const connection = await until('an answer', async () => {
      try {
        return await connectCore({ dataDir: this.dataDir, client: { name: 'test', version: '0' }, timeoutMs: 5000 });
      } catch {
        return undefined;
      }
    });
    this.connections.push(connection);
    // Also one that the launcher has brought back.
    this.pids.add(connection.hello.pid);
    const { launcher } = await connection.request('core/status', {});
    if (launcher !== null) this.pids.add(launcher.pid);
    return connection;
  }

  /** The demo server with its world in this bench. */
  demo(id = 'demo', change: Partial<Definition> = {}): Definition {
    const world = this.file('worlds', `${id}.json`);
    fs.mkdirSync(path.dirname(world), { recursive: true });
    return {
      id,
      name: `Demo ${id}`,
      game: 'demo',
      launch: { command: '${node}', args: ['${demoServer}', world, '--players', '0'] },
      ...change,
    };
  }

  /** Ends everything, whatever state it is in, and removes the folder. */
  async dispose(): Promise<void> {
    for (const connection of this.connections) connection.dispose();
    for (const { id, pid } of this.servers()) if (id !== '' && pid !== null) this.pids.add(pid);
    for (const child of this.children) child.kill();
    for (const pid of this.pids) end(pid);
    await until('everything to have ended', () => ![...this.pids].some(lives), 10_000);
    await until(
      'the folder to be free',
      () => {
        try {
          fs.rmSync(this.root, { recursive: true, force: true });
          return true;
        } catch {
          return false;
        }
      },
      10_000,
    );
  }

  /** As the records in the data directory have them. */
  private servers(): { id: string; pid: number | null }[] {
    const run = path.join(this.dataDir, 'run');
    const names = fs.existsSync(run) ? fs.readdirSync(run).filter((name) => name.endsWith('.json')) : [];
    return names.map((name) => {
      try {
        const { pid } = JSON.parse(fs.readFileSync(path.join(run, name), 'utf8')) as { pid?: number | null };
        return { id: name, pid: pid ?? null };
      } catch {
        return { id: name, pid: null };
      }
    });
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export async function viewOf(connection: CoreConnection, id: string): Promise<ServerView> {
  const view = (await connection.request('server/list', {})).find((one) => one.id === id);
  if (view === undefined) throw new Error(`no server ${id}`);
  return view;
}

export async function stateOf(connection: CoreConnection, id: string, wanted: State): Promise<ServerView> {
  return await until(`${id} to be ${wanted}`, async () => {
    const view = await viewOf(connection, id);
    return view.state === wanted && view;
  });
}
