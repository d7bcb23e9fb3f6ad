import { describe, expect, test } from 'vitest';
import { busCall, cutMessages } from '../../../src/launcher/busMessage.js';

describe('a message of the bus', () => {
  test('is what it was when it was made', () => {
    const { messages, rest } = cutMessages(busCall(7, 'AddMatch', "type='signal'"));
    expect(rest).toHaveLength(0);
    expect(messages).toMatchObject([{ type: 1, member: 'AddMatch', destination: 'org.freedesktop.DBus' }]);
    const body = messages[0]!.body;
    expect(body.readUInt32LE(0)).toBe(13);
    expect(body.toString('latin1', 4)).toBe("type='signal'\0");
  });

  test('is found however it was cut on its way', () => {
    const both = Buffer.concat([busCall(1, 'Hello'), busCall(2, 'AddMatch', 'x')]);
    for (let cut = 0; cut <= both.length; cut++) {
      const first = cutMessages(both.subarray(0, cut));
      const second = cutMessages(Buffer.concat([first.rest, both.subarray(cut)]));
      expect([...first.messages, ...second.messages].map(({ member }) => member)).toEqual(['Hello', 'AddMatch']);
      expect(second.rest).toHaveLength(0);
    }
  });

  test('of the other order of bytes is read too', () => {
    const head = Buffer.alloc(16);
    head.write('B', 0, 'latin1');
    head.writeUInt8(2, 1);
    head.writeUInt32BE(4, 4);
    head.writeUInt32BE(8, 12);
    const reply = Buffer.from([5, 1, 'u'.charCodeAt(0), 0, 0, 0, 0, 2]);
    const { messages } = cutMessages(Buffer.concat([head, reply, Buffer.from([0, 0, 0, 1])]));
    expect(messages).toMatchObject([{ type: 2, replyTo: 2, member: undefined, destination: undefined }]);
    expect([...messages[0]!.body]).toEqual([0, 0, 0, 1]);
  });

  test.each([
    ['of a length that nobody sends', Buffer.concat([Buffer.from([0x6c, 1, 0, 1]), Buffer.alloc(12, 0xff)])],
    ['with a field of an unknown kind', withField([1, 1, 'v'.charCodeAt(0), 0, 0, 0, 0, 0])],
    ['with a field that is cut off', withField([1, 1])],
  ])('%s is refused', (_, bytes) => {
    expect(() => cutMessages(bytes)).toThrow(RangeError);
  });
});

function withField(field: number[]): Buffer {
  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head.writeUInt32LE(field.length, 12);
  return Buffer.concat([head, Buffer.from(field), Buffer.alloc(-field.length & 7)]);
}
