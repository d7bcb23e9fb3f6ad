import { Failure } from '../../../../src/shared/failure.js';
import type { ErrorCode } from '../../../../src/shared/contract.js';

/** For toSatisfy: a Failure with this code and, where given, these data. */
export function failing(code: ErrorCode, data: Record<string, unknown> = {}): (error: unknown) => boolean {
  return (error) =>
    Failure.is(error, code) && Object.entries(data).every(([key, value]) => Object.is(error.data[key], value));
}

/** What a function throws; undefined when it throws nothing. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
