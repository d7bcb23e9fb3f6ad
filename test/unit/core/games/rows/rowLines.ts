import type { Definition } from '../../../../../src/shared/contract.js';

export type PatternName = keyof NonNullable<Definition['patterns']>;

/** A line, and who it is about. */
type About = readonly [line: string, player: string];

/**
 * What the log of one game says, as the game prints it. patterns: for each pattern of its row, lines that it must match; those of
 * join and leave with the name. not: lines beside that a pattern must not match. chat: how it prints what a player says; where
 * its log does not tell, none. Nothing that is said in the chat may be taken for the game's own word.
 */
export interface RowLines {
  readonly patterns?: Readonly<
    Partial<
      Record<Exclude<PatternName, 'join' | 'leave'>, readonly string[]> & Record<'join' | 'leave', readonly About[]>
    >
  >;
  readonly echo?: readonly string[];
  readonly saveReply?: { readonly done: readonly string[]; readonly failed?: readonly string[] };
  readonly not?: Readonly<Partial<Record<PatternName | 'echo', readonly string[]>>>;
  readonly chat: readonly ((text: string) => string)[];
}
