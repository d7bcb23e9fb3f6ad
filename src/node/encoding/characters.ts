import { TextDecoder } from 'node:util';
import { dosPages, windows1252 } from './pages.js';

/** An encoding whose characters take one byte or two. Characters are UTF-16 units; 0: there is none. Below 0x80 it is ASCII. */
export interface Characters {
  /** By byte, 256 of them. */
  readonly single: Uint16Array;
  /** By both bytes, the first one times 256, and whether a byte is a first one; undefined where there are none of two. */
  readonly double: { readonly units: Uint16Array; readonly isLead: Uint8Array } | undefined;
}

const firstHigh = 0x80;
const leastTrail = 0x30;
const known = new Map<string, Characters | undefined>();

/** The characters of an encoding, by its label; undefined where this system has no such encoding. Made once, some 20 ms. */
export function charactersOf(label: string): Characters | undefined {
  if (!known.has(label)) known.set(label, make(label));
  return known.get(label);
}

function make(label: string): Characters | undefined {
  const page = dosPages[label === 'ibm858' ? 'ibm850' : label];
  if (page !== undefined) return withEuro(label, pageOf(page));
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    return undefined;
  }
  const single = ascii();
  for (let byte = firstHigh; byte < 256; byte++) single[byte] = unitOf(decoder.decode(Uint8Array.of(byte)));
  if (label === 'windows-1252') windows1252.split('').forEach((text, n) => (single[firstHigh + n] = unitOf(text)));
  return { single, double: hasPairs(label) ? pairsOf(label, decoder) : undefined };
}

function hasPairs(label: string): boolean {
  return /^(?:euc|shift|gb|big)/.test(label);
}

function ascii(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => (byte < firstHigh ? byte : 0));
}

function pageOf(page: string): Characters {
  const single = ascii();
  for (let n = 0; n < page.length; n++) single[firstHigh + n] = unitOf(page.charAt(n));
  return { single, double: undefined };
}

/** Code page 858 is 850 with the euro in place of a dotless i. */
function withEuro(label: string, characters: Characters): Characters {
  if (label === 'ibm858') characters.single[0xd5] = unitOf('€');
  return characters;
}

function pairsOf(label: string, decoder: TextDecoder): Characters['double'] {
  const units = new Uint16Array(0x1_0000);
  const isLead = new Uint8Array(256);
  const bytes = new Uint8Array(2);
  for (let lead = firstHigh; lead < 256; lead++) {
    bytes[0] = lead;
    for (let trail = leastTrail; trail < 255; trail++) {
      bytes[1] = trail;
      units[lead * 256 + trail] = unitOf(decoder.decode(bytes));
    }
  }
  if (label === 'euc-kr') addRarerSyllables(units);
  for (let at = 0; at < units.length; at++) if (units[at] !== 0) isLead[at >> 8] = 1;
  return { units, isLead };
}

/**
 * What Windows calls code page 949, and the Encoding Standard euc-kr, has all 11 172 syllables of Korean; Node's has the 2350
 * of KS X 1001 only. The others stand in their own order in the places that are left.
 */
function addRarerSyllables(units: Uint16Array): void {
  const common = new Set<number>();
  for (let lead = 0xb0; lead <= 0xc8; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) common.add(units[lead * 256 + trail] ?? 0);
  let syllable = 0xac00;
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    const last = lead <= 0xa0 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail++) {
      const isGap = (trail > 0x5a && trail < 0x61) || (trail > 0x7a && trail < 0x81);
      if (isGap) continue;
      while (common.has(syllable)) syllable++;
      if (syllable > 0xd7a3) return;
      units[lead * 256 + trail] = syllable++;
    }
  }
  units[0xa2e6] = 0x20ac;
  units[0xa2e7] = 0xae;
}

/** 0 for what is no text: more than one character or none, control characters of the upper half, and private ones. */
function unitOf(text: string): number {
  const unit = text.charCodeAt(0);
  const isText =
    text.length === 1 && unit !== 0xfffd && (unit < 0x80 || unit > 0x9f) && (unit < 0xe000 || unit > 0xf8ff);
  return isText ? unit : 0;
}
