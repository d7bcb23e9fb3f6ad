import fs from 'node:fs';
import path from 'node:path';
import { connectCore, type CoreConnection } from '../../../src/node/coreConnection.js';
import type { ServerView } from '../../../src/shared/contract.js';

/** Asks the core of a session directly: what the window shows is compared with what is true. */
export class CoreProbe {
  constructor(private readonly dataDir: string) {}

  async ask<T>(question: (core: CoreConnection) => Promise<T>): Promise<T> {
    const core = await connectCore({ dataDir: this.dataDir, client: { name: 'probe', version: '0' } });
    try {
      return await question(core);
    } finally {
      core.dispose();
    }
  }

  async server(id: string): Promise<ServerView> {
    const views = await this.ask((core) => core.request('server/list', {}));
    const view = views.find((server) => server.id === id);
    if (view === undefined) throw new Error(`no server ${id}`);
    return view;
  }

  async pid(): Promise<number> {
    return await this.ask((core) => Promise.resolve(core.hello.pid));
  }

  world(id: string): { saves: number; savedAt: number } {
    const file = path.join(this.dataDir, 'worlds', `${id}.json`);
    return JSON.parse(fs.readFileSync(file, 'utf8')) as { saves: number; savedAt: number };
  }

  get serversFile(): string {
    return path.join(this.dataDir, 'servers.json');
  }
}

export async function eventually<T>(
  what: string,
  probe: () => Promise<T | false | undefined>,
  ms = 30_000,
): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const value = await probe();
    if (value !== false && value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
