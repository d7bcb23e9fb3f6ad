import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LinuxHost } from '../../../../src/core/platform/linux/linuxHost.js';
import { someOf, Stalls } from '../../../../src/core/platform/linux/stalls.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();

describe('how long something waited', () => {
  test.each([
    ['some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=9.99 avg60=0.00 avg300=0.00 total=0\n', 0],
    ['some avg10=12.07 avg60=3.00 avg300=1.00 total=299967\n', 12.07],
    ['some avg10=100.00 avg60=99.99 avg300=99.99 total=1\n', 100],
    ['', null],
    ['some', null],
    ['some avg10=', null],
    ['some avg10=x.y avg60=0.00', null],
  ])('%j is %s', (text, percent) => {
    expect(someOf(Buffer.from(text))).toBe(percent);
  });

  test('is read from the same descriptor again and again, and not told where there is no such file', () => {
    fs.writeFileSync(at('memory'), 'some avg10=1.50 avg60=0.00 avg300=0.00 total=0\n');
    const stalls = new Stalls(at('memory'));
    expect(stalls.read(0)).toBe(1.5);
    fs.writeFileSync(at('memory'), 'some avg10=2.50 avg60=0.00 avg300=0.00 total=0\n');
    // An average of ten seconds: once in five is enough.
    expect(stalls.read(4999)).toBe(1.5);
    expect(stalls.read(5000)).toBe(2.5);
    expect(new Stalls(at('nothing')).read()).toBeNull();
  });

  test.runIf(process.platform === 'linux')('the whole machine tells what its kernel does', () => {
    const host = new LinuxHost();
    expect(host.read()).toMatchObject({ netIn: null, netOut: null });
    const { swapUsed, ...sample } = host.read();
    const swaps = fs.readFileSync('/proc/swaps', 'latin1').trim().split('\n').length - 1;
    expect(swapUsed === null).toBe(swaps === 0);
    for (const [file, value] of [
      ['cpu', sample.pressureCpu],
      ['memory', sample.pressureMemory],
      ['io', sample.pressureIo],
    ] as const) {
      if (fs.existsSync(`/proc/pressure/${file}`)) expect(value).toBeGreaterThanOrEqual(0);
      else expect(value).toBeNull();
    }
  });
});
