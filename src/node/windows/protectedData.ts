import { once } from './once.js';
import { native, windowsFunction } from './native.js';

/** Nobody is asked anything: there may be nobody. */
const forbidUi = 0x1;
/** DATA_BLOB of 64-bit Windows: a length, and where the bytes are. */
const blobBytes = 16;
const dataAt = 8;

/** Beside the user's own key: what another program protects is not taken for ours, nor ours for its. */
const entropy = Buffer.from('game-server-panel/secrets/1', 'utf8');

type Crypt = (
  from: Buffer,
  description: null,
  entropy: Buffer,
  reserved: null,
  prompt: null,
  flags: number,
  to: Buffer,
) => number;
const args = '(void*, void*, void*, void*, void*, uint32_t, void*)';

const system = once(() => ({
  protect: windowsFunction<Crypt>('crypt32.dll', `int CryptProtectData${args}`),
  unprotect: windowsFunction<Crypt>('crypt32.dll', `int CryptUnprotectData${args}`),
  copy: windowsFunction<(to: Buffer, from: number, bytes: number) => void>(
    'kernel32.dll',
    'void RtlMoveMemory(void*, intptr_t, size_t)',
  ),
  localFree: windowsFunction<(memory: number) => number>('kernel32.dll', 'intptr_t LocalFree(intptr_t)'),
}));

/** Only this user, on this PC, can undo it. Undefined where Windows refuses. */
export function protectData(plain: Buffer): Buffer | undefined {
  return through(system().protect, plain);
}

/** Undefined where it was protected for somebody else, or is not whole. */
export function unprotectData(hidden: Buffer): Buffer | undefined {
  return through(system().unprotect, hidden);
}

function through(crypt: Crypt, bytes: Buffer): Buffer | undefined {
  const result = Buffer.alloc(blobBytes);
  if (crypt(blobOf(bytes), null, blobOf(entropy), null, null, forbidUi, result) === 0) return undefined;
  const memory = Number(result.readBigUInt64LE(dataAt));
  try {
    const copy = Buffer.alloc(result.readUInt32LE(0));
    // Copied: Electron has no Buffers over memory of others.
    if (copy.length > 0) system().copy(copy, memory, copy.length);
    return copy;
  } finally {
    system().localFree(memory);
  }
}

function blobOf(bytes: Buffer): Buffer {
  const blob = Buffer.alloc(blobBytes);
  blob.writeUInt32LE(bytes.length, 0);
  if (bytes.length > 0) blob.writeBigUInt64LE(native().address(bytes), dataAt);
  return blob;
}
