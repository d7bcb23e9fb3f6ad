import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';

/** A folder of a test's own, made at the first asking and removed after the test. Paths below it by their parts. */
export function useTempFolder(): (...parts: string[]) => string {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  return (...parts) => {
    folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'gsp-u-'));
    return path.join(folder, ...parts);
  };
}
