import type { HistoryEvent } from '../ports.js';
import type { Catalogue, Dictionary } from './catalogue.js';
import type { Columns, SlotValues } from './tiers/columns.js';
import { PackReader, writePack, Writer } from './tiers/packing.js';

/** What is handed to the disk at once. */
export interface Batch {
  /** Counts all batches of this history: one that the database has already is not applied again. */
  readonly sequence: number;
  readonly dictionary: Dictionary;
  readonly samples: ReadonlyMap<number, Columns>;
  readonly events: readonly HistoryEvent[];
}

interface Head {
  q: number;
  d?: Dictionary;
  e?: HistoryEvent[];
}

/** Layout: length of the head (u32le), the head as JSON, then of each source its number (u16le), a length (u32le), a pack. */
export function encodeBatch({ sequence, dictionary, samples, events }: Batch): Uint8Array {
  const head: Head = { q: sequence };
  if (Object.values(dictionary).some((list: unknown[]) => list.length > 0)) head.d = dictionary;
  if (events.length > 0) head.e = [...events];
  const text = Buffer.from(JSON.stringify(head));
  writer.begin();
  writer.fixed(text.length, 4);
  writer.all(text);
  for (const [source, columns] of samples) {
    if (columns.length === 0) continue;
    writer.fixed(source, 2);
    const place = writer.size;
    writer.fixed(0, 4);
    writePack(writer, columns);
    writer.set32(place, writer.size - place - 4);
  }
  return writer.bytes();
}

/** Hundreds of packs make a batch: each by itself would be garbage at once. */
const writer = new Writer();

interface Decoded {
  readonly sequence: number;
  readonly dictionary: Dictionary | undefined;
  readonly events: readonly HistoryEvent[];
  readonly packs: readonly { source: number; packed: Uint8Array }[];
}

/** Throws for bytes that are no batch. */
export function decodeBatch(payload: Uint8Array): Decoded {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const end = 4 + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString('utf8', 4, end)) as Head;
  if (!Number.isSafeInteger(head.q)) throw new RangeError('a batch without a number');
  const packs: { source: number; packed: Uint8Array }[] = [];
  for (let at = end; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 2);
    packs.push({ source: bytes.readUInt16LE(at), packed: bytes.subarray(at + 6, at + 6 + length) });
    at += 6 + length;
  }
  return { sequence: head.q, dictionary: head.d, events: head.e ?? [], packs };
}

/** Gives what a journal says with its own numbers to a database that may have others for the same names. */
export class Translation {
  private readonly sources = new Map<number, { number: number; slots: number[] }>();
  /** By kind of source, then by the journal's slot: ours. */
  private readonly slots = new Map<string, number[]>();
  private readonly packs = new PackReader();

  constructor(private readonly catalogue: Catalogue) {}

  learn(dictionary: Dictionary): void {
    for (const [number, id] of dictionary.sources) {
      const source = this.catalogue.source(id);
      this.sources.set(number, { number: source.number, slots: this.slotsOf(source.kind) });
    }
    for (const [kind, slot, name, unit, perUnit] of dictionary.metrics) {
      this.slotsOf(kind)[slot] = this.catalogue.metric(kind, name, { unit, perUnit }).slot;
    }
  }

  /** Only what is not known yet: for what is said later, of frames whose own saying is lost. */
  fill(dictionary: Dictionary): void {
    const sources = dictionary.sources.filter(([number]) => !this.sources.has(number));
    const metrics = dictionary.metrics.filter(([kind, slot]) => this.slots.get(kind)?.[slot] === undefined);
    this.learn({ sources, metrics });
  }

  /** The numbers of both are the same, as far as they have been learned. */
  get isIdentity(): boolean {
    const areSources = [...this.sources].every(([theirs, { number }]) => theirs === number);
    return areSources && [...this.slots.values()].every((slots) => slots.every((slot, theirs) => slot === theirs));
  }

  private slotsOf(kind: string): number[] {
    const known = this.slots.get(kind) ?? [];
    this.slots.set(kind, known);
    return known;
  }

  /**
   * Gives each sample to `take`, with the numbers of this database; `values` is only valid until it returns. Samples of a
   * source that no dictionary has named are nobody's: false; values of such metrics are left out. Throws for bytes that are
   * no pack.
   */
  samples(source: number, packed: Uint8Array, take: (source: number, at: number, values: SlotValues) => void): boolean {
    const known = this.sources.get(source);
    if (known === undefined) return false;
    const slotOf = (slot: number): number => known.slots[slot] ?? -1;
    this.packs.each(packed, slotOf, (at, values) => {
      take(known.number, at, values);
    });
    return true;
  }
}
