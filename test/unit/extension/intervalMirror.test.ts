import { expect, test, vi } from 'vitest';
import type { CoreClient } from '../../../src/extension/coreClient.js';
import { IntervalMirror } from '../../../src/extension/intervalMirror.js';
import { Failure } from '../../../src/shared/failure.js';

const usual = { intervalMs: 3000, reason: 'normal', cpuPercent: 5 };
const busy = { intervalMs: 5000, reason: 'busy', cpuPercent: 75 };

function made(status: () => Promise<unknown>) {
  let changed: (params: { sampling: typeof busy }) => void = () => undefined;
  let connection: (state: { at: string }) => void = () => undefined;
  const warned: string[] = [];
  const plain = { dispose: () => undefined };
  const client = {
    request: status,
    on: (_: string, handle: typeof changed) => ((changed = handle), plain),
    onDidChange: (handle: typeof connection) => ((connection = handle), plain),
  } as unknown as CoreClient;
  const log = { warn: (text: string) => warned.push(text) } as unknown as ConstructorParameters<
    typeof IntervalMirror
  >[1];
  const mirror = new IntervalMirror(client, log);
  const seen: unknown[] = [];
  mirror.onDidChange(() => seen.push(mirror.now));
  return {
    mirror,
    seen,
    warned,
    changed: () => changed({ sampling: busy }),
    connect: (at: string) => connection({ at }),
  };
}

test('is asked for at every connect, followed, and unknown without one', async () => {
  const { mirror, seen, changed, connect } = made(() => Promise.resolve({ sampling: usual }));
  expect(mirror.now).toBeUndefined();
  connect('connected');
  await vi.waitFor(() => expect(mirror.now).toEqual(usual));
  changed();
  expect(mirror.now).toEqual(busy);
  connect('down');
  expect(mirror.now).toBeUndefined();
  expect(seen).toEqual([usual, busy, undefined]);
});

test('a question that fails is noted, and nothing is made up', async () => {
  const { mirror, warned, connect } = made(() => Promise.reject(new Failure('timeout')));
  connect('connected');
  await vi.waitFor(() => expect(warned).toEqual(['no status']));
  expect(mirror.now).toBeUndefined();
});
