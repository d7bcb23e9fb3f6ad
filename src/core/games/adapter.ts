import type { ToldPlayer, Via } from '../ports.js';

/**
 * What a game tells about itself at one moment; what it does not tell is absent. players: people, bots not among them.
 * names: only where all who play are told. tickRate: per second; frameTime: milliseconds.
 */
export interface Reading {
  readonly players?: number;
  readonly maxPlayers?: number;
  readonly bots?: number;
  readonly names?: readonly ToldPlayer[];
  readonly tickRate?: number;
  readonly frameTime?: number;
  readonly version?: string;
}

/** What every conversation has. signal: fires at the deadline, and when it is called off; ms: until the deadline. */
interface Bounded {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** A place that answers questions without a password. */
export interface QueryTalk extends Bounded {
  readonly host: string;
  readonly port: number;
}

/** A console on a port. Rejects as `GameConsole.send`. */
export interface LineTalk extends Bounded {
  say(line: string, options?: { readonly endsGame?: boolean }): Promise<string | null>;
}

/**
 * An HTTP interface of JSON. Resolves with the parsed body, or its text where it is none. Rejects secret-missing, unreachable,
 * auth-rejected, timeout, bad-reply (`status`, `detail`), cancelled; `isSent`: it may have been carried out.
 */
export interface RestTalk extends Bounded {
  /** What the same reading told in one of the last polls: who plays need not be asked again while as many do. */
  readonly previous?: Reading;
  get(path: string): Promise<unknown>;
  post(path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface Talks {
  readonly rest: RestTalk;
  readonly rcon: LineTalk;
  readonly econ: LineTalk;
  readonly admin: LineTalk;
  readonly query: QueryTalk;
}

/** One question by one way. What it cannot make sense of it rejects as bad-reply (`field`). */
export type Ask<T> = { [V in Via]: { readonly via: V; run(this: void, talk: Talks[V]): Promise<T> } }[Via];

/** Something that is done on people's wish. fields: its arguments, all of them text. */
export interface GameAction {
  readonly fields: Readonly<Record<string, 'required' | 'optional'>>;
  /** Best way first. */
  ask(this: void, args: Readonly<Record<string, string>>): readonly Ask<string | null>[];
}

/**
 * What one game can be asked and told beside the lines that its row in the catalogue has for its console. The first way of
 * each list that is set up and answers is taken; what must not be done twice goes on to the next only where the one before
 * has certainly not been heard.
 */
export interface GameAdapter {
  /** Its row in the catalogue. */
  readonly id: string;
  /** Whom its HTTP interface wants the password from; `admin` unless told. */
  readonly restUser?: string;
  /** What is asked again and again. */
  readonly readings: readonly Ask<Reading>[];
  /** Saves the world and resolves when that is done. */
  readonly save?: readonly Ask<unknown>[];
  /** Tells all players a text. plain: the same in ASCII, for ways that lose other characters; without it they are left out. */
  announce?(this: void, text: string, plain?: string): readonly Ask<unknown>[];
  /** Tells the game to end now; it has been saved before. */
  readonly end?: readonly Ask<unknown>[];
  readonly actions?: Readonly<Record<string, GameAction>>;
}
