import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedReader, maxBodyBytes, maxHeaderBytes } from '../../../src/node/boundedReader.js';

interface Reading {
  messages: unknown[];
  errors: unknown[];
  closes: number;
  feed(bytes: Buffer): void;
  close(): void;
}

function reading(onMessage: (message: unknown) => void = () => undefined): Reading {
  const socket = new EventEmitter();
  const reader = new BoundedReader(socket as unknown as Socket);
  const seen: Reading = {
    messages: [],
    errors: [],
    closes: 0,
    feed: (bytes) => socket.emit('data', bytes),
    close: () => socket.emit('close'),
  };
  reader.onError((error) => seen.errors.push(error));
  reader.onClose(() => seen.closes++);
  reader.listen((message) => {
    seen.messages.push(message);
    onMessage(message);
  });
  return seen;
}

const frame = (body: string, header = `Content-Length: ${Buffer.byteLength(body)}\r\n`): Buffer =>
  Buffer.from(`${header}\r\n${body}`);

/** The bytes in pieces, cut at these places (taken modulo the length). */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, n) => bytes.subarray(from, places[n] ?? bytes.length));
}

const message = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
  noNullPrototype: true,
});
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('messages', () => {
  test('come out the same, however the stream of bytes is split', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), cuts, (sent, at) => {
        const seen = reading();
        const texts = sent.map((body) => JSON.stringify(body));
        for (const piece of pieces(Buffer.concat(texts.map((text) => frame(text))), at)) seen.feed(piece);
        return JSON.stringify(seen.messages) === `[${texts.join()}]` && seen.errors.length === 0;
      }),
    );
  });

  test('also byte by byte', () => {
    const seen = reading();
    for (const byte of Buffer.concat([frame('{"서버":"🎮"}'), frame('{"b":2}')])) seen.feed(Buffer.from([byte]));
    expect(seen).toMatchObject({ messages: [{ 서버: '🎮' }, { b: 2 }], errors: [] });
  });

  test.each([
    ['content-length: 2\r\n'],
    ['CONTENT-LENGTH:2\r\n'],
    ['Content-Length: \t2 \r\n'],
    ['Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n'],
    ['Content-Length: 2\r\nX-More: yes\r\n'],
  ])('may come with the header %j', (header) => {
    const seen = reading();
    seen.feed(frame('{}', header));
    expect(seen).toMatchObject({ messages: [{}], errors: [] });
  });

  test('may be as large as allowed', () => {
    const seen = reading();
    const body = JSON.stringify({ text: 'x'.repeat(maxBodyBytes - 11) });
    expect(body).toHaveLength(maxBodyBytes);
    for (const piece of pieces(frame(body), [100, 70_000, maxBodyBytes - 1])) seen.feed(piece);
    seen.feed(frame('{}'));
    expect(seen.messages).toHaveLength(2);
    expect(seen.errors).toEqual([]);
  });

  test('stop coming when nobody listens any more', () => {
    const socket = new EventEmitter();
    const reader = new BoundedReader(socket as unknown as Socket);
    const listening = reader.listen(() => undefined);
    listening.dispose();
    expect(socket.listenerCount('data')).toBe(0);
    expect(socket.listenerCount('close')).toBe(0);
  });

  test('the end of the socket is told', () => {
    const seen = reading();
    seen.close();
    expect(seen.closes).toBe(1);
  });
});

describe('what is no message', () => {
  const refused: [string, Buffer][] = [
    ['a request of HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['a header without a length', frame('{}', 'Content-Type: x\r\n')],
    ['an empty header', Buffer.from('\r\n\r\n')],
    ['a negative length', frame('{}', 'Content-Length: -2\r\n')],
    ['a length in words', frame('{}', 'Content-Length: two\r\n')],
    ['a length with more behind it', frame('{}', 'Content-Length: 2, 2\r\n')],
    ['a length of ten digits', frame('{}', 'Content-Length: 9999999999\r\n')],
    ['a body over the limit, before any of it', frame('', `Content-Length: ${maxBodyBytes + 1}\r\n`)],
    ['an empty body', frame('', 'Content-Length: 0\r\n')],
    ['a body that is no JSON', frame('{"a":')],
    ['a number', frame('5')],
    ['null', frame('null')],
    ['a batch', frame('[{}]')],
    ['a header without an end', Buffer.from('X: '.padEnd(maxHeaderBytes + 1, 'x'))],
    ['a header over the limit', frame('{}', `Content-Length: 2\r\n${'X: '.padEnd(maxHeaderBytes, 'x')}\r\n`)],
  ];

  test.each(refused)('%s is one error, and nothing behind it is read', (_, bytes) => {
    const seen = reading();
    seen.feed(frame('{"before":1}'));
    seen.feed(bytes);
    seen.feed(frame('{"behind":1}'));
    seen.feed(Buffer.from('garbage'));
    expect(seen.messages).toEqual([{ before: 1 }]);
    expect(seen.errors).toHaveLength(1);
    expect(seen.errors[0]).toBeInstanceOf(Error);
  });

  test('never throws out of the data handler, and is told once', () => {
    const damaged = fc
      .tuple(fc.array(message, { minLength: 1, maxLength: 4 }), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([sent, place, with_]) => {
        const bytes = Buffer.concat(sent.map((body) => frame(JSON.stringify(body))));
        bytes.set(with_.subarray(0, bytes.length - (place % bytes.length)), place % bytes.length);
        return bytes;
      });
    const noise = fc.uint8Array({ maxLength: 6000 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(damaged, noise), { minLength: 1, maxLength: 4 }), cuts, (parts, at) => {
        const seen = reading();
        for (const piece of pieces(Buffer.concat(parts), at)) {
          const messages = seen.messages.length;
          const broken = seen.errors.length > 0;
          seen.feed(piece);
          if (broken && seen.messages.length > messages) return false;
        }
        return seen.errors.length <= 1;
      }),
      { numRuns: 300 },
    );
  });

  test('whoever takes a message and throws ends it as well', () => {
    const seen = reading(() => {
      throw new Error('not mine');
    });
    seen.feed(Buffer.concat([frame('{}'), frame('{}')]));
    expect(seen.messages).toHaveLength(1);
    expect(seen.errors).toHaveLength(1);
  });
});
