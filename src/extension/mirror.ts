import type {
  CoreStatus,
  DefinitionProblem,
  GameInfo,
  Measuring,
  Notifications,
  OpenFiles,
  ServerId,
  ServerView,
  StopStep,
} from '../shared/contract.js';
import { Failure, messageOf } from '../shared/failure.js';
import { gameInfo, games } from '../shared/games.js';
import { Bag } from './bag.js';
import type { Connection, CoreClient } from './coreClient.js';
import { Emitter } from './emitter.js';
import type { Log } from './log.js';
import type { Subscription } from './subscription.js';

export interface StopProgress {
  readonly steps: readonly StopStep[];
  readonly endsAt: number | null;
}

const listAgainMs = 2000;
/** Somebody points at a row meanwhile. */
const statusMs = 1000;

/**
 * This window's copy of the state: a snapshot at every connect, then what changed. Without a connection the last known
 * list stays, but without a single number: an old one must never look live.
 */
export class Mirror {
  private readonly bag = new Bag();
  private readonly changed = this.bag.add(new Emitter<ReadonlySet<ServerId>>(this.complain('change')));
  private readonly connectionChanged = this.bag.add(new Emitter<Connection>(this.complain('connection')));
  private readonly problemsChanged = this.bag.add(new Emitter<readonly DefinitionProblem[]>(this.complain('problems')));
  private readonly measuringChanged = this.bag.add(new Emitter<Measuring>(this.complain('measuring')));
  private views = new Map<ServerId, ServerView>();
  private readonly stops = new Map<ServerId, StopProgress>();
  private faults: readonly DefinitionProblem[] = [];
  private known: readonly GameInfo[] = games.map(gameInfo);
  private listed = false;
  /** As told since the hello. */
  private measuring: Measuring | undefined;
  private again: NodeJS.Timeout | undefined;

  /** Ids of servers that are new, different or gone; samples included. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeConnection = this.connectionChanged.event;
  readonly onDidChangeProblems = this.problemsChanged.event;
  readonly onDidChangeMeasuring = this.measuringChanged.event;

  constructor(
    private readonly client: CoreClient,
    private readonly subscription: Subscription,
    private readonly log: Log,
  ) {
    this.bag.add(client.onDidChange((state) => this.connectionIs(state)));
    this.bag.add(client.on('server/changed', (view) => this.take(view)));
    this.bag.add(client.on('server/removed', ({ id }) => this.forget(id)));
    this.bag.add(client.on('server/sample', (tick) => this.sample(tick)));
    this.bag.add(client.on('stop/progress', (progress) => this.progress(progress)));
    this.bag.add(client.on('server/problems', ({ problems }) => this.takeProblems(problems)));
    this.bag.add(client.on('core/measuring', (measuring) => this.takeMeasuring(measuring)));
    this.bag.add(client.on('game/changed', ({ games: now }) => (this.known = now)));
  }

  /** connected: the list is there and live. */
  get connection(): 'connecting' | 'connected' | 'down' {
    const { at } = this.client.current;
    if (at === 'connected') return this.listed ? 'connected' : 'connecting';
    return at === 'down' ? 'down' : 'connecting';
  }

  /** With the reason, where it is down; with how it is measured, where it is not. */
  get connectionState(): Connection {
    const { current } = this.client;
    return current.at === 'connected' && this.measuring ? { at: 'connected', measuring: this.measuring } : current;
  }

  servers(): readonly ServerView[] {
    return [...this.views.values()];
  }

  get(id: ServerId): ServerView | undefined {
    return this.views.get(id);
  }

  problems(): readonly DefinitionProblem[] {
    return this.faults;
  }

  /** The games that a server may be of; those built in until the user's own are told. */
  games(): readonly GameInfo[] {
    return this.known;
  }

  /** What the monitoring tells of itself, now; undefined where it does not. */
  async status(): Promise<CoreStatus | undefined> {
    return await this.client.request('core/status', {}, { timeoutMs: statusMs }).catch(() => undefined);
  }

  /** What a server's processes hold open, now; undefined where nobody tells. */
  async openFiles(id: ServerId): Promise<OpenFiles | undefined> {
    return await this.client.request('server/openFiles', { id }, { timeoutMs: statusMs }).catch(() => undefined);
  }

  /** Resolves once there is something true to show: a list, be it the last known one, or that there is no connection. */
  async settled(): Promise<void> {
    if (this.views.size === 0) await this.decided();
  }

  /** Resolves when the list is there and live. Rejects `unreachable` when it is down or `timeoutMs` passed. */
  async ready(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.decided(), late]);
    clearTimeout(timer);
    if (this.connection !== 'connected') throw new Failure('unreachable');
  }

  private async decided(): Promise<void> {
    if (this.connection !== 'connecting') return;
    await new Promise<void>((resolve) => {
      const subscription = this.onDidChangeConnection(() => {
        if (this.connection === 'connecting') return;
        subscription.dispose();
        resolve();
      });
    });
  }

  /** The steps of a stop that is under way. */
  stopping(id: ServerId): StopProgress | undefined {
    return this.stops.get(id);
  }

  /** A request's answer is as good as the notification that follows it. */
  take(view: ServerView): void {
    const before = this.views.get(view.id);
    this.views.set(view.id, view);
    // Not by the new state alone: the first step of a stop may be told before the state is.
    if (before?.state === 'stopping' && view.state !== 'stopping') this.stops.delete(view.id);
    this.changed.fire(new Set([view.id]));
  }

  dispose(): void {
    clearTimeout(this.again);
    this.bag.dispose();
  }

  private connectionIs(state: Connection): void {
    this.listed = false;
    this.measuring = undefined;
    clearTimeout(this.again);
    if (state.at === 'connected') {
      void this.load();
      return;
    }
    this.stops.clear();
    this.views = new Map([...this.views].map(([id, view]) => [id, withoutNumbers(view)]));
    this.connectionChanged.fire(state);
    this.changed.fire(new Set(this.views.keys()));
  }

  private async load(): Promise<void> {
    try {
      // Subscribed first: what changes while the list is made follows it on the same connection.
      await this.subscription.send();
      const [list, problems, known] = await Promise.all([
        this.client.request('server/list', {}),
        this.client.request('server/problems', {}),
        this.client.request('game/list', {}),
      ]);
      // Before anybody is told of the list: rows drawn in between would be drawn as not connected.
      this.listed = true;
      this.faults = problems;
      this.known = known;
      const touched = this.replace(list);
      this.connectionChanged.fire(this.client.current);
      this.problemsChanged.fire(problems);
      this.changed.fire(touched);
    } catch (error) {
      this.log.warn('no list of servers', messageOf(error));
      if (this.client.current.at !== 'connected') return;
      clearTimeout(this.again);
      this.again = setTimeout(() => void this.load(), listAgainMs);
    }
  }

  private forget(id: ServerId): void {
    this.stops.delete(id);
    if (this.views.delete(id)) this.changed.fire(new Set([id]));
  }

  private replace(list: readonly ServerView[]): ReadonlySet<ServerId> {
    const touched = new Set([...this.views.keys(), ...list.map((view) => view.id)]);
    this.views = new Map(list.map((view) => [view.id, view]));
    return touched;
  }

  private sample({ samples, loads }: Notifications['server/sample']): void {
    const touched = new Set<ServerId>();
    for (const [id, sample] of Object.entries(samples)) {
      const view = this.views.get(id);
      if (view === undefined) continue;
      const load = loads?.[id];
      this.views.set(id, { ...view, sample, ...(load === undefined ? {} : { load }) });
      touched.add(id);
    }
    if (touched.size > 0) this.changed.fire(touched);
  }

  private progress({ id, steps, endsAt }: Notifications['stop/progress']): void {
    this.stops.set(id, { steps, endsAt });
    this.changed.fire(new Set([id]));
  }

  private takeMeasuring(measuring: Measuring): void {
    this.measuring = measuring;
    this.measuringChanged.fire(measuring);
  }

  private takeProblems(problems: readonly DefinitionProblem[]): void {
    this.faults = problems;
    this.problemsChanged.fire(problems);
    void this.relist();
  }

  /** servers.json was read again: its entries may stand in another order, which no other notification tells. */
  private async relist(): Promise<void> {
    try {
      this.changed.fire(this.replace(await this.client.request('server/list', {})));
    } catch (error) {
      this.log.warn('no list of servers', messageOf(error));
    }
  }

  private complain(what: string): (error: unknown) => void {
    return (error) => {
      this.log.error(`listener of ${what} failed`, messageOf(error));
    };
  }
}

function withoutNumbers(view: ServerView): ServerView {
  const { load: _, ...rest } = view;
  return { ...rest, sample: null, players: { ...view.players, online: null } };
}
