import type { Definition } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { ProcessExit } from '../../shared/launcherProtocol.js';
import type { Disposable } from '../ports.js';
import { Liveness } from './liveness.js';
import { remember } from './recall.js';
import type { ServerTools } from './serverTools.js';
import { Server } from './server.js';
import { within } from './stopRun.js';

/**
 * Where the same start of the machine goes on, nobody can tell at once whether it is still going down: what went down
 * with it is not started before this time is over.
 */
const holdMs = 30_000;
/** What an end by force may take behind the grace. */
const endMs = 15_000;

/** All servers: those that are defined, and those that still run though their definition is gone or broken. */
export class Supervisor implements Disposable {
  private readonly servers = new Map<string, Server>();
  private defined = new Set<string>();
  /**
   * Not seen since the machine was started, or ended because it went down: with autoStart they start with the core, but
   * not before that time (Unix milliseconds).
   */
  private readonly unseen = new Map<string, number>();
  private readonly held = new Set<NodeJS.Timeout>();
  private readonly subscriptions: Disposable[];
  private readonly liveness: Liveness;

  constructor(private readonly tools: ServerTools) {
    this.liveness = new Liveness({
      wanted: () => this.livenessWanted(),
      look: () => {
        for (const server of this.servers.values()) server.noticeEnd();
      },
    });
    this.subscriptions = [
      this.liveness,
      tools.launch.onExit((exit) => {
        this.routeExit(exit);
      }),
      tools.launch.onLost(() => {
        this.reviewSupervision();
      }),
    ];
  }

  all(): Server[] {
    return [...this.servers.values()];
  }

  find(id: string): Server | undefined {
    return this.servers.get(id);
  }

  get(id: string): Server {
    const server = this.servers.get(id);
    if (server === undefined) throw new Failure('unknown-server', { id });
    return server;
  }

  get liveCount(): number {
    return this.all().filter((server) => server.isLive).length;
  }

  /** Brings the servers in line with the definitions. What runs is never touched by it. */
  define(definitions: readonly Definition[]): void {
    this.defined = new Set(definitions.map((definition) => definition.id));
    for (const definition of definitions) {
      const known = this.servers.get(definition.id);
      if (known === undefined) this.introduce(definition);
      else if (this.isOther(known, definition)) known.redefine(definition);
    }
    // In the order of the file, and those without an entry behind them.
    const order = [...definitions.map((definition) => definition.id), ...this.servers.keys()];
    const sorted = [...new Set(order)].flatMap((id) => {
      const server = this.servers.get(id);
      return server === undefined ? [] : [server];
    });
    this.servers.clear();
    for (const server of sorted) {
      if (this.defined.has(server.id) || (server.isLive && server.state.at !== 'restarting')) {
        this.servers.set(server.id, server);
      } else {
        server.dispose();
      }
    }
  }

  /**
   * Starts what is to start by itself, once after the machine did: a server that somebody has stopped since then stays
   * stopped, however often the core comes and goes.
   */
  autoStart(): void {
    for (const server of this.servers.values()) {
      const notBefore = this.unseen.get(server.id);
      if (server.definition.autoStart !== true || server.isLive || notBefore === undefined) continue;
      this.unseen.delete(server.id);
      if (notBefore <= Date.now()) this.startUnseen(server);
      else this.hold(server, notBefore - Date.now());
    }
  }

  /**
   * The PC goes down: saves and stops everything, all at once. `wasTold`: those starts (by nonce) that have been told to
   * stop already. Resolves when all have ended or need not be waited for any longer.
   */
  async goDown(wasTold: ReadonlySet<string>): Promise<void> {
    for (const timer of this.held) clearTimeout(timer);
    const servers = this.all();
    const graces = servers.map((server) => server.settings.stop.graceSeconds * 1000);
    const stops = servers.map(async (server) => await server.host.begin(wasTold.has(server.process?.nonce ?? '')));
    for (const [index, stop] of stops.entries()) {
      stop.catch((error: unknown) => {
        const told = { id: servers[index]?.id, error: messageOf(error) };
        this.tools.log.write('warn', 'lifecycle', 'not ended before the PC goes down', told);
      });
    }
    // A save and an end, each of them for as long as a grace.
    await within(Promise.allSettled(stops), 2 * Math.max(0, ...graces) + endMs);
  }

  /** The PC has not gone down after all. */
  stay(): void {
    for (const server of this.servers.values()) server.host.stay();
  }

  /** A stopped server whose entry is gone has no place any more; true when it was dropped. */
  dropIfUndefined(id: string): boolean {
    const server = this.servers.get(id);
    if (server === undefined || this.defined.has(id) || server.isLive) return false;
    server.dispose();
    return this.servers.delete(id);
  }

  /** A server has changed: it may be one whose end nobody reports. */
  reviewLiveness(): void {
    this.liveness.wake();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const timer of this.held) clearTimeout(timer);
    for (const server of this.servers.values()) server.dispose();
  }

  /** Another definition than before, or the same of a game that is described otherwise now. */
  private isOther({ settings }: Server, definition: Definition): boolean {
    const row = this.tools.catalogue.row(definition.game);
    return JSON.stringify([settings.definition, settings.game]) !== JSON.stringify([definition, row]);
  }

  private introduce(definition: Definition): void {
    const server = new Server(definition.id, definition, this.tools);
    this.servers.set(definition.id, server);
    const record = this.tools.records.read(definition.id);
    const sameBoot = record?.bootId === this.tools.processes.bootId();
    if (!sameBoot) this.unseen.set(definition.id, 0);
    if (record === undefined) return;
    remember(server, record, this.tools);
    if (sameBoot && hasGoneDown(server)) this.unseen.set(server.id, server.state.since + holdMs);
  }

  private livenessWanted(): 'no' | 'yes' | 'eagerly' {
    const unreported = this.all().filter(({ process }) => process?.supervised === false);
    if (unreported.length === 0) return 'no';
    return unreported.some(({ state }) => state.at === 'stopping') ? 'eagerly' : 'yes';
  }

  private hold(server: Server, waitMs: number): void {
    const timer = setTimeout(
      () => {
        this.held.delete(timer);
        // A person may have taken over meanwhile.
        if (this.servers.get(server.id) === server && hasGoneDown(server)) this.startUnseen(server);
      },
      Math.min(waitMs, holdMs),
    );
    this.held.add(timer);
  }

  private startUnseen(server: Server): void {
    server.startUnasked().catch((error: unknown) => {
      this.tools.log.write('warn', 'lifecycle', 'start at core start failed', {
        id: server.id,
        error: messageOf(error),
      });
    });
  }

  private routeExit(exit: ProcessExit): void {
    const server = this.servers.get(exit.id);
    if (server?.process?.nonce === exit.nonce) server.ended({ code: exit.code, signal: exit.signal, isKnown: true });
  }

  private reviewSupervision(): void {
    const supervised = new Set(this.tools.launch.processes().map((process) => process.nonce));
    for (const server of this.servers.values()) {
      if (server.process !== null && !supervised.has(server.process.nonce)) server.loseSupervision();
    }
  }
}

/** It ended because the PC went down, and nothing has become of it since. */
function hasGoneDown({ state }: Server): boolean {
  return state.at === 'stopped' && state.exit?.cause === 'host-restart';
}
