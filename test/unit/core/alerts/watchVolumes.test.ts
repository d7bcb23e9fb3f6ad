import { beforeEach, describe, expect, test } from 'vitest';
import { AlertRules } from '../../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import { VolumeWatch } from '../../../../src/core/alerts/watchVolumes.js';
import { noon } from '../../extension/fixtures.js';
import { Shelf } from './support/shelf.js';

const minute = 60_000;
const gigabyte = 1024 ** 3;
const limits = { freePercent: 10, freeBytes: 10 * gigabyte };

let shelf: Shelf;
let alerts: Alerts;
let watch: VolumeWatch;
let at: number;
/** Gigabytes that are free, and of how many, of each server that runs. */
let running: Record<string, readonly [free: number, of: number]>;

beforeEach(() => {
  shelf = new Shelf();
  at = noon;
  again();
});

/** As after the death of the core. */
function again(): void {
  alerts = new Alerts({ keeper: shelf, changed: () => undefined, now: () => at });
  watch = new VolumeWatch(new AlertRules(alerts), () => limits);
}

function look(minutes: number): void {
  for (let n = 0; n < minutes; n += 1, at += minute) {
    const servers = Object.entries(running).map(([id, [free, of]]) => ({
      ...{ id, definition: { id, name: id, game: 'demo', launch: { command: 'x' } } },
      volume: { freeBytes: free * gigabyte, totalBytes: of * gigabyte },
    }));
    watch.look(at, servers);
  }
}

const told = (): string[] => alerts.list().map(({ server, state, count }) => `${server} ${state} ${count}`);

describe('a volume that several save to', () => {
  beforeEach(() => {
    // Numbers of one volume are not all of the same moment.
    running = { c: [5.1, 500], a: [5, 500], b: [4.9, 500] };
  });

  test('is told of the first, once', () => {
    look(1);
    expect(told()).toEqual([]);
    look(60);
    expect(alerts.list()).toMatchObject([
      {
        rule: 'disk-nearly-full',
        server: 'a',
        count: 1,
        data: { freeBytes: 5 * gigabyte, totalBytes: 500 * gigabyte },
      },
    ]);
  });

  test('is over when none of them sees it full any more', () => {
    look(5);
    running = { c: [12.5, 500], a: [12.1, 500], b: [11.9, 500] };
    look(30);
    expect(told()).toEqual(['a active 1']);
    running = { c: [12.5, 500], a: [12.1, 500], b: [12.1, 500] };
    look(5);
    expect(told()).toEqual(['a active 1']);
    look(2);
    expect(told()).toEqual(['a resolved 1']);
    look(30);
    expect(told()).toEqual(['a resolved 1']);
  });

  test('stays told when that server ends, and is over by what the others see', () => {
    look(5);
    running = { c: [3, 500], b: [3, 500] };
    look(30);
    expect(told()).toEqual(['a active 1']);
    running = { c: [90, 500], b: [90, 500] };
    look(10);
    expect(told()).toEqual(['a resolved 1']);
  });

  test('is not over because nobody looks', () => {
    look(5);
    running = {};
    look(30);
    expect(told()).toEqual(['a active 1']);
  });

  test('is told of another when that server is no more', () => {
    look(5);
    new AlertRules(alerts).removed('a');
    running = { c: [5, 500], b: [5, 500] };
    look(1);
    expect(told()).toEqual(['b active 1', 'a resolved 1']);
  });

  test('is the same matter for another core, whichever of them runs then', () => {
    look(5);
    again();
    running = { c: [5, 500], b: [5, 500] };
    look(10);
    expect(told()).toEqual(['a active 1']);
    again();
    running = { a: [90, 500], c: [90, 500] };
    look(5);
    expect(told()).toEqual(['a active 1']);
    look(2);
    expect(told()).toEqual(['a resolved 1']);
  });
});

test('two volumes are two matters, also of one size', () => {
  running = { a: [5, 500], b: [1, 500], c: [5, 800], d: [300, 500] };
  look(5);
  expect(told().sort()).toEqual(['a active 1', 'b active 1', 'c active 1']);
  running = { a: [5, 500], b: [100, 500], c: [5, 800], d: [300, 500] };
  look(10);
  expect(told().sort()).toEqual(['a active 1', 'b resolved 1', 'c active 1']);
});

test('a disk around its limit is told once', () => {
  for (let n = 0; n < 30; n += 1) {
    running = { a: [n % 4 === 0 ? 10.5 : 9.9, 500] };
    look(3);
  }
  expect(told()).toEqual(['a active 1']);
});

test('one that starts on a full volume that was told of another tells nothing', () => {
  running = { b: [5, 500] };
  look(5);
  running = { b: [5, 500], a: [5, 500] };
  look(30);
  expect(told()).toEqual(['b active 1']);
});
