import { encodeFrame, scanFrames, type Damage } from './frame.js';

/**
 * What a journal's file holds: 8 bytes of magic with the format's version, the header's frame, the frames. The header's
 * payload is the magic once more and then JSON: so it is known as the header, and the version with it, also where the
 * file's beginning is damaged.
 */
const format = 'GSPJNL';
const version = 1;
const magic = Buffer.from(`${format}${String(version).padStart(2, '0')}`, 'latin1');

export interface Contents {
  /** Of a newer program: nothing else here counts. */
  isNewer: boolean;
  /** False: the header's frame is not there or cannot be read. */
  hasHeader: boolean;
  header: unknown;
  frames: Uint8Array[];
  /** Where the last frame begins, and where the next goes. */
  lastAt: number;
  end: number;
  tornBytes: number;
  damaged: Damage[];
}

/** Throws what JSON.stringify throws, and a RangeError for a frame above the limit. */
export function encodeContents(header: unknown, frames: readonly Uint8Array[]): Uint8Array {
  const json = Buffer.from(JSON.stringify(header ?? null), 'utf8');
  return Buffer.concat([magic, encodeFrame(Buffer.concat([magic, json])), ...frames.map(encodeFrame)]);
}

/** Never throws, whatever the bytes are. */
export function readContents(bytes: Uint8Array): Contents {
  const isIntact = magic.equals(bytes.subarray(0, magic.length));
  const { frames, ...rest } = scanFrames(bytes, isIntact ? magic.length : 0);
  const headerVersion = frames[0] && versionOf(frames[0]);
  const hasHeader = headerVersion !== undefined;
  // The header is checksummed; the file's own magic is taken at its word only where there is no header.
  const isNewer = (headerVersion ?? versionOf(bytes) ?? version) > version;
  const header = hasHeader ? parsed(frames[0]?.subarray(magic.length)) : null;
  return { ...rest, isNewer, hasHeader, header, frames: hasHeader ? frames.slice(1) : frames };
}

function versionOf(bytes: Uint8Array): number | undefined {
  const digits = /^GSPJNL([0-9]{2})$/.exec(Buffer.from(bytes.subarray(0, magic.length)).toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parsed(json: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(json ?? []).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
