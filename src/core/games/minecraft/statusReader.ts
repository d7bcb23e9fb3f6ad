import { readVarInt, varIntBytes } from './varInt.js';

/** A status with a picture and a thousand mods has less; whatever announces more speaks something else. */
const maxLength = 512 * 1024;
const lengthBytes = 5;
const statusPacket = 0;
/** Says that we want to be told the version, and do not have one. */
const anyVersion = -1;
const wantsStatus = 1;
/** The longest address that a server takes, in UTF-16 units. */
const maxAddress = 255;

/** What the other side sends is no status. */
export class NoStatus extends Error {}

/** What asks for the status: who is spoken to, and then the question itself. */
export function statusRequest(host: string, port: number): Buffer {
  const address = Buffer.from(host.slice(0, maxAddress));
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  const greeting = [
    ...[varIntBytes(0), varIntBytes(anyVersion), varIntBytes(address.length), address],
    ...[portBytes, varIntBytes(wantsStatus)],
  ];
  return Buffer.concat([framed(Buffer.concat(greeting)), framed(varIntBytes(statusPacket))]);
}

/** A packet, with its length before it. */
function framed(body: Buffer): Buffer {
  return Buffer.concat([varIntBytes(body.length), body]);
}

/** Puts the one answer together, wherever TCP has cut it. Pure: no clock, no socket. */
export class StatusReader {
  private chunks: Buffer[] = [];
  private held = 0;
  /** Where the packet ends, counted from the first byte; known once its length is whole. */
  private end: number | undefined;
  private begin = 0;

  /** Something has come. */
  get hasBegun(): boolean {
    return this.held > 0;
  }

  /** The status once it is whole, decoded at once. Throws NoStatus for what cannot be one, before more of it is kept. */
  push(chunk: Buffer): string | undefined {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.end === undefined) this.readLength();
    if (this.end === undefined || this.held < this.end) return undefined;
    return textOf(this.joined().subarray(this.begin, this.end));
  }

  private readLength(): void {
    const bytes = this.joined();
    const length = readVarInt(bytes.subarray(0, lengthBytes), 0);
    if (length === undefined) return;
    if (length === null || length.value < 1 || length.value > maxLength) throw new NoStatus();
    this.begin = length.end;
    this.end = length.end + length.value;
  }

  private joined(): Buffer {
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

function textOf(packet: Buffer): string {
  const id = readVarInt(packet, 0);
  if (id?.value !== statusPacket) throw new NoStatus();
  const length = readVarInt(packet, id.end);
  if (length?.value !== packet.length - (length?.end ?? 0)) throw new NoStatus();
  return packet.toString('utf8', length.end);
}
