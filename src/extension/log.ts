/** What the parts need of VS Code's log channel. Data goes beside the text, never a secret. */
export interface Log {
  error(message: string, ...data: unknown[]): void;
  warn(message: string, ...data: unknown[]): void;
  info(message: string, ...data: unknown[]): void;
  debug(message: string, ...data: unknown[]): void;
}
