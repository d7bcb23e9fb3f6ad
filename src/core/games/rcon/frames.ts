/** The kinds of packets. A command and the word on a password have the same number. */
export const packetType = { answer: 0, command: 2, passwordAnswer: 2, password: 3 } as const;

export interface Frame {
  readonly id: number;
  readonly type: number;
  readonly body: Buffer;
}

/** Identifier, type and two zero bytes: what a packet has without a body. */
const emptyLength = 10;
/** No game's answer is longer; whatever announces this much speaks something else. */
export const maxLength = 1024 * 1024;

const lengthBytes = 4;
const headBytes = 8;

/** What the other side sends is no RCON. */
export class NoFrame extends Error {}

/** A packet's bytes. The body must hold no zero byte. */
export function frameBytes(id: number, type: number, body = ''): Buffer {
  const length = emptyLength + Buffer.byteLength(body);
  const bytes = Buffer.alloc(lengthBytes + length);
  bytes.writeInt32LE(length, 0);
  bytes.writeInt32LE(id, 4);
  bytes.writeInt32LE(type, 8);
  bytes.write(body, 12);
  return bytes;
}

/** Cuts a stream of bytes into packets, wherever TCP has cut it. Holds one packet at most. */
export class FrameReader {
  private readonly lengthField = Buffer.alloc(lengthBytes);
  private frame: Buffer | undefined;
  private filled = 0;

  /** A packet has begun and is not whole. */
  get isInside(): boolean {
    return this.frame !== undefined || this.filled > 0;
  }

  /** The packets that are whole now. Throws NoFrame for a length that cannot be, before anything of it is kept. */
  *push(chunk: Buffer): Generator<Frame, void> {
    for (let at = 0; at < chunk.length;) {
      const target = this.frame ?? this.lengthField;
      const copied = chunk.copy(target, this.filled, at);
      at += copied;
      this.filled += copied;
      if (this.filled < target.length) return;
      this.filled = 0;
      if (this.frame === undefined) {
        this.frame = Buffer.allocUnsafe(lengthOf(this.lengthField));
      } else {
        const whole = this.frame;
        this.frame = undefined;
        yield parsed(whole);
      }
    }
  }

  /** What has come of a packet that will not be whole; undefined where it is not even known what it belongs to. */
  begun(): Frame | undefined {
    if (this.frame === undefined || this.filled < headBytes) return undefined;
    return parsed(this.frame.subarray(0, this.filled));
  }
}

function lengthOf(field: Buffer): number {
  const length = field.readInt32LE();
  if (length < emptyLength || length > maxLength) throw new NoFrame();
  return length;
}

function parsed(frame: Buffer): Frame {
  let end = frame.length;
  // Two zero bytes end a packet; some programs send only one.
  while (end > headBytes && end > frame.length - 2 && frame[end - 1] === 0) end -= 1;
  return { id: frame.readInt32LE(0), type: frame.readInt32LE(4), body: frame.subarray(headBytes, end) };
}
