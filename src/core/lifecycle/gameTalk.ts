import { isEncodable } from '../../node/encoding/encode.js';
import { consoleOnPort, type Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import { sayingLine } from '../../shared/games.js';
import type { CarePort, ConsolePort, GamesPort } from '../ports.js';
import { isAscii } from './announcement.js';
import type { LogWatch } from './logWatch.js';
import type { SentLine } from './sendLine.js';

/** The server that is talked to. */
export interface Talked {
  readonly settings: Effective;
  readonly consoleFile: string;
  readonly lines: LogWatch;
  /** One line to its console. Rejects as `sendLine`. */
  writeLine(line: string): Promise<SentLine>;
}

/** What became of a save. detail: the game's own word; confirmed false: it was told, and has said nothing to it. */
export interface SaveWord {
  readonly confirmed: boolean;
  readonly detail: string | null;
}

/**
 * What a game is told beside lines of people's own: by its own interface where that is set up, else in a line for its console.
 * The second way is taken only where the first has certainly not been heard.
 */
export class GameTalk {
  constructor(
    private readonly server: Talked,
    private readonly games: Pick<GamesPort, 'can' | 'save' | 'announce' | 'end'>,
    private readonly care: Pick<CarePort, 'saveAsked' | 'saveTold' | 'saveFailed'>,
    private readonly consoles: Pick<ConsolePort, 'encodingOf'>,
  ) {}

  get canAnnounce(): boolean {
    const settings = this.server.settings;
    return this.games.can(settings).announce || (settings.game.sayLine !== undefined && hasConsole(settings));
  }

  get canSave(): boolean {
    const settings = this.server.settings;
    return this.games.can(settings).save || (settings.game.saveLine !== undefined && hasConsole(settings));
  }

  /** It can be told to save, and says when it has. */
  get confirmsSaves(): boolean {
    const settings = this.server.settings;
    if (this.games.can(settings).save) return true;
    return this.canSave && (this.server.lines.has('saveEnd') || settings.game.saveReply !== undefined);
  }

  /** Its own interface ends it, unless its definition has a way of its own. */
  get canEnd(): boolean {
    const settings = this.server.settings;
    return !settings.stop.isOwn && this.games.can(settings).end;
  }

  /**
   * Tells the players something. plain: the same in ASCII, for ways that lose other characters; where there is none, nothing
   * illegible is said by them. Rejects unsupported (`what`: announce, announce-characters), and what a way rejects.
   */
  async announce(text: string, plain?: string): Promise<void> {
    const settings = this.server.settings;
    const { id } = settings.definition;
    if (!this.canAnnounce) throw new Failure('unsupported', { id, what: 'announce' });
    const line = this.sayingLine(text, plain);
    const byGame = async (): Promise<void> => {
      if (!this.games.can(settings).announce) throw new Failure('unsupported');
      await this.games.announce(settings, text, plain);
    };
    try {
      await orElse(byGame, line === undefined ? undefined : () => this.server.writeLine(line));
    } catch (error) {
      // There is a way, but none for this text.
      if (Failure.is(error, 'unsupported')) throw new Failure('unsupported', { id, what: 'announce-characters' });
      throw error;
    }
  }

  /**
   * Tells it to save and waits for its word on that, at most so many milliseconds. Rejects unsupported, io (`detail`) where the
   * game says that it could not, and what a way rejects; `isSent`: it may have heard.
   */
  async save(ms: number, signal?: AbortSignal): Promise<SaveWord> {
    const { id } = this.server.settings.definition;
    if (!this.canSave) throw new Failure('unsupported', { id, what: 'save' });
    const begun = Date.now();
    this.care.saveAsked(id);
    try {
      const word = await this.trySave(ms, signal);
      if (word.confirmed) this.care.saveTold(id, Date.now() - begun);
      return word;
    } catch (error) {
      if (Failure.is(error, 'io')) this.care.saveFailed(id, String(error.data.detail ?? error.code));
      throw error;
    }
  }

  /** Tells it to end by its own interface. Rejects as `save`. */
  async end(): Promise<void> {
    await this.games.end(this.server.settings);
  }

  /** What its console is told so that players can read it; undefined where it has no such line. */
  private sayingLine(text: string, plain: string | undefined): string | undefined {
    const settings = this.server.settings;
    const { sayLine } = settings.game;
    const shown = this.shows(text) ? text : plain;
    if (sayLine === undefined || shown === undefined || !hasConsole(settings)) return undefined;
    return sayingLine(sayLine, shown);
  }

  /** Its console takes these characters: on a port they go as UTF-8, on its stdin in the encoding that it speaks. */
  private shows(text: string): boolean {
    if (isAscii(text)) return true;
    const { settings, consoleFile } = this.server;
    if (settings.game.sayAscii === true) return false;
    const isByStdin = consoleOnPort(settings) === undefined || settings.game.readsStdin === true;
    return !isByStdin || isEncodable(text, this.consoles.encodingOf(consoleFile));
  }

  private async trySave(ms: number, signal: AbortSignal | undefined): Promise<SaveWord> {
    const settings = this.server.settings;
    const { games } = this;
    const { saveLine } = settings.game;
    const byLine =
      saveLine !== undefined && hasConsole(settings) ? () => this.saveByLine(saveLine, ms, signal) : undefined;
    const byGame = async (): Promise<SaveWord> => {
      await games.save(settings, ms, signal);
      return { confirmed: true, detail: null };
    };
    if (games.can(settings).save) return await orElse(byGame, byLine);
    return (await byLine?.()) ?? { confirmed: false, detail: null };
  }

  private async saveByLine(saveLine: string, ms: number, signal: AbortSignal | undefined): Promise<SaveWord> {
    const { lines, settings } = this.server;
    const { saveReply } = settings.game;
    const heard = new AbortController();
    const until = signal === undefined ? heard.signal : AbortSignal.any([heard.signal, signal]);
    const printed = lines.has('saveEnd') ? lines.next('saveEnd', ms, until) : undefined;
    try {
      const { reply } = await this.server.writeLine(saveLine);
      const said = reply?.trim() ?? '';
      if (saveReply?.failed !== undefined && new RegExp(saveReply.failed, 'u').test(said)) {
        throw new Failure('io', { what: 'save', detail: said.slice(0, 200) });
      }
      if (saveReply !== undefined && new RegExp(saveReply.done, 'u').test(said)) {
        return { confirmed: true, detail: said.slice(0, 200) };
      }
      const line = await printed;
      return { confirmed: line !== undefined, detail: line ?? null };
    } finally {
      heard.abort();
    }
  }
}

/** Lines can reach it, as far as its definition says: a console on a port is of no use where nobody knows the port. */
export function hasConsole(effective: Effective): boolean {
  return effective.game.channel === undefined || consoleOnPort(effective) !== undefined;
}

/** What a game may have heard is not said again another way. */
async function orElse<T>(first: () => Promise<T>, second: (() => Promise<unknown>) | undefined): Promise<T> {
  try {
    return await first();
  } catch (error) {
    const mayBeHeard = Failure.is(error) && error.data.isSent === true;
    const isOver = Failure.is(error, 'cancelled') || Failure.is(error, 'io');
    if (second === undefined || mayBeHeard || isOver) throw error;
    return (await second()) as T;
  }
}
