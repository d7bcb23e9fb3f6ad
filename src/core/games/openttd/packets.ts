/** What an administrator's program sends. */
export const toGame = { join: 0, console: 5 } as const;

/** What the game sends to it; others may come at any time. */
export const fromGame = {
  full: 100,
  banned: 101,
  error: 102,
  protocol: 103,
  welcome: 104,
  shutdown: 106,
  line: 120,
  end: 125,
} as const;

export interface Packet {
  readonly type: number;
  readonly body: Buffer;
}

/** Length and type. */
const headBytes = 3;
/** The game makes none that is longer. */
const maxLength = 1460;
const lengthBytes = 2;

/** What the other side sends is no such packet. */
export class NoPacket extends Error {}

/** A packet's bytes, its texts one behind the other. They must hold no zero byte. */
export function packetBytes(type: number, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const head = Buffer.alloc(headBytes);
  head.writeUInt16LE(headBytes + body.length);
  head.writeUInt8(type, lengthBytes);
  return Buffer.concat([head, body]);
}

/** Cuts a stream of bytes into packets, wherever TCP has cut it. Holds one packet at most. */
export class PacketReader {
  private readonly held = Buffer.alloc(maxLength);
  private filled = 0;

  /** A packet has begun and is not whole. */
  get isInside(): boolean {
    return this.filled > 0;
  }

  /** The packets that are whole now. Throws NoPacket for a length that cannot be, before anything behind it is kept. */
  *push(chunk: Buffer): Generator<Packet, void> {
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(this.held, this.filled, at, at + this.wanted() - this.filled);
      at += copied;
      this.filled += copied;
      if (this.filled < this.wanted()) continue;
      const bytes = Buffer.from(this.held.subarray(0, this.filled));
      this.filled = 0;
      yield { type: bytes.readUInt8(lengthBytes), body: bytes.subarray(headBytes) };
    }
  }

  /** How many bytes of the packet it takes to go on: its length first, then all of it. */
  private wanted(): number {
    if (this.filled < lengthBytes) return lengthBytes;
    const length = this.held.readUInt16LE();
    if (length < headBytes || length > maxLength) throw new NoPacket();
    return length;
  }
}

/** A text of the game up to its zero byte, or to the end. */
export function textOf(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('utf8', 0, end === -1 ? body.length : end);
}
