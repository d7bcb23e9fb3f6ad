import type { Definition } from '../contract.js';

type Patterns = NonNullable<Definition['patterns']>;
type Stop = NonNullable<Definition['stop']>;

/** What a game makes of the RCON protocol; the core has a row for each. */
export type RconDialect = 'source' | 'minecraft' | 'ark' | 'factorio' | 'palworld';

/** A port of a definition's `connection`. */
export type ConnectionPort = keyof Omit<NonNullable<Definition['connection']>, 'host'>;

/**
 * How far what is known of a game was tried. real: with the real server; protocol: with a server of ours that speaks the
 * documented bytes; basic: by its documents only, so that it is never restarted or ended by force unless somebody says so.
 */
export type Proof = 'real' | 'protocol' | 'basic';

/** Reports that a game leaves when it crashes. project: the folder that an Unreal game keeps its things in. */
export type CrashReports =
  { readonly kind: 'unreal'; readonly project: string } | { readonly kind: 'minecraft' | 'jvm' };

/**
 * One row per game: what is known without asking the game. A definition's own fields win over its row. Patterns are regular
 * expressions (JavaScript, u flag), as text.
 */
export interface GameRow {
  readonly id: string;
  readonly label: string;
  /** A codicon. */
  readonly icon: string;
  /** Offered under "More games". */
  readonly isLessKnown?: true;
  readonly proof: Proof;
  /**
   * Base names of the process that really runs the game (not of a launcher script), lower case, as seen in argv[0] or
   * argv[1]; they serve to find running servers.
   */
  readonly executables: readonly string[];
  /** Base names, lower case, of scripts and programs in its folder that start it, the best to start it by first. */
  readonly launchers?: readonly string[];
  /** The number under which Steam installs its server. */
  readonly steamApp?: number;
  /** The ports by which it can be spoken to, best first, each with its usual number: what a form asks for. */
  readonly ports?: Readonly<Partial<Record<ConnectionPort, number>>>;
  readonly patterns?: Readonly<Patterns>;
  /** Lines of its log that only say that it was asked something by us: left out of the console that people see. */
  readonly echo?: string;
  /** How it ends in an orderly way. A line goes to its console; a signal is sent to its process group. */
  readonly stop: Readonly<Pick<Stop, 'line' | 'signal'>>;
  /** Signals end it at once, and what was not saved is lost: they are never sent on our own account. */
  readonly signalsLoseWorld?: true;
  /** Its console where it does not read its stdin: a port of the definition's `connection`, with a password. */
  readonly channel?: 'econ' | 'rcon';
  /** How its RCON speaks, where it has one. */
  readonly rcon?: RconDialect;
  /** Known to read its stdin also where that is no terminal: the way to it before RCON, where we have started it. */
  readonly readsStdin?: true;
  /** A line for its console that saves the world. */
  readonly saveLine?: string;
  /** What its console answers to that line, where it answers: when the save is over, and when it has failed. */
  readonly saveReply?: { readonly done: string; readonly failed?: string };
  /** How often it saves by itself unless told otherwise, seconds. */
  readonly saveSeconds?: number;
  /** How fast it runs when all is well, ticks a second; of games that tell how fast they run. */
  readonly tickRate?: number;
  /**
   * Where its save is, from the folder that it runs in or one above that, with / and * for any part of one name: the newest
   * of these files was written by the last save.
   */
  readonly saveFiles?: readonly string[];
  readonly crashReports?: readonly CrashReports[];
  /** A line for its console that tells the players something; {text} is replaced. */
  readonly sayLine?: string;
  /** By that line players are shown nothing but ASCII. */
  readonly sayAscii?: true;
  /** Countdown before a graceful stop, seconds. */
  readonly announceSeconds: readonly number[];
}

export const usualCountdown = [60, 30, 10, 5] as const;
