import { crc32 } from './crc32.js';
import { RangeChecksums } from './rangeChecksums.js';

/**
 * One frame: marker (4 bytes), checksum (u32le), length of the payload (u32le), payload. The checksum is of the length and
 * the payload: a marker with nothing but zeros behind it, as a loss of power leaves it, is no frame. The marker's first byte
 * never is in UTF-8, and read as a length it is above the limit.
 */
const marker = Uint8Array.of(0xfe, 0x47, 0x53, 0x4a);
const checksumAt = 4;
const lengthAt = 8;
const payloadAt = 12;

const maxPayloadBytes = 16 * 1024 * 1024;

/** Throws a RangeError when the payload is above 16 MB. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  if (payload.length > maxPayloadBytes) throw new RangeError(`a frame of ${payload.length} bytes is too long`);
  const frame = Buffer.alloc(payloadAt + payload.length);
  frame.set(marker);
  frame.writeUInt32LE(payload.length, lengthAt);
  frame.set(payload, payloadAt);
  frame.writeUInt32LE(crc32(frame, lengthAt, frame.length), checksumAt);
  return frame;
}

/** Bytes that cannot be read, in front of a frame that can. */
export interface Damage {
  readonly at: number;
  readonly bytes: number;
}

export interface Scan {
  /** The payloads, in order; they are part of the bytes scanned, not copies. */
  frames: Uint8Array[];
  /** Where the last good frame begins and ends; where the scan began when there is none. */
  lastAt: number;
  end: number;
  /** What stands behind the last good frame and is no whole one. */
  tornBytes: number;
  damaged: Damage[];
}

/**
 * Finds the frames from a position on. Behind damage it goes on at the next marker whose checksum is right. Never throws;
 * the time it takes grows with the bytes only, whatever they are.
 */
export function scanFrames(bytes: Uint8Array, from: number): Scan {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scan: Scan = { frames: [], lastAt: from, end: from, tornBytes: 0, damaged: [] };
  let checksums: RangeChecksums | undefined;
  const isWhole = (at: number, end: number): boolean => {
    const wanted = buffer.readUInt32LE(at + checksumAt);
    if (checksums) return checksums.of(at + lengthAt, end) === wanted;
    if (crc32(buffer, at + lengthAt, end) === wanted) return true;
    // From the first damage on; without any, reading everything once is quicker.
    checksums = new RangeChecksums(buffer);
    return false;
  };
  for (let at = buffer.indexOf(marker, from); at >= 0;) {
    const end = claimedEnd(buffer, at);
    const isGood = end !== undefined && isWhole(at, end);
    if (isGood) {
      if (at > scan.end) scan.damaged.push({ at: scan.end, bytes: at - scan.end });
      scan.frames.push(buffer.subarray(at + payloadAt, end));
      scan.lastAt = at;
      scan.end = end;
    }
    at = buffer.indexOf(marker, isGood ? end : at + 1);
  }
  scan.tornBytes = buffer.length - scan.end;
  return scan;
}

/** Where the frame at this marker ends if it is one; undefined when it would be too long or end behind the bytes. */
function claimedEnd(buffer: Buffer, at: number): number | undefined {
  if (at + payloadAt > buffer.length) return undefined;
  const length = buffer.readUInt32LE(at + lengthAt);
  const end = at + payloadAt + length;
  return length > maxPayloadBytes || end > buffer.length ? undefined : end;
}
