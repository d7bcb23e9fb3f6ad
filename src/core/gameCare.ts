import type { GameSetup, Requests, Sample, ServerView } from '../shared/contract.js';
import type { Effective } from '../shared/definition.js';
import { Failure } from '../shared/failure.js';
import type { AlertRules } from './alerts/alertRules.js';
import type { Consoles } from './console/consoles.js';
import { placeOf } from './games/places.js';
import type { GameLinks } from './games/runner/gameLinks.js';
import { setupOf } from './games/setup.js';
import { echoOf } from './lifecycle/echo.js';
import type { Server } from './lifecycle/server.js';
import type { EndReport, ServerFace } from './lifecycle/serverTools.js';
import type { ServerLoads } from './load/serverLoads.js';
import { PerPlayerCosts } from './perPlayer/perPlayer.js';
import { confirmsEmpty } from './players/confirmsEmpty.js';
import { playerStats, statsKinds } from './players/playerStats.js';
import { WhoPlays } from './players/whoPlays.js';
import type { CarePort, EventSource, Happening, HistoryEvent, Log, ToldPlayer } from './ports.js';
import { FreeSpace } from './saves/freeSpace.js';
import { SaveBook } from './saves/saveBook.js';
import { SaveFiles, savePlaceOf } from './saves/saveFiles.js';
import type { Store } from './store/store.js';

/** A save that a person asks for is waited for so long. */
const saveMs = 60_000;
const filesEveryMs = 30_000;
/** What takes minutes to become true is not looked at with every round. */
const slowEveryMs = 5000;
const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** Of the history, for the most players of each day: divides an hour, so that days begin with a bucket. */
const peakMs = 15 * 60_000;
const mostBuckets = 10_000;
const mostEvents = 10_000;
/** Where a game notes each time that it is asked, this many times more lines are looked at for those that say something. */
const echoFactor = 5;
const mostLines = 10_000;
/** What says that a pause between two saves was no ordinary one. */
const saveKinds = ['saved', 'started', 'stopping', 'stopped', 'crashed', 'start-failed'];

/** What is followed of one server. */
interface Followed {
  readonly book: SaveBook;
  readonly who: WhoPlays;
  settings: Effective;
  files: SaveFiles | null;
  filesAt: number;
  /** Which start of it is followed; null while it does not run. */
  nonce: string | null;
  isUp: boolean;
  isOverdue: boolean;
}

export interface GameCareParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly links: GameLinks;
  readonly consoles: Pick<Consoles, 'tail'>;
  readonly history: Pick<Store, 'range'>;
  readonly events: EventSource;
  readonly alertRules: AlertRules;
  readonly loads: ServerLoads;
  server(id: string): ServerFace | undefined;
  /** Something has happened to a server, to be kept. */
  happened(server: ServerFace, what: Happening): void;
  /** What is shown of it is another. */
  changed(server: ServerFace): void;
}

/**
 * What servers do beside running: who plays, when they save, what a player costs,
 * how they were loaded. Told by their lines, by the games themselves
 * and by the files of their saves.
 */
export class GameCare implements CarePort {
  private readonly followed = new Map<string, Followed>();
  private readonly costs: PerPlayerCosts;
  private readonly space: FreeSpace;
  private slowAt = -Infinity;

  constructor(private readonly parts: GameCareParts) {
    const { history, events, log } = parts;
    this.space = new FreeSpace((id) => {
      const server = parts.server(id);
      if (server !== undefined) parts.changed(server);
    });
    this.costs = new PerPlayerCosts({
      range: async (query) => await history.range(query),
      starts: async (id, from, to) =>
        (await events.find({ id, from, to, kinds: ['started'], limit: mostEvents })).map(({ at }) => at),
      changed: (id) => {
        const server = parts.server(id);
        if (server !== undefined) parts.changed(server);
      },
      log,
    });
  }

  /** Its state, its definition or what is seen of it is another. */
  changed(server: ServerFace): void {
    const { process, settings, state } = server;
    const followed = this.of(server);
    if (followed.settings !== settings) {
      followed.settings = settings;
      followed.book.configure(settings);
      followed.files = null;
      followed.isUp = false;
    }
    if (process === null) return;
    if (followed.nonce !== process.nonce) {
      followed.nonce = process.nonce;
      followed.isUp = false;
      followed.book.started(process.startedAt);
      followed.who.begun(process.isOurs && state.at === 'starting' ? process.startedAt : null);
    }
    if (state.at !== 'running' || followed.isUp) return;
    followed.isUp = true;
    this.parts.links.up(server.id, settings);
  }

  /** What its lines tell, as it is to be kept: a save may have been told before, by another way. */
  heard(server: ServerFace, what: Happening): Happening[] {
    const { book, who } = this.of(server);
    switch (what.is) {
      case 'joined':
      case 'left':
        who.named();
        this.parts.links.nudge(server.id);
        return [what];
      case 'saveBegun':
        return [what, ...some(book.begun(what.at))];
      case 'saved':
        this.saveDone(server);
        return some(book.saved(what.at, what.tookMs));
      case 'saveFailed':
        return [this.noteFailure(server, what.at, what.reason)];
    }
  }

  /** The end of its process, with what is known of it here. leaving: who was on by the game's own word. */
  ended(server: ServerFace, report: EndReport): EndReport & { readonly leaving: readonly Happening[] } {
    const { who, book } = this.of(server);
    const names = who.online().map(({ name }) => name);
    const leaving = who.end(report.exit.at);
    const { lastAt } = book.view(false);
    this.down(server.id);
    return {
      ...report,
      players: report.players ?? (leaving.length > 0 ? names : null),
      lastSaveAt: report.lastSaveAt ?? lastAt,
      leaving,
    };
  }

  /** All who play were told by the game. */
  named(id: string, names: readonly ToldPlayer[], at: number): void {
    const server = this.parts.server(id);
    if (server?.process == null) return;
    const { who } = this.of(server);
    for (const what of who.told(names, at, logNames(server))) this.parts.happened(server, what);
    if (who.linesAreMute && server.lines.knowsPlayers) server.lines.gap();
  }

  /** To be called with every round of samples. isShort: of memory; what reads much of the history waits. */
  review(servers: readonly ServerFace[], now: number, isShort: boolean): void {
    const running = servers.filter(({ process }) => process !== null);
    this.parts.loads.review(running, now);
    // A clock that was set back must not make it wait.
    if (now - this.slowAt < slowEveryMs && now >= this.slowAt) return;
    this.slowAt = now;
    for (const server of running) {
      this.reviewSaves(server, now);
      this.lookAtFiles(server, now);
    }
    void this.space.review(() => running.map((server) => ({ id: server.id, folders: this.homesOf(server) })));
    if (!isShort) void this.costs.review(running.map(({ id }) => id));
  }

  /** The server is no more. */
  forget(id: string): void {
    this.parts.links.forget(id);
    this.followed.delete(id);
    this.costs.forget(id);
    this.parts.loads.forget(id);
    this.space.forget(id);
  }

  save(id: string): ServerView['save'] {
    const followed = this.followed.get(id);
    if (followed !== undefined) return followed.book.view(followed.nonce !== null);
    const nothing = { lastAt: null, nextAt: null, tookMs: null, intervalMs: null, bytes: null };
    return { ...nothing, running: false, isLearned: false };
  }

  perPlayer(id: string, sample: Sample | null): ServerView['perPlayer'] {
    return this.costs.of(id, sample);
  }

  load(id: string): ServerView['load'] {
    return this.parts.loads.view(id);
  }

  disk(id: string): ServerView['disk'] {
    return this.space.of(id);
  }

  async isKnownEmpty(effective: Effective, logCount: number | null): Promise<boolean> {
    return confirmsEmpty(logCount, await this.parts.links.countNow(effective));
  }

  saveAsked(id: string): void {
    this.followed.get(id)?.book.asked(Date.now());
  }

  saveTold(id: string, tookMs: number): void {
    const server = this.parts.server(id);
    if (server?.process == null) return;
    this.saveDone(server);
    for (const what of some(this.of(server).book.answered(Date.now(), tookMs))) this.parts.happened(server, what);
    this.parts.changed(server);
  }

  saveFailed(id: string, reason: string): void {
    const server = this.parts.server(id);
    if (server !== undefined) this.parts.happened(server, this.noteFailure(server, Date.now(), reason));
  }

  /** Rejects not-running, and as `GameTalk.save`. */
  async saveNow(server: ServerFace): Promise<Requests['server/save']['result']> {
    if (server.process === null) throw new Failure('not-running', { id: server.id });
    const begun = Date.now();
    const word = await Promise.race([server.talk.save(saveMs), server.ending.then(() => undefined)]);
    return { confirmed: word?.confirmed === true, tookMs: Date.now() - begun };
  }

  /** Who is on, by the game's own list or by its lines. Rejects unsupported, and why the game cannot be asked. */
  players(server: ServerFace): Requests['server/players']['result'] {
    const { id, lines } = server;
    const { names, api } = this.parts.links.facts(id);
    if (names !== null) {
      const since = new Map(
        this.of(server)
          .who.online()
          .map((one) => [one.id ?? one.name, one.since]),
      );
      return names.value.map(({ name, id: own }) => ({
        name,
        id: own,
        since: since.get(own ?? name) ?? lines.online.get(name) ?? null,
      }));
    }
    if (lines.knowsPlayers) return [...lines.online].map(([name, since]) => ({ name, id: null, since }));
    const why = ({ locked: 'secret-missing', refused: 'auth-rejected', silent: 'unreachable' } as const)[
      api.is as 'locked'
    ];
    throw new Failure(server.process === null ? 'not-running' : (why ?? 'unsupported'), { id, what: 'players' });
  }

  async playerStats(server: ServerFace, from: number, to: number): Promise<Requests['server/playerStats']['result']> {
    const { id } = server;
    const { events, history } = this.parts;
    const begin = Math.max(from, to - mostBuckets * peakMs);
    const start = Math.floor(begin / peakMs) * peakMs;
    const buckets = Math.max(1, Math.ceil((to - start) / peakMs));
    const range = history.range({ id, metrics: ['players'], from: start, to: start + buckets * peakMs, buckets });
    const found = events.find({ id, from: from - weekMs, to, kinds: statsKinds, limit: mostEvents });
    const { at, metrics } = await range;
    const max = metrics.players?.max ?? new Float64Array(at.length).fill(NaN);
    const online = server.process === null ? [] : this.onlineOf(server);
    return playerStats({ events: await found, online, peaks: { at, max }, from, to, now: Date.now() });
  }

  /** Rejects not-running, and as `GamesPort.action`. */
  async action(server: ServerFace, name: string, args: Readonly<Record<string, unknown>>): Promise<string | null> {
    if (server.process === null) throw new Failure('not-running', { id: server.id });
    return await this.parts.links.action(server.settings, name, args);
  }

  async test(server: ServerFace): Promise<Requests['server/test']['result']> {
    return await this.parts.links.test(server.settings);
  }

  setup({ definition }: Pick<ServerFace, 'definition'>): GameSetup | null {
    return setupOf(definition, this.parts.dataDir);
  }

  /** Its last lines, without those in which it only notes that we have asked it something. look: see `Consoles.tail`. */
  async tail(server: Pick<Server, 'consoleFile' | 'settings'>, count: number, look: () => void): Promise<string[]> {
    const { game } = server.settings;
    const isEcho = echoOf(game);
    const wanted = game.echo === undefined ? count : Math.min(mostLines, count * echoFactor);
    const lines = await this.parts.consoles.tail(server.consoleFile, wanted, look);
    return game.echo === undefined ? lines : lines.filter((line) => !isEcho(line)).slice(-count);
  }

  private onlineOf(server: ServerFace): { name: string; since: number | null }[] {
    try {
      return this.players(server);
    } catch {
      return [];
    }
  }

  private of(server: Pick<ServerFace, 'id' | 'settings'>): Followed {
    const { id, settings } = server;
    const known = this.followed.get(id);
    if (known !== undefined) return known;
    const followed: Followed = {
      ...{ book: new SaveBook(settings), who: new WhoPlays(), settings, files: null, filesAt: -Infinity },
      ...{ nonce: null, isUp: false, isOverdue: false },
    };
    this.followed.set(id, followed);
    void this.recall(id, followed.book);
    return followed;
  }

  /** What the history knows of its saves. */
  private async recall(id: string, book: SaveBook): Promise<void> {
    try {
      const now = Date.now();
      const events: HistoryEvent[] = await this.parts.events.find({
        ...{ id, from: now - weekMs, to: now, kinds: saveKinds, limit: mostEvents },
      });
      book.restore(events);
      const server = this.parts.server(id);
      if (server !== undefined && events.length > 0) this.parts.changed(server);
    } catch (error) {
      this.parts.log.write('info', 'saves', 'earlier ones are not known', { id, error: String(error) });
    }
  }

  private down(id: string): void {
    this.parts.loads.forget(id);
    const followed = this.followed.get(id);
    if (followed === undefined) return;
    followed.book.ended();
    Object.assign(followed, { nonce: null, isUp: false, isOverdue: false, filesAt: -Infinity });
    this.parts.links.down(id);
  }

  private reviewSaves(server: ServerFace, now: number): void {
    const followed = this.of(server);
    const { state, sample } = server;
    const runningSince = state.at === 'running' ? state.since : null;
    const players = sample?.players ?? null;
    const overdue = followed.book.review({ now, runningSince, players, isPaused: server.isSuspended });
    if ((overdue !== null) === followed.isOverdue) return;
    followed.isOverdue = overdue !== null;
    const { lastAt = null, intervalMs = null } = overdue ?? {};
    if (overdue !== null) this.parts.alertRules.saveOverdue(server, { lastAt, intervalMs });
  }

  private lookAtFiles(server: ServerFace, now: number): void {
    const followed = this.of(server);
    if (now - followed.filesAt < filesEveryMs && now >= followed.filesAt) return;
    followed.filesAt = now;
    if (followed.files === null) {
      const place = placeOf(server.definition, this.parts.dataDir);
      followed.files = new SaveFiles(savePlaceOf(followed.settings, place?.cwd ?? null, place?.folders ?? []));
    }
    const { files, nonce } = followed;
    void files.look().then((seen) => {
      if (seen === null || followed.nonce !== nonce || this.followed.get(server.id) !== followed) return;
      const before = JSON.stringify(followed.book.view(true));
      const saved = some(followed.book.filesSeen(seen));
      for (const what of saved) this.parts.happened(server, what);
      if (saved.length > 0) this.saveDone(server);
      if (JSON.stringify(followed.book.view(true)) !== before) this.parts.changed(server);
    });
  }

  /** On whose volume it saves, most likely first. */
  private homesOf(server: ServerFace): string[] {
    const cwd = placeOf(server.definition, this.parts.dataDir)?.cwd ?? this.parts.dataDir;
    return [...savePlaceOf(this.of(server).settings, cwd, []).own, cwd];
  }

  private saveDone(server: ServerFace): void {
    this.of(server).isOverdue = false;
    this.parts.alertRules.saveDone(server);
  }

  private noteFailure(server: ServerFace, at: number, reason: string): Happening {
    this.parts.alertRules.saveFailed(server, reason);
    return this.of(server).book.failed(at, reason);
  }
}

/** Its lines name who joins and leaves, as far as its patterns go, and we can read them. */
function logNames({ process, lines }: ServerFace): boolean {
  return process?.isOurs === true && lines.has('join') && lines.has('leave');
}

function some<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
