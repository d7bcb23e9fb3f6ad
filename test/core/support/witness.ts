import fs from 'node:fs';
import path from 'node:path';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Alert, Definition, ServerView, State } from '../../../src/shared/contract.js';
import { stateOf, until, type Bench } from './bench.js';
import { often } from './often.js';

/** What a window is told of all servers, from the moment on at which it was asked to listen. */
export class Witness {
  readonly alerts: Alert[] = [];
  private readonly views: ServerView[] = [];

  private constructor(readonly connection: CoreConnection) {
    connection.on('server/changed', (view) => this.views.push(view));
    connection.on('alert/raised', (alert) => this.alerts.push(alert));
  }

  static async of(connection: CoreConnection): Promise<Witness> {
    const witness = new Witness(connection);
    await connection.request('client/subscribe', {});
    return witness;
  }

  /** The states that it went through, each once in a row. */
  states(id: string): State[] {
    const states = this.viewsOf(id).map(({ state }) => state);
    return states.filter((state, n) => state !== states[n - 1]);
  }

  healths(id: string): Set<string> {
    return new Set(this.viewsOf(id).map(({ health }) => health.is));
  }

  private viewsOf(id: string): ServerView[] {
    return this.views.filter((view) => view.id === id);
  }
}

/** Numbers come often at any load, so that nothing here waits for them for long. */
export async function lookOften(connection: CoreConnection): Promise<void> {
  await connection.request('settings/set', { settings: { sampling: often } });
}

/** Waits until a server is in that state, and answers how it looks then. */
export async function reaches(connection: CoreConnection, id: string, state: State, ms?: number): Promise<ServerView> {
  return await until(
    `${id} ${state}`,
    async () => {
      const now = await stateOf(connection, id);
      return now.state === state && now;
    },
    ms,
  );
}

/** A server that is support/stubServer.mjs. */
export function stub(bench: Bench, id: string, change: Partial<Definition> = {}, args: string[] = []): Definition {
  const program = path.join(import.meta.dirname, 'stubServer.mjs');
  return {
    id,
    name: `Stub ${id}`,
    game: 'other',
    launch: { command: process.execPath, args: [program, bench.file(`${id}.notes`), ...args] },
    patterns: { ready: 'Stub ready' },
    ...change,
  };
}

/** What a stub was told, oldest first. */
export function told(bench: Bench, id: string): string[] {
  const file = bench.file(`${id}.notes`);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

/** A server that is a script of /bin/sh with these lines, in a folder of its own. */
export function script(bench: Bench, id: string, lines: string[], change: Partial<Definition> = {}): Definition {
  const cwd = bench.file('scripts', id);
  fs.mkdirSync(cwd, { recursive: true });
  const command = path.join(cwd, 'start.sh');
  fs.writeFileSync(command, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  return { id, name: `Script ${id}`, game: 'other', launch: { command, cwd, env: { BENCH: bench.root } }, ...change };
}

/** How often a line that it prints once at its start is in a server's console. */
export function starts(bench: Bench, id: string, line = 'Starting the demo server'): number {
  return bench.console(id).split(line).length - 1;
}
