import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch, Translation } from '../../../../src/core/store/batch.js';
import { Catalogue, type Dictionary } from '../../../../src/core/store/catalogue.js';
import { Columns } from '../../../../src/core/store/tiers/columns.js';
import { pack, unpack } from '../../../../src/core/store/tiers/packing.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';
import { openDatabase, start } from './support/history.js';

const rowOf = (slots: Iterable<readonly [number, number]>): number[] => {
  const row: number[] = [];
  for (const [slot, value] of slots) {
    while (row.length < slot) row.push(NaN);
    row[slot] = value;
  }
  return row;
};
const number = fc.integer({ min: -1e9, max: 1e9 });
const values = fc.array(fc.tuple(fc.nat(20), number), { maxLength: 8 }).map((all) => new Map(all));
const columns = fc.array(fc.tuple(fc.nat(1e6), values), { maxLength: 20 }).map((all) => {
  const made = new Columns();
  for (const [at, one] of all) made.push(start + at * 100, rowOf(one));
  return made;
});
const event = fc.record({
  at: fc.nat().map((at) => start + at),
  id: fc.string({ unit: 'binary' }),
  kind: fc.constantFrom('saved' as const, 'crashed' as const),
  data: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), number, fc.boolean(), fc.constant(null))),
});
const dictionary: fc.Arbitrary<Dictionary> = fc.record({
  sources: fc.array(fc.tuple(fc.nat(65_535), fc.string())),
  metrics: fc.array(fc.tuple(fc.string(), fc.nat(50), fc.string(), fc.string(), fc.constantFrom(1, 1 / 4096, 0.1))),
});

describe('a batch', () => {
  test('is read as it was written', () => {
    const sources = fc.uniqueArray(fc.tuple(fc.nat(65_535), columns), { selector: ([source]) => source, maxLength: 5 });
    const events = fc.array(event, { maxLength: 5 }) as fc.Arbitrary<HistoryEvent[]>;
    fc.assert(
      fc.property(fc.maxSafeInteger(), dictionary, sources, events, (sequence, names, samples, given) => {
        const encoded = encodeBatch({ sequence, dictionary: names, samples: new Map(samples), events: given });
        // Read from the middle of something larger, as a journal is.
        const around = Buffer.concat([Buffer.alloc(7, 0xff), encoded, Buffer.alloc(5, 0xff)]);
        const decoded = decodeBatch(around.subarray(7, 7 + encoded.length));
        expect(decoded.sequence).toBe(sequence);
        expect(decoded.events).toEqual(JSON.parse(JSON.stringify(given)));
        const hasNames = names.sources.length + names.metrics.length > 0;
        expect(decoded.dictionary).toEqual(hasNames ? names : undefined);
        expect(decoded.packs.map(({ source, packed }) => [source, unpack(packed)])).toEqual(
          // Of a source that has none nothing is said.
          samples.filter(([, one]) => one.length > 0).map(([source, one]) => [source, unpack(pack(one))]),
        );
      }),
    );
  });

  test('is not made of other bytes', () => {
    const head = (text: string): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return Buffer.concat([length, Buffer.from(text)]);
    };
    expect(decodeBatch(head('{"q":5}'))).toEqual({ sequence: 5, dictionary: undefined, events: [], packs: [] });
    expect(() => decodeBatch(head('{}'))).toThrow();
    expect(() => decodeBatch(head('not JSON'))).toThrow();
    expect(() => decodeBatch(new Uint8Array(0))).toThrow();
    expect(() => decodeBatch(Buffer.concat([head('{"q":5}'), Buffer.alloc(3)]))).toThrow();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => decodeBatch(bytes)).toThrow();
      }),
    );
  });
});

describe('a translation', () => {
  test('gives values of the same names, whatever their numbers are in the two', async () => {
    const catalogue = new Catalogue(await openDatabase());
    // Here alpha is 2 and memory 1; in the batch it is the other way round.
    catalogue.source('beta');
    catalogue.source('alpha');
    catalogue.metric('server', 'cpu');
    catalogue.metric('server', 'memory');
    const translation = new Translation(catalogue);
    translation.learn({
      sources: [
        [1, 'alpha'],
        [2, 'beta'],
        [3, 'host'],
      ],
      metrics: [
        ['server', 0, 'memory', 'bytes', 1 / 4096],
        ['server', 1, 'cpu', 'percent', 100],
        ['host', 0, 'memoryUsed', 'percent', 100],
        ['server', 2, 'moonlight', 'lux', 7],
      ],
    });
    const packed = (...slots: [number, number][]): Uint8Array => {
      const one = new Columns();
      one.push(start, rowOf(slots));
      return pack(one);
    };
    const taken = (source: number, bytes: Uint8Array): unknown[] => {
      const all: unknown[] = [];
      const isKnown = translation.samples(source, bytes, (own, at, row) => all.push([own, at, Array.from(row)]));
      return isKnown ? all : ['nobody'];
    };
    expect(taken(1, packed([0, 50], [1, 60], [2, 70]))).toEqual([[2, start, [60, 50, 70]]]);
    expect(taken(2, packed([1, 60]))).toEqual([[1, start, [60]]]);
    expect(taken(3, packed([0, 5]))).toEqual([[catalogue.find('host')?.number, start, [5]]]);
    // A metric that only a later program knows keeps what that one has said of it.
    expect(catalogue.metricsOf('server').get('moonlight')).toMatchObject({ unit: 'lux', perUnit: 7, slot: 2 });
    expect(taken(9, packed([0, 5]))).toEqual(['nobody']);
    expect(taken(3, packed([0, 5], [4, 6]))).toEqual([[catalogue.find('host')?.number, start, [5]]]);
  });

  test('takes names that would break a statement', async () => {
    const database = await openDatabase();
    const catalogue = new Catalogue(database);
    catalogue.metric('server', 'cpu');
    const translation = new Translation(catalogue);
    translation.learn({ sources: [[1, `a'b"c`]], metrics: [['server', 1, `x"; DROP TABLE meta; --'`, `'`, 1]] });
    expect(database.all('SELECT * FROM server_by_minute')).toEqual([]);
    expect(database.value('SELECT count(*) FROM meta')).toBe(0);
  });
});
