import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isAlive, processStartTime } from '../../../src/node/processIdentity.js';

describe('a process', () => {
  test('is alive while it lives, and told from a later one with its pid', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const pid = child.pid!;
    const started = processStartTime(pid);
    expect(isAlive(pid, started)).toBe(true);
    expect(isAlive(pid, null)).toBe(true);
    if (process.platform === 'linux') {
      expect(started).toMatch(/^[0-9]+$/);
      expect(processStartTime(pid)).toBe(started);
      expect(isAlive(pid, String(Number(started) - 1))).toBe(false);
    }
    child.kill('SIGKILL');
    await ended;
    expect(isAlive(pid, started)).toBe(false);
    expect(isAlive(pid, null)).toBe(false);
    expect(processStartTime(pid)).toBeNull();
  });

  test.runIf(process.platform === 'linux')(
    'whose name looks like fields of a stat file has its own start time',
    async () => {
      // The name of a thread's command: spaces, parentheses and a state letter in it.
      const script = `process.title = 'a) Z 1 1 (b'; process.stdout.write('up'); setInterval(() => undefined, 1000)`;
      const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const started = processStartTime(child.pid!);
      expect(started).toMatch(/^[0-9]+$/);
      expect(Number(started)).toBeGreaterThanOrEqual(Number(processStartTime(process.pid)));
      expect(isAlive(child.pid!, started)).toBe(true);
      child.kill('SIGKILL');
      await ended;
    },
  );
});
