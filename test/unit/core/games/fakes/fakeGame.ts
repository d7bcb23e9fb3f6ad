import type { ToldPlayer, Via } from '../../../../../src/core/ports.js';

/**
 * How a fake behaves. well: as the game does; silent: takes the connection or datagram and never answers; slow: so slowly that no
 * deadline is kept; halfClosed: ends its side in the middle of an answer; reset: breaks the connection; garbage: bytes that are
 * no text, and values of wrong types; huge: 10 MB where a few bytes are expected.
 */
export const fakeModes = ['well', 'silent', 'slow', 'halfClosed', 'reset', 'garbage', 'huge'] as const;
export type FakeMode = (typeof fakeModes)[number];

/** What a fake tells when it is asked. Absent: its game does not tell that by this way. */
export interface FakeWorld {
  players: ToldPlayer[];
  maxPlayers: number;
  tickRate?: number;
  frameTime?: number;
}

/** A server of ours that speaks the documented bytes of one game by one way. */
export interface FakeGame {
  readonly via: Via;
  readonly port: number;
  /** null: it asks for none. */
  readonly password: string | null;
  readonly world: FakeWorld;
  mode: FakeMode;
  /** What it was told to do, in order: `save`, `announce TEXT`, `end`, `kick ID`, `ban ID`, `unban ID`, `say LINE`. */
  readonly done: readonly string[];
  close(): Promise<void>;
}

/** Starts a fake on a free port of 127.0.0.1. */
export type MakeFake = () => Promise<FakeGame>;
