import fs from 'node:fs';
import { expect, test } from 'vitest';
import { HostNetwork } from '../../../../src/core/platform/linux/hostNetwork.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const headings = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
type Counts = Readonly<Record<string, readonly [received: number, sent: number]>>;

/** In one write, as the kernel answers. */
function told(counts: Counts): void {
  const lines = Object.entries(counts).map(
    ([name, [received, sent]]) =>
      `${name.padStart(6)}: ${received}    7    0    0    0     0          0         0 ${sent}    9 0 0 0 0 0 0\n`,
  );
  fs.writeFileSync(at('dev'), headings + lines.join(''));
}
const network = (real: readonly string[]): HostNetwork => new HostNetwork(at('dev'), (name) => real.includes(name));

test('bytes per second over real interfaces, neither loopback nor bridges', () => {
  told({ lo: [5e9, 5e9], eth0: [1000, 200], docker0: [50, 50], wlan0: [0, 0] });
  const some = network(['eth0', 'wlan0']);
  expect(some.read(0)).toEqual({ netIn: null, netOut: null });
  told({ lo: [6e9, 6e9], eth0: [5_000_001_000, 700], docker0: [9e9, 9e9], wlan0: [300, 4] });
  expect(some.read(5000)).toEqual({ netIn: 1_000_000_060, netOut: 100.8 });
  expect(some.read(10_000)).toEqual({ netIn: 0, netOut: 0 });
});

test('between two readings the latest rates stand, and nothing of that time is lost', () => {
  told({ lo: [0, 0], eth0: [0, 0] });
  const some = network(['eth0']);
  some.read(0);
  told({ lo: [0, 0], eth0: [5000, 0] });
  some.read(5000);
  told({ lo: [0, 0], eth0: [45_000, 0] });
  expect(some.read(7000)).toEqual({ netIn: 1000, netOut: 0 });
  told({ lo: [0, 0], eth0: [55_000, 0] });
  expect(some.read(10_000)).toEqual({ netIn: 10_000, netOut: 0 });
});

test('what is not known is not told: another interface, and counters that began anew', () => {
  told({ lo: [0, 0], eth0: [1000, 200] });
  const some = network(['eth0', 'usb0']);
  some.read(0);
  told({ lo: [0, 0], eth0: [2000, 200], usb0: [1e9, 1e9] });
  expect(some.read(5000)).toEqual({ netIn: null, netOut: null });
  told({ lo: [0, 0], eth0: [2000, 300], usb0: [1e9 + 50, 1e9] });
  expect(some.read(10_000)).toEqual({ netIn: 10, netOut: 20 });
  told({ lo: [0, 0], eth0: [10, 10], usb0: [1e9 + 50, 1e9] });
  expect(some.read(15_000)).toEqual({ netIn: null, netOut: null });
});

test('a container has interfaces of no device: all but the loopback count; with none nothing is told', () => {
  told({ lo: [0, 0], eth0: [0, 0] });
  const some = network([]);
  some.read(0);
  told({ lo: [9, 9], eth0: [100, 10] });
  expect(some.read(5000)).toEqual({ netIn: 20, netOut: 2 });
  told({ lo: [0, 0] });
  const alone = network([]);
  alone.read(0);
  expect(alone.read(5000)).toEqual({ netIn: null, netOut: null });
  expect(new HostNetwork(at('no file')).read(0)).toEqual({ netIn: null, netOut: null });
});
