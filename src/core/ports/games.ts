import type { ErrorCode } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { PasswordKey } from '../../shared/secrets.js';

/** A way to ask a game: its HTTP interface, its RCON, its query port, its console or admin port. */
export type Via = 'rest' | 'rcon' | 'query' | 'econ' | 'admin';

/** A player as the game tells. id: what the game's own commands know them by; null where it does not tell. */
export interface ToldPlayer {
  readonly name: string;
  readonly id: string | null;
}

/** What was told at one time (Unix milliseconds), and by what. */
export interface Told<T> {
  readonly value: T;
  readonly source: Via;
  readonly at: number;
}

/**
 * Whether a game can be asked. none: there is no way that is set up; locked: a password is missing; waiting: not asked yet;
 * ok: it answers; silent: it does not; refused: it does not take the password.
 */
export type ApiState = 'none' | 'locked' | 'waiting' | 'ok' | 'silent' | 'refused';

/**
 * What a game has told of itself. null: never told since it runs, or too long ago to be true still. players: people, not
 * bots. names: only where all are told. apiTime: milliseconds that the best way took. tickRate: per second; frameTime: ms.
 */
export interface GameFacts {
  readonly api: {
    readonly is: ApiState;
    readonly since: number;
    readonly via: Via | null;
    /** It has answered since it runs. */
    readonly hasAnswered: boolean;
  };
  readonly players: Told<number> | null;
  readonly maxPlayers: Told<number> | null;
  readonly names: Told<readonly ToldPlayer[]> | null;
  readonly tickRate: number | null;
  readonly frameTime: number | null;
  readonly apiTime: number | null;
}

/** One channel's answer to a test. tookMs: milliseconds. */
export interface ChannelTest {
  readonly channel: Via;
  readonly ok: boolean;
  readonly code: ErrorCode | null;
  readonly tookMs: number;
}

/** The games, asked and told things beside their consoles. Nothing here blocks, and every wait has a deadline. */
export interface GamesPort {
  facts(id: string): GameFacts;
  /** Which of these the server's game does by a way that is set up; actions: names as of `server/action`. */
  can(effective: Effective): { save: boolean; announce: boolean; end: boolean; actions: readonly string[] };
  /**
   * Resolves when the game says that it has saved. Rejects unsupported where there is no such way, save-failed as `io`, and
   * what a way rejects; `isSent`: it may have heard. Never said twice to a game that may have heard.
   */
  save(effective: Effective, ms: number, signal?: AbortSignal): Promise<void>;
  /** Tells the players; plain: in ASCII, for ways that lose other characters. Rejects as `save`. */
  announce(effective: Effective, text: string, plain?: string): Promise<void>;
  /** Tells the game to end, now. Resolves when it has taken that, or has ended over it. Rejects as `save`. */
  end(effective: Effective): Promise<void>;
  /** Rejects unsupported, invalid-definition (`field`), and what a way rejects. Resolves with what the game said to it. */
  action(effective: Effective, name: string, args: Readonly<Record<string, unknown>>): Promise<string | null>;
  /** Asks by every way that is set up, each for itself. Never rejects. */
  test(effective: Effective): Promise<ChannelTest[]>;
  /** Asks again now: how many play, by every way that tells. One answer per way; empty where none does. Never rejects. */
  countNow(effective: Effective): Promise<readonly (Told<number> & { readonly isList: boolean })[]>;
}

/** A game's own console on a port, for games whose stdin is not read or not in our hands. */
export interface GameConsole {
  readonly via: 'econ' | 'rcon';
  /**
   * One line; resolves with what the game said to it, null for nothing. Rejects secret-missing, unreachable, auth-rejected,
   * timeout, bad-reply, busy, cancelled, and invalid-definition for a line that the game would not take for one.
   */
  send(line: string): Promise<string | null>;
}

/** What a game's own settings file says about how to talk to the game. */
export interface OwnSettings {
  readonly passwords: Readonly<Partial<Record<PasswordKey, string>>>;
  /** Of the consoles that the game has switched on. */
  readonly ports: Readonly<Partial<Record<'restPort' | 'rconPort' | 'econPort' | 'queryPort', number>>>;
  /** The one address that it listens on; absent where it listens on all. */
  readonly host?: string;
  /** When the file was written, Unix milliseconds. */
  readonly at: number;
}
