import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SelfMeter } from '../../../../src/core/sampling/selfMeter.js';

const network = { received: 0, sent: 0 };
let now = 1000;

beforeEach(() => {
  [now, network.received, network.sent] = [1000, 500, 500];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('what the monitoring costs', () => {
  test('on the network: both ways per hour, what was sent per second; as of the last note, or until now', () => {
    const meter = new SelfMeter(() => ({ ...network }));
    now += 10_000;
    [network.received, network.sent] = [1500, 700];
    meter.note();
    expect(meter.noted()).toMatchObject({ netBytesPerHour: 1200 * 360, netOut: 20 });
    now += 10_000;
    expect(meter.read()).toMatchObject({ netBytesPerHour: 1200 * 180, netOut: 10 });
    expect(meter.noted()).toMatchObject({ netBytesPerHour: 1200 * 360, netOut: 20 });
  });

  test('is the mean of about a minute, however often it is noted', () => {
    const meter = new SelfMeter(() => ({ ...network }));
    network.sent += 1_000_000;
    for (let second = 0; second < 90; second++) {
      now += 1000;
      network.sent += 50;
      meter.note();
    }
    expect(meter.noted().netOut).toBeCloseTo(50, 0);
  });

  test('on the processor: of one core', () => {
    vi.spyOn(process, 'cpuUsage')
      .mockReturnValueOnce({ user: 0, system: 0 })
      .mockReturnValue({ user: 60_000, system: 40_000 });
    const meter = new SelfMeter(() => network);
    now += 10_000;
    expect(meter.read()).toMatchObject({ cpuPercent: 1 });
    expect(meter.read().rssBytes).toBeGreaterThan(10_000_000);
  });
});
