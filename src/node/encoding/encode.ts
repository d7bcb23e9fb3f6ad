import { charactersOf } from './characters.js';

const questionMark = 0x3f;
/** What an entry of a table takes, about. */
const entryBytes = 40;

interface Table {
  readonly codes: Map<number, number> | undefined;
  /** Milliseconds of a clock that nobody sets. */
  usedAt: number;
}

const tables = new Map<string, Table>();

/** The tables that were made so far; one that is gone is made again when it is needed, in some 20 ms. */
export const encodingTables = {
  /** About how much they hold. */
  bytes(): number {
    let sum = 0;
    for (const { codes } of tables.values()) sum += (codes?.size ?? 0) * entryBytes;
    return sum;
  },
  /** Those that were not used in so many milliseconds. */
  dropOlderThan(ms: number): void {
    const latest = performance.now() - ms;
    for (const [label, { usedAt }] of tables) if (usedAt <= latest) tables.delete(label);
  },
  dropAll(): void {
    tables.clear();
  },
};

/**
 * Text as bytes, by the label of an encoding; UTF-8 where there is none, or this system does not know it. A character that the
 * encoding has not becomes a question mark.
 */
export function encoded(text: string, label?: string): Buffer {
  const table = label === undefined || label === 'utf-8' ? undefined : tableOf(label);
  if (table === undefined) return Buffer.from(text);
  const bytes = Buffer.allocUnsafe(text.length * 2);
  let at = 0;
  for (const character of text) {
    const unit = character.length === 1 ? character.charCodeAt(0) : -1;
    const code = unit >= 0 && unit < 0x80 ? unit : (table.get(unit) ?? questionMark);
    if (code > 0xff) bytes[at++] = code >> 8;
    bytes[at++] = code & 0xff;
  }
  return bytes.subarray(0, at);
}

/** Whether `encoded` would write all of it, and no question marks instead. */
export function isEncodable(text: string, label?: string): boolean {
  const table = label === undefined || label === 'utf-8' ? undefined : tableOf(label);
  if (table === undefined) return true;
  return Array.from(text).every((character) => {
    const unit = character.length === 1 ? character.charCodeAt(0) : -1;
    return (unit >= 0 && unit < 0x80) || table.has(unit);
  });
}

function tableOf(label: string): Map<number, number> | undefined {
  let table = tables.get(label);
  if (table === undefined) tables.set(label, (table = { codes: make(label), usedAt: 0 }));
  table.usedAt = performance.now();
  return table.codes;
}

/** Where a character is there twice, the first place is taken, as everybody does. */
function make(label: string): Map<number, number> | undefined {
  const characters = charactersOf(label);
  if (characters === undefined) return undefined;
  const table = new Map<number, number>();
  const add = (unit: number, code: number): void => {
    if (unit !== 0 && !table.has(unit)) table.set(unit, code);
  };
  characters.single.forEach(add);
  characters.double?.units.forEach(add);
  return table;
}
