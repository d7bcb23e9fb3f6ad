import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import os from 'node:os';
import { test } from 'node:test';
import { platformFor } from '../../src/core/platform/platform.js';
import { startAtNormal, WindowsPriority } from '../../src/core/platform/windows/windowsPriority.js';
import { WindowsSignals } from '../../src/core/platform/windows/windowsSignals.js';
import { windowsFunction } from '../../src/node/windows/native.js';
import { ioPriority, ownIoPriority, setOwnIoPriority } from '../../src/node/windows/ioPriority.js';

const belowNormal = 0x4000;
const normal = 0x20;
/** Wine does not have it. */
const hasIoPriority = ownIoPriority() !== null;

const priorityClass = (): number =>
  windowsFunction<(process: number) => number>('kernel32.dll', 'uint32_t GetPriorityClass(intptr_t)')(-1);

test('this is what the monitoring uses here', () => {
  const { priority, signals } = platformFor('win32');
  assert.ok(priority instanceof WindowsPriority);
  assert.ok(signals instanceof WindowsSignals);
});

test('this process goes below the others, and says how far', () => {
  const priority = new WindowsPriority();
  assert.equal(priorityClass(), normal);
  const before = priority.current();
  assert.deepEqual([before.nice, before.shortfalls], [0, []]);
  const after = priority.lower();
  assert.equal(priorityClass(), belowNormal);
  assert.equal(after.nice, 10);
  assert.equal(os.getPriority(), 10);
  if (hasIoPriority) assert.deepEqual([after.ioClass, after.shortfalls], ['idle', []]);
  else {
    assert.equal(after.ioClass, 'none');
    assert.match(after.shortfalls.join(), /^io: refused \(0x[0-9a-f]{8}\)$/);
  }
  assert.deepEqual(priority.current(), after);
});

test('what must not wait is started at the normal priority', () => {
  const child = startAtNormal(() => {
    // Wine hands nothing down.
    assert.equal(os.getPriority(), 0);
    return spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60000)'], {
      stdio: 'ignore',
      windowsHide: true,
    });
  });
  try {
    assert.equal(os.getPriority(child.pid), 0);
    assert.equal(os.getPriority(), 10);
    assert.equal(ownIoPriority(), hasIoPriority ? ioPriority.veryLow : null);
  } finally {
    child.kill();
  }
});

test('what was lowered can be raised again, as the launcher has to', () => {
  os.setPriority(0);
  assert.equal(priorityClass(), normal);
  const status = setOwnIoPriority(ioPriority.normal);
  assert.equal(status === 0, hasIoPriority);
  assert.equal(ownIoPriority(), hasIoPriority ? ioPriority.normal : null);
});
