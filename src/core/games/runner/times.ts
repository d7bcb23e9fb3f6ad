/** How long and how often things are done. Milliseconds unless told otherwise. */
export interface Times {
  /** For one ask. */
  readonly ask: number;
  /** For somebody's wish to get its turn. */
  readonly turn: number;
  /** From the server's being up to its first poll. */
  readonly first: number;
  /** From a hint that something has changed to the poll: the game tells its log first, and others a moment later. */
  readonly hint: number;
  /** Between polls that follow hints, at least. */
  readonly hints: number;
  /** Between tries of one reading, from and to: each its own, so that many servers do not knock at the same moment. */
  readonly pauses: readonly (readonly [number, number])[];
  /** A game may put a try off for so long within a poll. */
  readonly putOff: number;
  /** A way that has failed too often is asked only so often. */
  readonly broken: number;
  /** A password that was rejected is not said again before. */
  readonly rejected: number;
}

export const usualTimes: Times = {
  ask: 5000,
  turn: 60_000,
  first: 1000,
  hint: 300,
  hints: 5000,
  pauses: [
    [250, 500],
    [750, 1500],
  ],
  putOff: 2500,
  broken: 60_000,
  rejected: 60_000,
};
