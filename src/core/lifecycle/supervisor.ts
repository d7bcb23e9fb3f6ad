import type { Definition } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { ProcessExit } from '../../shared/launcherProtocol.js';
import type { Disposable } from '../ports.js';
import type { ServerRecord } from './record.js';
import { Server, type ServerTools } from './server.js';
import { unaskedCause, type Exit, type Lifecycle } from './state.js';

/** All servers: those that are defined, and those that still run though their definition is gone or broken. */
export class Supervisor implements Disposable {
  private readonly servers = new Map<string, Server>();
  private defined = new Set<string>();
  /** Not seen since the machine was started: with autoStart they start with the core. */
  private readonly unseen = new Set<string>();
  private readonly subscriptions: Disposable[];

  constructor(private readonly tools: ServerTools) {
    this.subscriptions = [
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
      else if (JSON.stringify(known.definition) !== JSON.stringify(definition)) known.redefine(definition);
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
      if (server.definition.autoStart !== true || server.isLive || !this.unseen.delete(server.id)) continue;
      server.start().catch((error: unknown) => {
        this.tools.log.write('warn', 'lifecycle', 'start at core start failed', {
          id: server.id,
          error: messageOf(error),
        });
      });
    }
  }

  /** A stopped server whose entry is gone has no place any more; true when it was dropped. */
  dropIfUndefined(server: Server): boolean {
    if (this.defined.has(server.id) || server.isLive) return false;
    server.dispose();
    return this.servers.delete(server.id);
  }

  /** Once per round of samples: processes whose end nobody reports are looked after by pid and start time. */
  noticeEnds(): void {
    for (const server of this.servers.values()) server.noticeEnd();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const server of this.servers.values()) server.dispose();
  }

  private introduce(definition: Definition): void {
    const server = new Server(definition.id, definition, this.tools);
    this.servers.set(definition.id, server);
    const record = this.tools.records.read(definition.id);
    if (record?.bootId !== this.tools.processes.bootId()) this.unseen.add(definition.id);
    if (record !== undefined) this.remember(server, record);
  }

  /** What an earlier core left: a process that still runs, or the way in which it ended meanwhile. */
  private remember(server: Server, record: ServerRecord): void {
    const launched = this.tools.launch.processes().find((process) => process.nonce === record.nonce);
    if (launched !== undefined) {
      server.adopt({ ...launched, supervised: true }, record);
      return;
    }
    const { pid, startTime, nonce, startedAt } = record;
    if (pid === null) {
      server.recall(endedState(record, record.exit ?? this.exitOf(record)), record);
      return;
    }
    const sameBoot = record.bootId === this.tools.processes.bootId();
    if (sameBoot && this.tools.signals.isAlive({ pid, startTime })) {
      server.adopt({ pid, startTime, nonce, startedAt, supervised: false }, record);
      return;
    }
    server.recall(endedState(record, sameBoot ? this.exitOf(record) : 'host-restart'), record);
  }

  private exitOf(record: ServerRecord): ProcessExit | undefined {
    return this.tools.records.exits().get(record.nonce);
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

/** The state of a server that ended while no core was there to see it. */
function endedState(record: ServerRecord, exit: Exit | ProcessExit | 'host-restart' | undefined): Lifecycle {
  const at = typeof exit === 'object' ? exit.at : record.since;
  const known = typeof exit === 'object' ? exit : { code: null, signal: null };
  const plain = { code: known.code, signal: known.signal, at };
  const stopped = (cause: Exit['cause']): Lifecycle => ({ at: 'stopped', since: at, exit: { ...plain, cause } });
  const crashed = (cause: Exit['cause']): Lifecycle => ({ at: 'crashed', since: at, exit: { ...plain, cause } });
  if (typeof exit === 'object' && 'cause' in exit) {
    const orderly = exit.cause === 'asked' || exit.cause === 'stopped-from-inside' || exit.cause === 'host-restart';
    return orderly ? stopped(exit.cause) : crashed(exit.cause);
  }
  if (record.intent === 'stop')
    return record.pid === null ? { at: 'stopped', since: at, exit: null } : stopped('asked');
  if (exit === 'host-restart') return stopped('host-restart');
  if (exit === undefined) return crashed('unknown');
  const cause = unaskedCause(exit);
  return cause === 'stopped-from-inside' ? stopped(cause) : crashed(cause);
}
