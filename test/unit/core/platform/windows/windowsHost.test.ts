import { expect, test } from 'vitest';
import { WindowsHost } from '../../../../../src/core/platform/windows/windowsHost.js';

test('load since the last look, and memory', () => {
  const times = [
    { idle: 1000, all: 2000 },
    { idle: 1075, all: 2100 },
    { idle: 1075, all: 2100 },
    { idle: 1175, all: 2199 },
    undefined,
    { idle: 2000, all: 3000 },
  ];
  const host = new WindowsHost(
    () => times.shift(),
    () => ({ totalBytes: 64 * 1024 ** 3, availableBytes: 16 * 1024 ** 3 }),
  );
  expect(host.read()).toEqual({ cpuPercent: null, memoryUsedPercent: 75, memoryTotalBytes: 64 * 1024 ** 3 });
  expect([1, 2, 3, 4, 5].map(() => host.read().cpuPercent)).toEqual([25, null, 0, null, null]);
});
