/*
 * As much of the D-Bus wire format as it takes to subscribe to one signal: little-endian messages out, headers of either
 * order in. https://dbus.freedesktop.org/doc/dbus-specification.html, "Message Protocol".
 */

const fixedBytes = 16;
const maxMessageBytes = 1024 * 1024;
const field = { path: 1, interface: 2, member: 3, replyTo: 5, destination: 6, signature: 8 } as const;
const little = 'l'.charCodeAt(0);
const methodCall = 1;
const padded = (length: number): number => Math.ceil(length / 8) * 8;

export interface BusMessage {
  /** 2 an answer, 3 an error, 4 a signal. */
  readonly type: number;
  readonly member: string | undefined;
  /** The serial of the call that an answer is for. */
  readonly replyTo: number | undefined;
  /** Present in what was sent to us alone: a broadcast has none. */
  readonly destination: string | undefined;
  readonly body: Buffer;
}

/** A call of the bus itself with at most one argument, a string. */
export function busCall(serial: number, member: string, argument?: string): Buffer {
  const name = 'org.freedesktop.DBus';
  const body = argument === undefined ? Buffer.alloc(0) : text(argument);
  const fields = Buffer.concat(
    [
      headerField(field.path, 'o', text('/org/freedesktop/DBus')),
      headerField(field.interface, 's', text(name)),
      headerField(field.member, 's', text(member)),
      headerField(field.destination, 's', text(name)),
      ...(argument === undefined ? [] : [headerField(field.signature, 'g', Buffer.from('\u0001s\0'))]),
    ].map((entry, index, all) => (index === all.length - 1 ? entry : pad(entry))),
  );
  const head = Buffer.alloc(fixedBytes);
  head.writeUInt8(little, 0);
  head.writeUInt8(methodCall, 1);
  head.writeUInt8(1, 3);
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(fields.length, 12);
  return Buffer.concat([pad(Buffer.concat([head, fields])), body]);
}

/**
 * Cuts whole messages off the front of what has arrived; the rest is for next time. Throws a RangeError for what is no
 * message, or too large a one.
 */
export function cutMessages(received: Buffer): { messages: BusMessage[]; rest: Buffer } {
  const messages: BusMessage[] = [];
  let rest = received;
  while (rest.length >= fixedBytes) {
    const isLittle = rest[0] === little;
    const number = (at: number): number => (isLittle ? rest.readUInt32LE(at) : rest.readUInt32BE(at));
    const fieldsEnd = fixedBytes + number(12);
    const bodyAt = padded(fieldsEnd);
    const end = bodyAt + number(4);
    if (end > maxMessageBytes) throw new RangeError(`a message of ${end} bytes`);
    if (rest.length < end) break;
    const { texts, replyTo } = readFields(rest.subarray(0, fieldsEnd), number);
    const [member, destination] = [texts.get(field.member), texts.get(field.destination)];
    messages.push({ type: rest.readUInt8(1), member, destination, replyTo, body: rest.subarray(bodyAt, end) });
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

interface Fields {
  /** Those that are texts, by their code. */
  readonly texts: Map<number, string>;
  readonly replyTo: number | undefined;
}

function readFields(header: Buffer, number: (at: number) => number): Fields {
  const texts = new Map<number, string>();
  let replyTo: number | undefined;
  for (let at = fixedBytes; at < header.length;) {
    at = padded(at);
    const code = header.readUInt8(at);
    const type = String.fromCharCode(header.readUInt8(at + 2));
    const valueAt = at + 4;
    if (type === 'g') at = valueAt + 2 + header.readUInt8(valueAt);
    else if (type === 'u') {
      if (code === field.replyTo) replyTo = number(valueAt);
      at = valueAt + 4;
    } else if (type === 's' || type === 'o') {
      const length = number(valueAt);
      texts.set(code, header.toString('utf8', valueAt + 4, valueAt + 4 + length));
      at = valueAt + 4 + length + 1;
    } else throw new RangeError(`a field of type ${type}`);
  }
  return { texts, replyTo };
}

/** Its value begins at a multiple of four: eight of the entry's start, four of its code and type. */
function headerField(code: number, type: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([length, bytes]);
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);
}
