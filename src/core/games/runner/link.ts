import type { Effective } from '../../../shared/definition.js';
import { Failure } from '../../../shared/failure.js';
import type { ChannelTest, Disposable, GameFacts, Log, Told, ToldPlayer, Via } from '../../ports.js';
import type { Ask, GameAdapter, Reading } from '../adapter.js';
import { Answers, fieldsOf, type Answer } from './answers.js';
import { ApiStatus, judge, type Verdict } from './apiStatus.js';
import { Breaker } from './breaker.js';
import { retry } from './retry.js';
import { tell, type Telling } from './tell.js';
import type { Times } from './times.js';
import { Turns, type Kind } from './turns.js';
import { placeOf, setUp, type Ways } from './ways.js';
import { within } from './within.js';

export interface LinkTools {
  readonly ways: Ways;
  readonly times: Times;
  readonly log: Log;
  /** 0 to 1. */
  random(this: void): number;
  /** Milliseconds for which what was told counts as true. */
  maxAgeMs(this: void): number;
  changed(this: void, id: string): void;
  named(this: void, id: string, names: readonly ToldPlayer[], at: number): void;
}

/** So often all of a reading is asked anew, whatever it has told. */
const wholeEvery = 4;

interface Game {
  readonly effective: Effective;
  readonly adapter: GameAdapter;
}

/** Whom a game's HTTP interface wants the password from. */
export const restUserOf = ({ restUser = 'admin' }: GameAdapter): string => restUser;

/** One server: its turns, what it has told, and which of its ways have failed. */
export class Link {
  private readonly turns: Turns;
  private polls = -1;
  private readonly status = new ApiStatus(Date.now(), { is: 'none', via: null });
  private readonly answers = new Answers();
  /** Of each reading, by its place in the adapter's list. */
  private readonly breakers = new Map<number, Breaker>();
  private readonly failures = new Map<number, Failure>();
  private life = new AbortController();
  private polling = new AbortController();
  private polled: Game | undefined;
  private seen = '';

  constructor(
    private readonly id: string,
    private readonly tools: LinkTools,
  ) {
    this.turns = new Turns(tools.times.turn);
  }

  /** It runs and can be asked. Answers whether there is anything to poll. */
  up(game: Game): boolean {
    const before = this.polled;
    this.polled = game;
    if (before === undefined || placesOf(before) !== placesOf(game)) {
      this.begin();
      const isAny = setUp(game.effective, game.adapter.readings).length > 0;
      this.status.becomes({ is: isAny ? 'waiting' : 'none', via: null }, Date.now());
      this.seen = this.visible();
    }
    return this.status.now.is !== 'none';
  }

  /** It has ended: all that was known is forgotten, and whoever waits is told. */
  down(): void {
    this.polled = undefined;
    this.begin();
    this.life.abort();
    this.life = new AbortController();
    this.status.becomes({ is: 'none', via: null }, Date.now());
    this.seen = this.visible();
  }

  facts(): GameFacts {
    return { api: this.status.now, ...this.answers.facts(Date.now(), this.tools.maxAgeMs()) };
  }

  /** Asks by the best way, and by the others for what it does not tell. Never rejects. */
  async poll(): Promise<void> {
    const { polled, polling } = this;
    if (polled === undefined) return;
    this.answers.beginRound();
    this.polls += 1;
    try {
      const answered = await this.round(polled, polling.signal);
      if (!polling.signal.aborted) this.settle(judge(answered, this.failuresOf(polled)));
    } catch (error) {
      // Called off, or too much waits for its turn: this says nothing about the game.
      if (!Failure.is(error)) throw error;
    }
  }

  /** Says something that must not be said twice; see `tell`. signal: calls it off, as the server's end does. */
  async tell<T>(telling: Omit<Telling<T>, 'signal'>, signal?: AbortSignal): Promise<T> {
    if (setUp(telling.effective, telling.asks).length === 0) throw new Failure('unsupported');
    const asked = joined([this.life.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      const { value, by } = await this.turns.take(
        'wish',
        asked.signal,
        async () => await tell(this.tools.ways, { ...telling, signal: asked.signal }),
      );
      this.wayWorks(by.via);
      return value;
    } finally {
      asked.dispose();
    }
  }

  /** Asks by all ways, once each; see `GamesPort.countNow`. */
  async countNow(game: Game): Promise<readonly (Told<number> & { readonly isList: boolean })[]> {
    const counts = new Map<Via, Told<number> & { readonly isList: boolean }>();
    this.answers.beginRound();
    const { polling } = this;
    for (const [place, ask] of game.adapter.readings.entries()) {
      if (placeOf(game.effective, ask.via) === null) continue;
      const answer = await this.ask('wish', ask, game, this.life.signal).catch(() => undefined);
      if (answer === undefined) continue;
      if (this.polled !== undefined && polling === this.polling) this.note(place, answer);
      const { at, reading } = answer;
      const isList = reading.names !== undefined;
      if (reading.players === undefined || (counts.has(ask.via) && !isList)) continue;
      counts.set(ask.via, { value: reading.players, source: ask.via, at, isList });
    }
    this.publish();
    return [...counts.values()];
  }

  /** Each way once; see `GamesPort.test`. */
  async test(game: Game): Promise<ChannelTest[]> {
    const tests: ChannelTest[] = [];
    for (const ask of setUp(game.effective, game.adapter.readings)) {
      if (tests.some(({ channel }) => channel === ask.via)) continue;
      const begunAt = performance.now();
      const code = await this.ask('wish', ask, game, this.life.signal).then(
        () => null,
        (error: unknown) => (Failure.is(error) ? error.code : 'bad-reply'),
      );
      if (code === null) this.wayWorks(ask.via);
      const tookMs = Math.round(performance.now() - begunAt);
      tests.push({ channel: ask.via, ok: code === null, code, tookMs });
    }
    return tests;
  }

  /** One poll of all readings that are worth asking; answers the best way that told something. */
  private async round(game: Game, signal: AbortSignal): Promise<Via | undefined> {
    const told = new Set<ReturnType<typeof fieldsOf>[number]>();
    const failed = new Map<Via, Failure>();
    let answered: Via | undefined;
    for (const [place, ask] of game.adapter.readings.entries()) {
      const isNeeded = !told.has('players') || this.answers.mayAdd(place, told);
      if (placeOf(game.effective, ask.via) === null || !isNeeded) continue;
      const sameWay = failed.get(ask.via);
      if (sameWay !== undefined) this.failures.set(place, sameWay);
      if (sameWay !== undefined || !this.breakerOf(place).mayAsk(performance.now())) continue;
      try {
        const answer = await this.read(place, ask, game, { signal, isSingle: answered !== undefined });
        this.note(place, answer);
        this.failures.delete(place);
        for (const field of fieldsOf(answer.reading)) told.add(field);
        answered ??= ask.via;
      } catch (error) {
        if (!Failure.is(error) || isAboutUs(error)) throw error;
        this.failures.set(place, error);
        // What has not been understood says nothing about the way's other readings.
        if (error.code !== 'bad-reply' && error.code !== 'unsupported') failed.set(ask.via, error);
      }
    }
    return answered;
  }

  /** One reading, tried again where it is worth it. isSingle: only once. */
  private async read(
    place: number,
    ask: Ask<Reading>,
    game: Game,
    { signal, isSingle }: { readonly signal: AbortSignal; readonly isSingle: boolean },
  ): Promise<Answer> {
    const { times, random } = this.tools;
    const breaker = this.breakerOf(place);
    const isOnce = isSingle || breaker.isOpen;
    const work = async (): Promise<Answer> => {
      try {
        return await this.askUninterrupted(ask, game, signal, this.previous(place));
      } catch (error) {
        const isOfPassword = Failure.is(error, 'auth-rejected') || Failure.is(error, 'secret-missing');
        if (Failure.is(error) && !isOfPassword && !isAboutUs(error)) breaker.failed(performance.now());
        throw error;
      }
    };
    return await retry(work, { times, random, signal, mayRepeat: () => !isOnce && !breaker.isOpen });
  }

  /** What it has told, unless it is time to ask for all of it anew. */
  private previous(place: number): Reading | undefined {
    if (this.polls % wholeEvery === 0) return undefined;
    return this.answers.latest(place, Date.now(), this.tools.maxAgeMs());
  }

  /** A poll that made room for a wish has not failed: it is asked again behind it. */
  private async askUninterrupted(
    ask: Ask<Reading>,
    game: Game,
    signal: AbortSignal,
    previous: Reading | undefined,
  ): Promise<Answer> {
    for (;;) {
      const room = { wasMade: false };
      try {
        return await this.ask('poll', ask, game, signal, { room, previous });
      } catch (error) {
        if (!room.wasMade || signal.aborted || !Failure.is(error, 'cancelled')) throw error;
      }
    }
  }

  private async ask(
    kind: Kind,
    ask: Ask<Reading>,
    game: Game,
    signal: AbortSignal,
    { room = { wasMade: false }, previous }: { room?: { wasMade: boolean }; previous?: Reading | undefined } = {},
  ): Promise<Answer> {
    return await this.turns.take(kind, signal, async (interrupted) => {
      const begunAt = performance.now();
      try {
        const reading = await within(this.tools.times.ask, [signal, interrupted], async (bounds) => {
          const common = { effective: game.effective, restUser: restUserOf(game.adapter), wasHeard: false, previous };
          return await this.tools.ways.run(ask, { ...bounds, ...common, isWish: kind === 'wish' });
        });
        const players = reading.players ?? reading.names?.length;
        const whole = players === undefined ? reading : { ...reading, players };
        return { reading: whole, via: ask.via, at: Date.now(), tookMs: performance.now() - begunAt };
      } finally {
        room.wasMade = interrupted.aborted;
      }
    });
  }

  private note(place: number, answer: Answer): void {
    this.answers.note(place, answer);
    this.breakerOf(place).succeeded();
    if (answer.reading.names !== undefined) this.tools.named(this.id, answer.reading.names, answer.at);
  }

  private settle(verdict: Verdict): void {
    const { log } = this.tools;
    if (this.status.becomes(verdict, Date.now())) {
      const { is, via } = verdict;
      const isWorse = is === 'silent' || is === 'refused';
      log.write(isWorse ? 'warn' : 'info', 'games', 'whether the game answers', { id: this.id, is, via });
    }
    this.publish();
  }

  private publish(): void {
    const visible = this.visible();
    if (visible === this.seen) return;
    this.seen = visible;
    this.tools.changed(this.id);
  }

  /** What people see, without when it was told. */
  private visible(): string {
    const { api, players, maxPlayers, names } = this.facts();
    const values = [players, maxPlayers, names].map((told) => told?.value ?? null);
    return JSON.stringify([api.is, api.via, ...values]);
  }

  private failuresOf({ effective, adapter }: Game): (readonly [Via, Failure])[] {
    return adapter.readings.flatMap(({ via }, place) => {
      const failure = this.failures.get(place);
      return placeOf(effective, via) === null || failure === undefined ? [] : [[via, failure] as const];
    });
  }

  private wayWorks(via: Via): void {
    for (const [place, ask] of this.polled?.adapter.readings.entries() ?? []) {
      if (ask.via === via) this.breakerOf(place).succeeded();
    }
  }

  private breakerOf(place: number): Breaker {
    const known = this.breakers.get(place) ?? new Breaker(this.tools.times.broken);
    this.breakers.set(place, known);
    return known;
  }

  /** Everything that was learnt of other places, or of the last life, is forgotten. */
  private begin(): void {
    this.polling.abort();
    this.polling = new AbortController();
    this.answers.clear();
    this.breakers.clear();
    this.failures.clear();
  }
}

/** Fires with the first of them. */
function joined(signals: readonly AbortSignal[]): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  }
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}

/** It was called off, or did not get its turn. */
function isAboutUs({ code }: Failure): boolean {
  return code === 'cancelled' || code === 'busy';
}

/** What makes a game another one to ask. */
function placesOf({ effective: { definition, connection } }: Game): string {
  return JSON.stringify([definition.game, connection]);
}
