import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { serve } from '../../support/serve.js';

const chunk = randomBytes(1024 * 1024);

/** A game that saves as most do: a new file beside the old one, synced, in its place. */
serve({
  /** Milliseconds that the save has taken. */
  save({ folder, bytes }: { folder: string; bytes: number }) {
    const file = path.join(folder, 'world.sav');
    const before = performance.now();
    const descriptor = openSync(`${file}.new`, 'w');
    try {
      for (let left = bytes; left > 0; left -= chunk.length)
        writeSync(descriptor, chunk, 0, Math.min(left, chunk.length));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${file}.new`, file);
    return performance.now() - before;
  },
});
