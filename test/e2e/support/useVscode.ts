import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import { whySkipped } from './machine.js';
import { VscodeSession, type SessionOptions } from './vscodeSession.js';

/**
 * One VS Code for all tests of a file, in the order in which they stand there. Where it cannot run, the tests are skipped
 * with the reason. A failed test leaves a picture of every window.
 */
export function useVscode(options: SessionOptions = {}): () => VscodeSession {
  const reason = whySkipped('VSCODE', 'BROWSER');
  let session: VscodeSession | undefined;
  beforeAll(async () => {
    if (reason === undefined) session = await VscodeSession.open(options);
  });
  afterAll(() => session?.close());
  beforeEach(({ skip, task }) => {
    skip(reason !== undefined, reason);
    onTestFailed(async () => {
      const name = `failed-${task.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)}`;
      for (const [index, window] of (session?.windows ?? []).entries()) await window.screenshot(`${name}-${index + 1}`);
    });
  });
  return () => {
    if (session === undefined) throw new Error('VS Code is open only while tests run');
    return session;
  };
}
