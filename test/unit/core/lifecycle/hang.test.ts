import { expect, test } from 'vitest';
import { HangDetector, type HangLook } from '../../../../src/core/lifecycle/hang.js';

const everyMs = 3000;
const afterMs = 60_000;

/** A server that is looked at every 3 s; `during` says what is seen in that many seconds, and what was said at the end. */
class Watched {
  private readonly detector = new HangDetector();
  private at = 1_000_000;

  during(seconds: number, seen: Partial<HangLook>, everySeconds?: { prints: number }): readonly string[] {
    let signs: readonly string[] = [];
    for (let passed = 0; passed < seconds * 1000; passed += everyMs) {
      this.at += everyMs;
      const hasPrinted = everySeconds !== undefined && passed % (everySeconds.prints * 1000) < everyMs;
      const look = { at: this.at, cpu: 20, ioBytes: 100, hasPrinted, isSuspended: false, players: 4 };
      signs = this.detector.look({ ...look, answers: null, ...seen }, afterMs);
    }
    return signs;
  }

  pauses(seconds: number): void {
    this.at += seconds * 1000;
  }

  sleeps(hours: number): void {
    this.at += hours * 3_600_000;
  }

  clockGoesBack(hours: number): void {
    this.at -= hours * 3_600_000;
  }
}

const dead = { cpu: 0, ioBytes: 0 };

test('well, then still and silent with players on: two signs', () => {
  const server = new Watched();
  expect(server.during(300, {}, { prints: 9 })).toEqual([]);
  expect(server.during(45, dead)).toEqual([]);
  expect(server.during(60, dead)).toEqual(['counters-flat', 'log-silent']);
});

test('it goes on: no signs any more', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  server.during(120, dead);
  expect(server.during(3, { hasPrinted: true })).toEqual([]);
});

test('empty and still is no hang, for however long', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  expect(server.during(7200, { ...dead, players: 0 })).toEqual([]);
  expect(server.during(7200, { ...dead, players: null })).toEqual([]);
});

test('one sign is not enough: busy and silent, or still and talking', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  expect(server.during(3600, {})).toEqual([]);
  const other = new Watched();
  other.during(300, {}, { prints: 9 });
  expect(other.during(3600, dead, { prints: 30 })).toEqual([]);
});

test('a long save is none: it is silent, but writes', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  expect(server.during(600, { cpu: 0, ioBytes: 5_000_000 })).toEqual([]);
});

test('a quiet server must be silent for much longer than it ever was', () => {
  const server = new Watched();
  server.during(1800, {}, { prints: 300 });
  expect(server.during(500, dead)).toEqual([]);
  expect(server.during(420, dead)).toEqual(['counters-flat', 'log-silent']);
});

test('stopped by a signal: known within seconds, also without players', () => {
  const server = new Watched();
  server.during(30, { players: null });
  expect(server.during(12, { ...dead, isSuspended: true, players: null })).toEqual([]);
  expect(server.during(3, { ...dead, isSuspended: true, players: null })).toEqual(['suspended', 'counters-flat']);
  expect(server.during(3, { players: null })).toEqual([]);
});

test('stopped for a moment, just when it is looked at after a long pause: none, however quiet it was', () => {
  const server = new Watched();
  server.during(300, { players: null });
  server.pauses(10);
  expect(server.during(3, { isSuspended: true, players: null })).toEqual([]);
  expect(server.during(3, { players: null })).toEqual([]);
});

test('the threads of a virtual machine go on ticking in a dead game', () => {
  const server = new Watched();
  server.during(300, { cpu: 60 }, { prints: 9 });
  expect(server.during(120, { cpu: 0.3, ioBytes: 0 })).toEqual(['counters-flat', 'log-silent']);
});

test('a sleep of the machine is no silence, and a clock that is set back no harm', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  server.sleeps(8);
  expect(server.during(6, dead)).toEqual([]);
  server.clockGoesBack(2);
  expect(server.during(120, dead)).toEqual(['counters-flat', 'log-silent']);
});

test('numbers that are not known are no sign', () => {
  const server = new Watched();
  server.during(300, {}, { prints: 9 });
  expect(server.during(600, { cpu: null, ioBytes: null })).toEqual([]);
});

test('one that answered and does not any more, and does nothing else either, hangs also with nobody on', () => {
  const server = new Watched();
  const empty = { players: 0 };
  expect(server.during(300, { ...empty, answers: true }, { prints: 9 })).toEqual([]);
  // As while it writes a big world.
  expect(server.during(90, { ...empty, ...dead, answers: false })).toEqual([]);
  expect(server.during(60, { ...empty, ...dead, answers: false })).toEqual([
    'api-silent',
    'counters-flat',
    'log-silent',
  ]);
  expect(server.during(3, { ...empty, answers: true }, { prints: 3 })).toEqual([]);
});

test('an endless loop is told by its silence on both sides, though its CPU is busy', () => {
  const server = new Watched();
  server.during(300, { answers: true }, { prints: 9 });
  expect(server.during(150, { cpu: 100, answers: false })).toEqual(['api-silent', 'log-silent']);
});

test('an interface that has never answered, or is not asked, is no sign', () => {
  for (const answers of [false, null]) {
    const server = new Watched();
    server.during(300, { players: 0, answers }, { prints: 9 });
    expect(server.during(600, { ...dead, players: 0, answers })).toEqual([]);
  }
});

test('an interface alone that is silent is no hang: the game may be well', () => {
  const server = new Watched();
  server.during(300, { answers: true }, { prints: 9 });
  expect(server.during(600, { answers: false }, { prints: 9 })).toEqual([]);
});
