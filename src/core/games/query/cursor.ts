import { badReply } from './fault.js';

/** Reads one value behind the other. Whatever reaches beyond the end is a bad-reply of that field. */
export class Cursor {
  private at: number;

  constructor(
    private readonly bytes: Buffer,
    from = 0,
  ) {
    this.at = from;
  }

  /** Nothing is left. */
  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(field: string): number {
    return this.take(1, field)[0] ?? 0;
  }

  u16be(field: string): number {
    return this.take(2, field).readUInt16BE();
  }

  u16le(field: string): number {
    return this.take(2, field).readUInt16LE();
  }

  u32le(field: string): number {
    return this.take(4, field).readUInt32LE();
  }

  /** Text of that many bytes, without the zero bytes that fill it up. */
  padded(length: number, field: string): string {
    const bytes = this.take(length, field);
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end === -1 ? length : end);
  }

  /** Text up to a zero byte. */
  text(field: string): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end === -1) throw badReply(field);
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  take(length: number, field: string): Buffer {
    if (this.at + length > this.bytes.length) throw badReply(field);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
