import { Failure } from '../../../shared/failure.js';

/**
 * Throws invalid-definition for what a game could take for more than one command, or would cut. Nothing of the text is
 * repeated. maxBytes: of it in UTF-8.
 */
export function checkCommand(text: string, maxBytes: number): void {
  if (text.trim() === '') throw new Failure('invalid-definition', { detail: 'is empty' });
  if (!isPlainLine(text)) {
    throw new Failure('invalid-definition', { detail: 'must be a single line without control characters' });
  }
  if (Buffer.byteLength(text) > maxBytes) {
    throw new Failure('invalid-definition', { detail: `is longer than the ${maxBytes} bytes that the game takes` });
  }
}

/** A password that cannot be put into a packet cannot be the game's. */
export function isSendable(password: string, maxBytes: number): boolean {
  return isPlainLine(password) && Buffer.byteLength(password) <= maxBytes;
}

/** Without control characters: neither those below space and DEL nor those from 0x80, nor Unicode's own ends of lines. */
function isPlainLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(text);
}
