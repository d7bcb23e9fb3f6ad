/** How many play, as one source says. isList: it tells who they are, so that none of them is overlooked. */
export interface CountAnswer {
  readonly value: number;
  readonly source: string;
  readonly isList: boolean;
}

/**
 * Whether really nobody plays: two sources say so, or a list does; and nobody says otherwise. logCount: by the server's own
 * lines; null where they do not tell.
 */
export function confirmsEmpty(logCount: number | null, answers: readonly CountAnswer[]): boolean {
  const log = logCount === null ? [] : [{ value: logCount, source: 'log', isList: false }];
  const all = [...log, ...answers];
  // What makes no sense is no 0.
  if (!all.every(({ value }) => value === 0)) return false;
  return all.some(({ isList }) => isList) || new Set(all.map(({ source }) => source)).size >= 2;
}
