import type { Measuring, Notifications, Requests } from '../shared/contract.js';
import { Failure, messageOf } from '../shared/failure.js';
import type { CoreConnection } from '../node/coreConnection.js';
import { Backoff } from './backoff.js';
import type { CoreAccess } from './coreAccess.js';
import { failureFor, reasonOf, type DownReason } from './downReason.js';
import { Emitter } from './emitter.js';
import type { Log } from './log.js';
import { shouldRetire } from './versionRule.js';

export type Connection =
  | { at: 'idle' }
  | { at: 'connecting' }
  | { at: 'connected'; measuring?: Measuring }
  | { at: 'down'; reason: DownReason; detail: string };

type Options = Parameters<CoreConnection['request']>[2];
type Handler = (params: never) => void;

/** After a loss the launcher needs a second or two to bring the background process back; only then is one started here. */
const ownStartAfterMs = 2500;
/** A loss shorter than this is shown as "reconnecting", not as a fault. */
const patienceMs = 3000;
/** A connection that lived this long counts as healthy: the next loss begins with quick tries again. */
const healthyMs = 5000;
const retireWaitMs = 10_000;
const maxStartPauseMs = 60_000;

/**
 * The one connection of this window to the background process. Connects, starts the process where none answers, and comes
 * back by itself after a loss, without end. Servers never depend on it.
 */
export class CoreClient {
  private readonly changed = new Emitter<Connection>((error) => {
    this.log.error('listener failed', messageOf(error));
  });
  private readonly handlers = new Map<keyof Notifications, Set<Handler>>();
  private readonly backoff = new Backoff();
  private state: Connection = { at: 'idle' };
  private connection: CoreConnection | undefined;
  private disposed = false;
  private running = false;
  private droppedHere = false;
  private lostAt: number | undefined;
  private failedStarts = 0;
  private nextStartAt = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly access: CoreAccess,
    private readonly version: string,
    private readonly log: Log,
  ) {}

  readonly onDidChange = this.changed.event;

  get current(): Connection {
    return this.state;
  }

  /** Begins to connect; does nothing when it has begun. */
  start(): void {
    if (this.running || this.disposed) return;
    this.running = true;
    this.show({ at: 'connecting' });
    void this.run();
  }

  /** Tries at once, start included, whatever pause was planned. Drops a live connection too: the place may have changed. */
  reconnect(): void {
    this.backoff.reset();
    this.failedStarts = 0;
    this.nextStartAt = 0;
    this.lostAt = undefined;
    if (this.disposed) return;
    if (!this.running) {
      this.start();
      return;
    }
    this.show({ at: 'connecting' });
    this.droppedHere = this.connection !== undefined;
    this.connection?.dispose();
    this.wake();
  }

  /** Waits until connected. Rejects with what can be done about it when it is down, or `unreachable` after the time. */
  async connected(timeoutMs: number): Promise<void> {
    this.start();
    if (this.state.at === 'connected') return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.state.at === 'connecting') return;
        end();
        if (this.state.at === 'connected') resolve();
        else reject(failureFor('reason' in this.state ? this.state.reason : undefined));
      };
      const end = (): void => {
        clearTimeout(timer);
        subscription.dispose();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Failure('unreachable'));
      }, timeoutMs);
      const subscription = this.onDidChange(check);
      check();
    });
  }

  async request<M extends keyof Requests>(
    method: M,
    params: Requests[M]['params'],
    options?: Options,
  ): Promise<Requests[M]['result']> {
    if (this.connection === undefined) throw new Failure('unreachable', { method });
    return await this.connection.request(method, params, options);
  }

  /** Handlers outlive a connection: after a reconnect they hear the new one. */
  on<M extends keyof Notifications>(method: M, handle: (params: Notifications[M]) => void): { dispose(): void } {
    const handlers = this.handlers.get(method) ?? new Set();
    this.handlers.set(method, handlers);
    handlers.add(handle);
    const live = this.connection?.on(method, (params) => {
      if (handlers.has(handle)) handle(params);
    });
    return {
      dispose: () => {
        handlers.delete(handle);
        live?.dispose();
      },
    };
  }

  dispose(): void {
    this.disposed = true;
    this.connection?.dispose();
    this.connection = undefined;
    this.wake();
    this.changed.dispose();
  }

  private async run(): Promise<void> {
    while (!this.disposed) {
      try {
        const connection = await this.open();
        // Retired or disposed in between: not a failure, and the next round knows what to do.
        if (connection !== undefined) await this.live(connection);
      } catch (error) {
        this.explain(error);
      }
      if (!this.disposed) await this.pause(this.backoff.next());
    }
  }

  private async open(): Promise<CoreConnection | undefined> {
    let connection: CoreConnection;
    try {
      connection = await this.access.connect();
    } catch (error) {
      if (!Failure.is(error, 'unreachable') || !this.mayStart()) throw error;
      await this.startOwn();
      connection = await this.access.connect();
    }
    if (this.disposed) {
      connection.dispose();
      return undefined;
    }
    if (!shouldRetire(connection.hello.version, this.version)) return connection;
    this.log.info(`replacing ${connection.hello.version} by ${this.version}`);
    await retire(connection);
    this.lostAt = undefined;
    return undefined;
  }

  private mayStart(): boolean {
    const now = Date.now();
    return now >= this.nextStartAt && (this.lostAt === undefined || now - this.lostAt >= ownStartAfterMs);
  }

  private async startOwn(): Promise<void> {
    try {
      await this.access.start();
      this.failedStarts = 0;
    } catch (error) {
      // What cannot start costs CPU at every try; the game comes first.
      this.nextStartAt = Date.now() + Math.min(maxStartPauseMs, 1000 * 2 ** this.failedStarts++);
      throw error;
    }
  }

  private async live(connection: CoreConnection): Promise<void> {
    const since = Date.now();
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    this.connection = connection;
    for (const [method, handlers] of this.handlers) {
      for (const handle of handlers) {
        connection.on(method, (params) => {
          if (handlers.has(handle)) (handle as (params: unknown) => void)(params);
        });
      }
    }
    this.log.info('connected', { version: connection.hello.version, pid: connection.hello.pid });
    const { measuring } = connection.hello;
    this.show({ at: 'connected', ...(measuring === undefined ? {} : { measuring }) });
    await closed;
    this.connection = undefined;
    if (this.disposed) return;
    const wasDroppedHere = this.droppedHere;
    this.droppedHere = false;
    if (wasDroppedHere) return;
    this.lostAt = Date.now();
    if (this.lostAt - since >= healthyMs) this.backoff.reset();
    this.log.warn('connection lost');
    this.show({ at: 'connecting' });
  }

  private explain(error: unknown): void {
    const [reason, detail] = reasonOf(error);
    this.log.warn('no connection', { reason, detail });
    // Its own restart is under way; that is no news for anybody.
    const brief = this.lostAt !== undefined && Date.now() - this.lostAt < patienceMs;
    if (reason === 'no-answer' && brief) return;
    // That nobody answers says less than why nobody could be started.
    if (reason === 'no-answer' && this.failedStarts > 0 && this.state.at === 'down') return;
    this.show({ at: 'down', reason, detail });
  }

  private show(state: Connection): void {
    if (this.disposed) return;
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    this.changed.fire(state);
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}

/** Asks it to leave and waits until it has; its servers stay with the launcher. */
async function retire(connection: CoreConnection): Promise<void> {
  const gone = new Promise<void>((resolve) => connection.onClose(resolve));
  await connection.request('core/retire', {});
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, retireWaitMs))]);
  connection.dispose();
}
