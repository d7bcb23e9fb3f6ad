import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { whyNoNative } from '../../src/node/windows/native.js';
import {
  access,
  closeHandle,
  exitCodeOf,
  openProcess,
  startTimeOf,
  startTimeOfPid,
} from '../../src/node/windows/processes.js';

test('the native part can be loaded', () => {
  assert.equal(whyNoNative(), undefined);
});

test('a process is told from a later one, and its exit code is read through a handle that was held', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.once("end", () => process.exit(42)).resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  const pid = child.pid ?? 0;
  const handle = openProcess(pid, access.queryLimited | access.synchronize);
  assert.notEqual(handle, 0);
  const startTime = startTimeOf(handle);
  assert.match(String(startTime), /^[0-9a-f]{16}$/);
  assert.equal(startTimeOfPid(pid), startTime);
  assert.notEqual(startTimeOfPid(process.pid), startTime);
  assert.equal(exitCodeOf(handle), null);
  child.stdin.end();
  await once(child, 'exit');
  assert.equal(exitCodeOf(handle), 42);
  closeHandle(handle);
  assert.equal(startTimeOfPid(pid), null);
});
