import { expect, test } from 'vitest';
import { FreeSpace } from '../../../../src/core/saves/freeSpace.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const minute = 60_000;
const gigabyte = 1024 ** 3;

test('the volume of the first folder that is there, as the system tells it', async () => {
  const changed: string[] = [];
  const space = new FreeSpace((id) => changed.push(id));
  await space.review(() => [{ id: 'alpha', folders: [at('not yet'), at()] }], 0);
  const { freeBytes = 0, totalBytes = 0 } = space.of('alpha') ?? {};
  expect(freeBytes).toBeGreaterThan(1e6);
  expect(totalBytes).toBeGreaterThan(freeBytes);
  expect(changed).toEqual(['alpha']);
  space.forget('alpha');
  expect(space.of('alpha')).toBeUndefined();
});

test('once a minute; what has hardly changed is not told, what is gone is', async () => {
  const changed: string[] = [];
  let asked = 0;
  let free = 50 * gigabyte;
  const space = new FreeSpace(
    (id) => changed.push(id),
    async (folder) => {
      asked++;
      if (folder === 'gone') throw new Error('ENOENT');
      return { freeBytes: free, totalBytes: 1000 * gigabyte };
    },
  );
  const review = async (now: number, folder = 'some'): Promise<void> => {
    await space.review(() => [{ id: 'alpha', folders: [folder] }], now);
  };
  await review(0);
  await review(minute - 1);
  expect(asked).toBe(1);
  free -= 0.5 * gigabyte;
  await review(minute);
  expect([asked, changed.length]).toEqual([2, 1]);
  free -= gigabyte;
  await review(2 * minute);
  expect(changed).toHaveLength(2);
  expect(space.of('alpha')?.freeBytes).toBe(48.5 * gigabyte);
  await review(3 * minute, 'gone');
  expect(space.of('alpha')).toBeUndefined();
  expect(changed).toHaveLength(3);
  await review(4 * minute, 'gone');
  expect(changed).toHaveLength(3);
});

test('a volume that does not answer is asked once, and nobody waits', async () => {
  let asked = 0;
  const space = new FreeSpace(
    () => undefined,
    async () => {
      asked++;
      return await new Promise<never>(() => undefined);
    },
  );
  const keepers = (): { id: string; folders: string[] }[] => [
    { id: 'alpha', folders: ['a'] },
    { id: 'beta', folders: ['b'] },
  ];
  void space.review(keepers, 0);
  await space.review(keepers, 10 * minute);
  expect(asked).toBe(1);
});
