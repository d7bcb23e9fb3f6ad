import { systemMessage } from '../../node/windows/messages.js';
import { Failure } from '../../shared/failure.js';

/** ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND. */
const missing = new Set([2, 3]);
/** ERROR_ACCESS_DENIED, ERROR_BAD_EXE_FORMAT, ERROR_ELEVATION_REQUIRED. */
const notRunnable = new Set([5, 193, 740]);

/** What a start has failed of, by the system's error code. */
export function startFailure(code: number, command: string): Failure {
  const detail = systemMessage(code);
  if (missing.has(code)) return new Failure('command-not-found', { command }, detail);
  if (notRunnable.has(code)) return new Failure('not-executable', { command, detail }, detail);
  return new Failure('start-failed', { detail }, detail);
}
