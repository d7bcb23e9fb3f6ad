import { describe, expect, it } from 'vitest';
import { Saver } from '../../../src/demoServer/saver.js';

/** A saver whose saves end when told to. */
function controlled() {
  const ends: ((worked: boolean) => void)[] = [];
  let running = 0;
  let most = 0;
  const saver = new Saver(async () => {
    most = Math.max(most, ++running);
    const worked = await new Promise<boolean>((resolve) => ends.push(resolve));
    running--;
    return worked;
  });
  return { saver, ends, most: () => most };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('saves', () => {
  it('follow one another; everything asked for meanwhile is one save', async () => {
    const { saver, ends, most } = controlled();
    const first = saver.save();
    const second = saver.save();
    const third = saver.save();
    await settle();
    expect(ends.length).toBe(1);
    expect(saver.busy).toBe(true);

    ends[0]?.(true);
    expect(await first).toBe(true);
    await settle();
    expect(ends.length).toBe(2);

    const fourth = saver.save();
    ends[1]?.(false);
    expect(await second).toBe(false);
    expect(await third).toBe(false);
    await settle();
    ends[2]?.(true);
    expect(await fourth).toBe(true);
    await settle();
    expect(ends.length).toBe(3);
    expect(most()).toBe(1);
    expect(saver.busy).toBe(false);
  });

  it('do not overlap when one is asked for at the moment another ends', async () => {
    const { saver, ends, most } = controlled();
    const again = saver.save().then(() => saver.save());
    const following = saver.save();
    for (let i = 0; i < 5; i++) {
      await settle();
      ends.forEach((end) => end(true));
    }
    await Promise.all([again, following]);
    expect(most()).toBe(1);
    expect(saver.busy).toBe(false);
  });
});
