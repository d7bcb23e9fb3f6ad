import type { RconDialect } from '../../../shared/games.js';

/** How the end of an answer is seen. Times are milliseconds of silence. */
export type AnswerEnd =
  /** The first packet is all of it. */
  | { readonly by: 'first-packet' }
  /** No mark at all: nothing more comes. */
  | { readonly by: 'silence'; readonly silenceMs: number }
  /** An empty answer is sent behind the command and comes back behind the command's own answer. */
  | { readonly by: 'echo'; readonly type: number; readonly silenceMs: number }
  /**
   * Only a packet of so many UTF-16 units may have another behind it. Whether one follows is told by the answer to a packet
   * of an unknown type.
   */
  | { readonly by: 'short-packet'; readonly units: number; readonly type: number; readonly silenceMs: number };

export interface Dialect {
  /** The longest body that the game takes, bytes in UTF-8. */
  readonly maxBytes: number;
  readonly end: AnswerEnd;
  /** It answers with identifier 0, whatever it was asked with. */
  readonly answersAsZero?: true;
  /** Announces more bytes than it sends where a text is not plain Latin; after so much silence nothing more comes. */
  readonly cutSilenceMs?: number;
}

/** Where a game that should answer the mark does not, an answer that has begun is taken for whole after this. */
const silenceMs = 1000;

/**
 * What each game makes of the same protocol. Minecraft reads its socket once, up to 1460 bytes, and closes the line unless
 * that is exactly one packet, so nothing may follow a command before its answer has begun; a packet must fit into one
 * segment of a network that stamps them. ARK never answers again when anything follows a command. Factorio answers each
 * command with one packet of any length, and drops a line on which more than about 4 KB are asked.
 */
export const dialects: Readonly<Record<RconDialect, Dialect>> = {
  source: { maxBytes: 4086, end: { by: 'echo', type: 0, silenceMs } },
  minecraft: { maxBytes: 1434, end: { by: 'short-packet', units: 4096, type: 100, silenceMs } },
  ark: { maxBytes: 4086, end: { by: 'silence', silenceMs: 150 } },
  factorio: { maxBytes: 4000, end: { by: 'first-packet' } },
  palworld: { maxBytes: 4086, end: { by: 'first-packet' }, answersAsZero: true, cutSilenceMs: 300 },
};
