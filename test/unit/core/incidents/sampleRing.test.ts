import { expect, test } from 'vitest';
import { SampleRing } from '../../../../src/core/incidents/sampleRing.js';
import type { HostSample } from '../../../../src/core/ports.js';
import type { Sample } from '../../../../src/shared/contract.js';

const host: HostSample = { cpuPercent: 40, memoryUsedPercent: 60, memoryTotalBytes: 1024 };
const start = 1_700_000_000_000;

function sample(at: number, cpu = 1): Sample {
  const unknown = { ioRead: null, ioWrite: null, players: null, tickRate: null, frameTime: null, apiTime: null };
  return { at, cpu, memory: 5, threads: 1, ...unknown };
}

const round = (at: number, samples: Record<string, Sample>, of = host) => {
  return { at, host: of, ids: Object.keys(samples), samples };
};

test('the last five minutes, each measurement with the load of the machine, oldest first', () => {
  const ring = new SampleRing();
  for (let second = 0; second <= 900; second += 3) {
    const at = start + second * 1000;
    ring.add(round(at, { a: sample(at, second) }));
  }
  const points = ring.take('a');
  expect(points).toHaveLength(100);
  expect(points.map(({ cpu }) => cpu)).toEqual(Array.from({ length: 100 }, (_, n) => 603 + 3 * n));
  expect(points[0]).toMatchObject({ hostCpu: 40, hostMemory: 60 });
});

test('it is given away once: the next start begins anew, and others keep theirs', () => {
  const ring = new SampleRing();
  ring.add(round(start, { a: sample(start), b: sample(start) }));
  expect(ring.take('a')).toHaveLength(1);
  expect(ring.take('a')).toEqual([]);
  ring.add(round(start + 3000, { a: sample(start + 3000), b: sample(start + 3000) }));
  expect(ring.take('a')).toHaveLength(1);
  expect(ring.take('b')).toHaveLength(2);
});

test('it stays small, however often it is told, whatever the clock does, and whoever leaves without an end', () => {
  const ring = new SampleRing();
  for (let n = 0; n < 2000; n++) ring.add(round(start + n, { a: sample(start + n) }));
  expect(ring.take('a')).toHaveLength(320);
  ring.add(round(start, { a: sample(start), gone: sample(start) }));
  // Set back by an hour: what was measured "later" is no past of this moment.
  const earlier = start - 3_600_000;
  ring.add(round(earlier, { a: sample(earlier) }));
  expect(ring.take('a').map(({ at }) => at)).toEqual([earlier]);
  ring.add(round(start + 400_000, { a: sample(start + 400_000) }));
  expect(ring.take('gone')).toEqual([]);
});

test('a load that is not known is null', () => {
  const ring = new SampleRing();
  const unknown = { cpuPercent: null, memoryUsedPercent: NaN, memoryTotalBytes: NaN };
  ring.add(round(start, { a: sample(start) }, unknown));
  expect(ring.take('a')).toMatchObject([{ hostCpu: null, hostMemory: null }]);
});
