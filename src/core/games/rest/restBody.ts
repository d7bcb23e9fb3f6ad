import { Failure } from '../../../shared/failure.js';

/**
 * What a body says: the value of its JSON, or its text where it is none, as a plain `OK`. Games label their bodies as they
 * like, so the body itself tells what it is. Throws bad-reply (`detail`) for what is no UTF-8, half a JSON or a web page.
 */
export function bodyOf(bytes: Uint8Array): unknown {
  const text = textOf(bytes).trim();
  if (text.startsWith('<')) throw new Failure('bad-reply', { detail: 'web page' });
  if (!text.startsWith('{') && !text.startsWith('[')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure('bad-reply', { detail: 'not JSON' });
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('bad-reply', { detail: 'not UTF-8' });
  }
}
