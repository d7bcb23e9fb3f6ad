import type { GameRow } from '../../shared/games.js';

/** Longer lines are nobody's echo, and patterns come from people. */
const maxMatchedChars = 1000;

/** Tells the lines in which a game only notes that we have asked it something. */
export function echoOf({ echo }: Pick<GameRow, 'echo'>): (line: string) => boolean {
  if (echo === undefined || echo === '') return () => false;
  const pattern = new RegExp(echo, 'u');
  return (line) => line.length <= maxMatchedChars && pattern.test(line);
}
