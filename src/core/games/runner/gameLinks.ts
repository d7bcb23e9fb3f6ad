import type { Effective } from '../../../shared/definition.js';
import { Failure } from '../../../shared/failure.js';
import type { ChannelTest, Disposable, GameFacts, GamesPort, Log, Told, ToldPlayer } from '../../ports.js';
import type { Ask, GameAction, GameAdapter } from '../adapter.js';
import { actionArgs } from './actionArgs.js';
import { Link, restUserOf } from './link.js';
import { Poller } from './poller.js';
import { usualTimes, type Times } from './times.js';
import { setUp, Ways, type WaysOptions } from './ways.js';

export interface GameLinksOptions extends Omit<WaysOptions, 'rejectedMs'> {
  /** By the games' ids in the catalogue. */
  readonly adapters: Readonly<Record<string, GameAdapter>>;
  /** Whether the PC has much to do, and less is to be asked. */
  isBusy(this: void): boolean;
  /** Milliseconds, as they are now. */
  intervals(this: void): { readonly pollIntervalMs: number; readonly busyPollIntervalMs: number };
  /** What people see of its facts has changed: the state of the way to it, the players or their names. */
  changed(this: void, id: string): void;
  /** The names of all who play were told; also where they are the same as before. at: Unix milliseconds. */
  named(this: void, id: string, names: readonly ToldPlayer[], at: number): void;
  readonly log: Log;
  /** Others than the usual ones. */
  readonly times?: Partial<Times>;
  /** 0 to 1. */
  random?(this: void): number;
}

/** So many polls may fail before what was told last is too old to be true. */
const agePolls = 3;
/** Stands for a text or a number, to see which ways there would be. */
const anyText = '1';

/**
 * The games, asked every few seconds how they are, and told what people want. One ask at a time per server, and no server
 * waits for another. What it is given (connections) it does not dispose of.
 */
export class GameLinks implements GamesPort, Disposable {
  /** Of a game that is not asked. */
  private readonly nothing: GameFacts = {
    api: { is: 'none', since: Date.now(), via: null, hasAnswered: false },
    ...{ players: null, maxPlayers: null, names: null, tickRate: null, frameTime: null, apiTime: null },
  };
  private readonly times: Times;
  private readonly ways: Ways;
  private readonly poller: Poller;
  private readonly links = new Map<string, Link>();

  constructor(private readonly options: GameLinksOptions) {
    this.times = { ...usualTimes, ...options.times };
    this.ways = new Ways({ ...options, rejectedMs: this.times.rejected });
    this.poller = new Poller({
      times: this.times,
      intervalMs: () => this.intervalMs(),
      poll: async (id) => await this.links.get(id)?.poll(),
    });
  }

  /** It runs, and is ready or was found running; again with another definition. Nobody is told of `changed` over this. */
  up(id: string, effective: Effective): void {
    const adapter = this.adapterOf(effective);
    if (adapter === undefined) this.links.get(id)?.down();
    const isAsked = adapter !== undefined && this.linkOf(id).up({ effective, adapter });
    if (isAsked) this.poller.add(id);
    else this.poller.remove(id);
  }

  /** It has ended: what it told is forgotten, waits are called off. Nobody is told of `changed` over this. */
  down(id: string): void {
    this.poller.remove(id);
    this.links.get(id)?.down();
    this.ways.forget(id);
  }

  /** The server is no more. */
  forget(id: string): void {
    this.down(id);
    this.links.delete(id);
  }

  /** Something may have changed: somebody joined or left, or a password is known. It is polled soon. */
  nudge(id: string): void {
    this.poller.hint(id);
  }

  /** The intervals are others. */
  settingsChanged(): void {
    this.poller.reschedule();
  }

  /** Ends every wait. */
  dispose(): void {
    this.poller.dispose();
    for (const id of [...this.links.keys()]) this.forget(id);
  }

  facts(id: string): GameFacts {
    return this.links.get(id)?.facts() ?? this.nothing;
  }

  can(effective: Effective): ReturnType<GamesPort['can']> {
    const adapter = this.adapterOf(effective);
    if (adapter === undefined) return { save: false, announce: false, end: false, actions: [] };
    const { save, end, actions = {} } = adapter;
    const isAny = (asks: readonly Ask<unknown>[] | undefined): boolean => setUp(effective, asks ?? []).length > 0;
    return {
      save: isAny(save),
      announce: isAny(adapter.announce?.(anyText)),
      end: isAny(end),
      actions: Object.keys(actions).filter((name) => isAny(asksOf(adapter, actions[name]))),
    };
  }

  async save(effective: Effective, ms: number, signal?: AbortSignal): Promise<void> {
    await this.tell(effective, (adapter) => adapter.save, { askMs: ms, ms, signal });
  }

  async announce(effective: Effective, text: string, plain?: string): Promise<void> {
    await this.tell(effective, (adapter) => adapter.announce?.(text, plain));
  }

  async end(effective: Effective): Promise<void> {
    try {
      await this.tell(effective, (adapter) => adapter.end);
    } catch (error) {
      // It broke off, or is known to be gone, when it may have been told: it has ended over it.
      const isOver = Failure.is(error, 'unreachable') || Failure.is(error, 'cancelled');
      if (!isOver || error.data.isSent !== true) throw error;
    }
  }

  async action(effective: Effective, name: string, args: Readonly<Record<string, unknown>>): Promise<string | null> {
    const actions = this.adapterOf(effective)?.actions ?? {};
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) throw new Failure('unsupported');
    const said = await this.tell(effective, () => action.ask(actionArgs(action, args)));
    // Who was thrown out is seen to be gone.
    this.nudge(effective.definition.id);
    return said;
  }

  async test(effective: Effective): Promise<ChannelTest[]> {
    const adapter = this.adapterOf(effective);
    const { id } = effective.definition;
    if (adapter === undefined) return [];
    const tests = await this.linkOf(id).test({ effective, adapter });
    this.nudge(id);
    return tests;
  }

  async countNow(effective: Effective): Promise<readonly (Told<number> & { readonly isList: boolean })[]> {
    const adapter = this.adapterOf(effective);
    if (adapter === undefined) return [];
    return await this.linkOf(effective.definition.id).countNow({ effective, adapter });
  }

  private async tell<T>(
    effective: Effective,
    asksOf: (adapter: GameAdapter) => readonly Ask<T>[] | undefined,
    bounds?: { readonly askMs: number; readonly ms: number; readonly signal: AbortSignal | undefined },
  ): Promise<T> {
    const adapter = this.adapterOf(effective);
    const asks = adapter && asksOf(adapter);
    if (adapter === undefined || asks === undefined) throw new Failure('unsupported');
    const { askMs = this.times.ask, ms = askMs * asks.length, signal } = bounds ?? {};
    const telling = { asks, effective, askMs, ms, restUser: restUserOf(adapter) };
    return await this.linkOf(effective.definition.id).tell(telling, signal);
  }

  private adapterOf({ game }: Effective): GameAdapter | undefined {
    const { adapters } = this.options;
    return Object.hasOwn(adapters, game.id) ? adapters[game.id] : undefined;
  }

  private linkOf(id: string): Link {
    const { log, changed, named, random = Math.random } = this.options;
    const known =
      this.links.get(id) ??
      new Link(id, {
        ...{ ways: this.ways, times: this.times, log, random, changed, named },
        maxAgeMs: () => agePolls * this.intervalMs(),
      });
    this.links.set(id, known);
    return known;
  }

  private intervalMs(): number {
    const { pollIntervalMs, busyPollIntervalMs } = this.options.intervals();
    return this.options.isBusy() ? busyPollIntervalMs : pollIntervalMs;
  }
}

/** The ways of an action; where it wants better arguments first, those by which the game is asked. */
function asksOf({ readings }: GameAdapter, action: GameAction | undefined): readonly Ask<unknown>[] {
  if (action === undefined) return [];
  try {
    return action.ask(Object.fromEntries(Object.keys(action.fields).map((field) => [field, anyText])));
  } catch (error) {
    if (!Failure.is(error)) throw error;
    return readings;
  }
}
