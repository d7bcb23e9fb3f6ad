import type { ErrorCode } from './contract.js';

/** What a failure's sentence needs; values are short and never secret. */
export type FailureData = Record<string, string | number | boolean | null>;

/**
 * An error that crosses process borders: a code, and the data that its sentence needs. The text for people is made at
 * the edge that shows it, in the user's language; `message` here is for logs.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: ErrorCode,
    readonly data: FailureData = {},
    message?: string,
  ) {
    super(message ?? code);
  }

  static is(error: unknown, code?: ErrorCode): error is Failure {
    return error instanceof Failure && (code === undefined || error.code === code);
  }
}

/** The message of anything thrown, for logs and details. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
