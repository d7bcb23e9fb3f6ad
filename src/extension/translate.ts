/**
 * vscode.l10n.t, handed in. The keys are the English texts; a test reads them from the calls `t('…')`, so the first
 * argument is always a literal.
 */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** What texts need to know of the reader. */
export interface Reader {
  readonly t: Translate;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
}
