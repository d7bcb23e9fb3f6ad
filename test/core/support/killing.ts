import fs from 'node:fs';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import { sleep, stateOf, until, type Bench } from './bench.js';

const ids = ['one', 'two', 'three'] as const;
type Id = (typeof ids)[number];
type Wish = 'run' | 'stop' | 'open';

/**
 * Kills the core at random moments of start, stop and restart of three demo servers, again and again, and checks after
 * each time that every server is what the panel says, that none runs twice, that none runs against the last wish, and that
 * no world is older than the last save that its server has confirmed.
 */
export class Killing {
  private connection: CoreConnection | undefined;
  private readonly wishes: Record<Id, Wish> = { one: 'stop', two: 'stop', three: 'stop' };

  constructor(
    private readonly bench: Bench,
    private readonly random: () => number,
  ) {}

  async prepare(): Promise<void> {
    await this.bench.core();
    this.connection = await this.bench.connect();
    const restart = { policy: 'on-crash' as const, backoffSeconds: [0.1], maxAttempts: 100, windowSeconds: 60 };
    for (const id of ids) {
      const definition = this.bench.demo(id, { restart }, ['--players', '1', '--save-every', '1']);
      await this.connection.request('server/add', { definition });
    }
  }

  async round(): Promise<void> {
    for (const id of ids) if (this.random() < 0.7) this.command(id);
    await sleep(this.random() * 900);
    process.kill(this.connection?.hello.pid ?? 0, 'SIGKILL');
    this.connection?.dispose();
    this.connection = await this.nextCore();
    for (const id of ids) this.checkProcesses(id);
  }

  /** Lets everything come to rest, then compares what is said with what is. */
  async settle(): Promise<void> {
    const connection = this.connection ?? (await this.nextCore());
    for (const id of ids) {
      const view = await until(
        `${id} to come to rest`,
        async () => {
          const now = await stateOf(connection, id);
          return ['running', 'stopped', 'crashed', 'failed'].includes(now.state) && now;
        },
        90_000,
      );
      const alive = this.checkProcesses(id);
      const wish = this.wishes[id];
      const told = `${id}: ${view.state}, wanted ${wish}, processes ${alive.join(' ')}`;
      if ((view.state === 'running') !== (alive.length === 1)) throw new Error(`not what it is said to be: ${told}`);
      if (view.pid !== null && !alive.includes(view.pid)) throw new Error(`another pid: ${view.pid}, ${told}`);
      if (wish === 'stop' && alive.length > 0) throw new Error(`runs against the wish: ${told}`);
      this.checkWorld(id);
    }
  }

  /** Said without waiting for the answer: the core may be gone before it. */
  private command(id: Id): void {
    const { connection } = this;
    if (connection === undefined) return;
    const choice = this.random();
    if (choice < 0.45) {
      // Refused where a stop is under way; then the stop stands.
      this.wishes[id] = this.wishes[id] === 'stop' ? 'open' : 'run';
      connection.request('server/start', { id }).then(
        () => (this.wishes[id] = 'run'),
        () => undefined,
      );
    } else if (choice < 0.9) {
      this.wishes[id] = 'open';
      // On the wire before the kill or not: only an answered stop is a wish that has to hold.
      connection.request('server/stop', { id }).then(
        () => (this.wishes[id] = 'stop'),
        () => undefined,
      );
    } else {
      this.wishes[id] = 'open';
      connection.request('server/restart', { id }).catch(() => undefined);
    }
  }

  private async nextCore(): Promise<CoreConnection> {
    // The launcher brings back the first three; after that it takes its time, and a window would start one.
    if (this.bench.processes('launcher.js').length === 0 || this.random() < 0.5) await this.bench.core();
    return await until('a core', async () => {
      try {
        return await this.bench.connect(1000);
      } catch {
        await this.bench.core();
        return undefined;
      }
    });
  }

  private checkProcesses(id: Id): number[] {
    const alive = fs.readdirSync('/proc').flatMap((name) => {
      try {
        const state = fs.readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /s, '')[0];
        const mine = fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(`GSP_SERVER=${id}:`);
        const here = fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(this.bench.root);
        return mine && here && state !== 'Z' ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
    if (alive.length > 1) throw new Error(`${id} runs twice: ${alive.join(' ')}`);
    return alive;
  }

  private checkWorld(id: Id): void {
    let confirmed = 0;
    try {
      confirmed = this.bench.console(id).match(/World saved in/g)?.length ?? 0;
    } catch {
      // It was never started.
    }
    const saves = this.bench.world(id)?.saves ?? 0;
    if (saves < confirmed) throw new Error(`${id} has lost a world: ${saves} saves, ${confirmed} confirmed`);
  }
}

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
