import type { Alert, ExitCause, ServerView } from '../../../shared/contract.js';
import type { Values } from '../../../shared/values.js';
import type { MessageKind, Telling } from './message.js';
import { texts, type Texts } from './texts.js';

/** An alert that is to be put into words. view: of its server as it is now; now: Unix ms. */
export interface Told {
  readonly alert: Alert;
  readonly kind: Exclude<MessageKind, 'test'>;
  readonly telling: Telling;
  readonly view: ServerView | undefined;
  readonly now: number;
}

/** How a language tells things. */
export interface Words {
  readonly texts: Texts;
  readonly values: Values;
}

/** What is longer was meant for a log. */
const longestQuote = 300;

/** "exit 1", "SIGSEGV"; undefined where nobody knows. */
export function exitText({ code, signal }: { code?: unknown; signal?: unknown }, said: Texts): string | undefined {
  if (typeof signal === 'string') return said.signal(signal);
  return typeof code === 'number' ? said.exitCode(code) : undefined;
}

export function causeOf(cause: unknown): ExitCause {
  return typeof cause === 'string' && Object.hasOwn(texts.en.causes, cause) ? (cause as ExitCause) : 'unknown';
}

/** null: it is not told. */
export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function quoted(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}
