import { TextDecoder } from 'node:util';
import { charactersOf, type Characters } from './characters.js';

const missing = 0xfffd;
/** Their characters may take more than two bytes. */
const longer = new Set(['gb18030', 'euc-jp']);
const decoders = new Map<string, TextDecoder | undefined>();
let units = new Uint16Array(4096);

/** Bytes as text, by the label of their encoding. What is no character becomes U+FFFD; all of it where the label is not known. */
export function decoded(bytes: Buffer, label: string): string {
  const characters = longer.has(label) || label === 'utf-8' ? undefined : charactersOf(label);
  if (characters !== undefined) return fromCharacters(bytes, characters);
  return decoderOf(label)?.decode(bytes) ?? bytes.toString('utf8');
}

function decoderOf(label: string): TextDecoder | undefined {
  if (!longer.has(label)) return undefined;
  if (!decoders.has(label)) {
    try {
      decoders.set(label, new TextDecoder(label));
    } catch {
      decoders.set(label, undefined);
    }
  }
  return decoders.get(label);
}

function fromCharacters(bytes: Buffer, { single, double }: Characters): string {
  if (units.length < bytes.length) units = new Uint16Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    let unit = byte < 0x80 ? byte : (single[byte] ?? 0);
    if (unit === 0 && double?.isLead[byte] === 1) {
      const trail = bytes[at + 1] ?? 0;
      unit = double.units[byte * 256 + trail] ?? 0;
      // ASCII behind half a character is itself.
      if (unit !== 0 || trail >= 0x80) at++;
    }
    units[count++] = unit === 0 && byte !== 0 ? missing : unit;
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
}
