import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  processOf,
  stateName,
  step,
  type Ending,
  type Exit,
  type Lifecycle,
  type LifecycleEvent,
  type Running,
} from '../../../../src/core/lifecycle/state.js';

const before = 1000;
const now = 2000;
const process: Running = { pid: 7, startTime: '70', nonce: 'a', startedAt: 900, supervised: true, isOurs: true };
const other: Running = { pid: 8, startTime: '80', nonce: 'b', startedAt: 950, supervised: true, isOurs: true };
const heir: Running = { ...process, pid: 9, startTime: '90', supervised: false };
const silent = { saidStopping: false, saidCrash: false };
const oldExit: Exit = { code: 0, signal: null, cause: 'asked', at: 500 };

const states = {
  stopped: { at: 'stopped', since: before, exit: oldExit },
  crashed: { at: 'crashed', since: before, exit: { ...oldExit, code: 1, cause: 'crash' } },
  spawning: { at: 'starting', since: before, process: null, stopWanted: false },
  spawningUnwanted: { at: 'starting', since: before, process: null, stopWanted: true },
  starting: { at: 'starting', since: before, process, stopWanted: false },
  running: { at: 'running', since: before, process, isReady: true },
  notReady: { at: 'running', since: before, process, isReady: false },
  stopping: { at: 'stopping', since: before, process, upSince: 700, wasReady: true },
  stoppingByHost: { at: 'stopping', since: before, process, upSince: 700, wasReady: true, byHost: true },
  spawningUnwantedByHost: { at: 'starting', since: before, process: null, stopWanted: true, byHost: true },
  restarting: { at: 'restarting', since: before, exit: { ...oldExit, code: 1, cause: 'crash' }, nextAt: 5000 },
  failed: { at: 'failed', since: before, exit: { ...oldExit, code: 1, cause: 'crash' } },
} as const satisfies Record<string, Lifecycle>;
type StateName = keyof typeof states;

const events = {
  startAsked: { is: 'startAsked' },
  spawned: { is: 'spawned', process: other },
  spawnFailed: { is: 'spawnFailed' },
  ready: { is: 'up', isReady: true },
  late: { is: 'up', isReady: false },
  followed: { is: 'followed', process: heir },
  stopAsked: { is: 'stopAsked' },
  hostStops: { is: 'stopAsked', byHost: true },
  stopCancelled: { is: 'stopCancelled' },
  exit0: { is: 'exited', code: 0, signal: null, isKnown: true, ...silent },
  restartPlanned: { is: 'restartPlanned', nextAt: 9000 },
  hostTook: { is: 'hostTook' },
  gaveUp: { is: 'gaveUp' },
} as const satisfies Record<string, LifecycleEvent>;

const ended = (at: 'stopped' | 'crashed', cause: Exit['cause'], code: number | null = 0): Lifecycle => ({
  at,
  since: now,
  exit: { code, signal: null, cause, at: now },
});
const running = (isReady: boolean): Lifecycle => ({ at: 'running', since: now, process, isReady });
const stopping = (upSince: number, wasReady: boolean): Lifecycle => ({
  at: 'stopping',
  since: now,
  process,
  upSince,
  wasReady,
});
const byHost = (state: Lifecycle): Lifecycle => ({ ...state, byHost: true }) as Lifecycle;
const spawning: Lifecycle = { at: 'starting', since: now, process: null, stopWanted: false };
const notSpawned = ended('crashed', 'start-failed', null);
const planned = (exit: Exit): Lifecycle => ({ at: 'restarting', since: now, exit, nextAt: 9000 });

/** What an event makes of a state; where nothing is said, it stays as it is. */
const table: Record<StateName, Partial<Record<keyof typeof events, Lifecycle>>> = {
  stopped: {
    startAsked: spawning,
    hostTook: ended('stopped', 'host-restart'),
    restartPlanned: planned(states.stopped.exit),
    gaveUp: { ...states.stopped, at: 'failed', since: now },
  },
  crashed: {
    startAsked: spawning,
    hostTook: ended('stopped', 'host-restart', 1),
    restartPlanned: planned(states.crashed.exit),
    gaveUp: { ...states.crashed, at: 'failed', since: now },
  },
  restarting: {
    startAsked: spawning,
    stopAsked: { at: 'stopped', since: now, exit: states.restarting.exit },
    hostStops: { at: 'stopped', since: now, exit: states.restarting.exit },
    hostTook: ended('stopped', 'host-restart', 1),
  },
  failed: { startAsked: spawning, hostTook: ended('stopped', 'host-restart', 1) },
  spawning: {
    spawned: { ...states.spawning, process: other },
    spawnFailed: notSpawned,
    stopAsked: states.spawningUnwanted,
    hostStops: states.spawningUnwantedByHost,
  },
  spawningUnwantedByHost: {
    stopAsked: states.spawningUnwantedByHost,
    hostStops: states.spawningUnwantedByHost,
    stopCancelled: states.spawning,
    spawned: { at: 'stopping', since: now, process: other, upSince: now, wasReady: false, byHost: true },
    spawnFailed: ended('stopped', 'host-restart', null),
  },
  spawningUnwanted: {
    stopAsked: states.spawningUnwanted,
    hostStops: states.spawningUnwantedByHost,
    stopCancelled: states.spawning,
    spawned: { at: 'stopping', since: now, process: other, upSince: now, wasReady: false },
    spawnFailed: notSpawned,
  },
  starting: {
    followed: { ...states.starting, process: heir },
    ready: running(true),
    late: running(false),
    stopAsked: stopping(now, false),
    hostStops: byHost(stopping(now, false)),
    exit0: ended('crashed', 'start-failed'),
  },
  running: {
    followed: { ...states.running, process: heir },
    stopAsked: stopping(before, true),
    hostStops: byHost(stopping(before, true)),
    exit0: ended('stopped', 'stopped-from-inside'),
  },
  notReady: {
    followed: { ...states.notReady, process: heir },
    ready: { ...states.notReady, isReady: true },
    stopAsked: stopping(before, false),
    hostStops: byHost(stopping(before, false)),
    exit0: ended('stopped', 'stopped-from-inside'),
  },
  stopping: {
    followed: { ...states.stopping, process: heir },
    hostStops: states.stoppingByHost,
    stopCancelled: { ...running(true), since: states.stopping.upSince },
    exit0: ended('stopped', 'asked'),
  },
  stoppingByHost: {
    followed: { ...states.stoppingByHost, process: heir },
    hostStops: states.stoppingByHost,
    stopCancelled: { ...running(true), since: states.stopping.upSince },
    exit0: ended('stopped', 'host-restart'),
  },
};

describe.each(Object.keys(states) as StateName[])('%s', (name) => {
  test.each(Object.entries(events))('%s', (eventName, event) => {
    const state = states[name];
    const next = step(state, event, now);
    const expected = table[name][eventName as keyof typeof events];
    if (expected === undefined) expect(next).toBe(state);
    else expect(next).toEqual(expected);
  });
});

describe('why it ended', () => {
  const code = (number: number): Ending => ({ code: number, signal: null, isKnown: true, ...silent });
  const signal = (name: string): Ending => ({ code: null, signal: name, isKnown: true, ...silent });
  const unknown: Ending = { code: null, signal: null, isKnown: false, ...silent };

  test.each<[Ending, Lifecycle['at'], Exit['cause']]>([
    [code(0), 'stopped', 'stopped-from-inside'],
    // What a JVM says after a signal that it has obeyed.
    [code(130), 'stopped', 'stopped-from-inside'],
    [code(143), 'stopped', 'stopped-from-inside'],
    [signal('SIGINT'), 'stopped', 'stopped-from-inside'],
    [signal('SIGTERM'), 'stopped', 'stopped-from-inside'],
    [signal('SIGHUP'), 'stopped', 'stopped-from-inside'],
    [code(1), 'crashed', 'crash'],
    [code(137), 'crashed', 'crash'],
    [code(255), 'crashed', 'crash'],
    [signal('SIGSEGV'), 'crashed', 'crash'],
    [signal('SIGABRT'), 'crashed', 'crash'],
    [signal('SIGKILL'), 'crashed', 'killed-outside'],
    [{ ...signal('SIGKILL'), byOom: true }, 'crashed', 'oom'],
    [{ ...code(137), byOom: true }, 'crashed', 'oom'],
    // Some say goodbye before their crash.
    [{ ...code(1), saidStopping: true }, 'crashed', 'crash'],
    [unknown, 'crashed', 'unknown'],
    // Some end with code 0 behind their crash, and say goodbye.
    [{ ...code(0), saidCrash: true, saidStopping: true }, 'crashed', 'crash'],
    [{ ...unknown, saidCrash: true, saidStopping: true }, 'crashed', 'crash'],
    [{ ...signal('SIGTERM'), saidCrash: true }, 'stopped', 'stopped-from-inside'],
    // Nobody was told the code, but its last words were those of a stop.
    [{ ...unknown, saidStopping: true }, 'stopped', 'stopped-from-inside'],
  ])('while it ran: %j is %s by %s', (exit, at, cause) => {
    const next = step(states.running, { is: 'exited', ...exit }, now);
    expect(next).toEqual({ at, since: now, exit: { code: exit.code, signal: exit.signal, cause, at: now } });
  });

  test.each([code(0), code(1), signal('SIGSEGV'), signal('SIGKILL'), { ...signal('SIGKILL'), byOom: true }])(
    'while it started: %j is start-failed',
    (exit) => {
      expect(step(states.starting, { is: 'exited', ...exit }, now)).toMatchObject({
        at: 'crashed',
        exit: { cause: 'start-failed' },
      });
    },
  );

  test.each([
    code(0),
    code(1),
    code(255),
    signal('SIGABRT'),
    signal('SIGKILL'),
    { ...signal('SIGKILL'), byOom: true },
    unknown,
  ])('while it was being stopped: %j is asked for', (exit) => {
    expect(step(states.stopping, { is: 'exited', ...exit }, now)).toMatchObject({
      at: 'stopped',
      exit: { code: exit.code, signal: exit.signal, cause: 'asked' },
    });
  });

  test.each([code(0), code(1), code(143), signal('SIGTERM'), signal('SIGKILL'), unknown])(
    'while the PC went down: %j is a restart of the PC, unless a person had asked for the end',
    (exit) => {
      const told = { code: exit.code, signal: exit.signal };
      const down = { at: 'stopped', exit: { ...told, cause: 'host-restart' } };
      expect(step(states.stoppingByHost, { is: 'exited', ...exit }, now)).toMatchObject(down);
      expect(step(states.running, { is: 'exited', ...exit, byHost: true }, now)).toMatchObject(down);
      const asked = { at: 'stopped', exit: { ...told, cause: 'asked' } };
      expect(step(states.stopping, { is: 'exited', ...exit, byHost: true }, now)).toMatchObject(asked);
    },
  );
});

describe('in any order of events', () => {
  const anyProcess = fc.nat(5).map((pid): Running => ({ ...process, pid: pid + 1, nonce: `n${pid}` }));
  const event: fc.Arbitrary<LifecycleEvent> = fc.oneof(
    fc.constantFrom<LifecycleEvent>(events.startAsked, events.spawnFailed, events.stopAsked, events.stopCancelled),
    fc.constantFrom<LifecycleEvent>(events.restartPlanned, events.gaveUp, events.hostStops),
    fc.record({ is: fc.constant('spawned' as const), process: anyProcess }),
    fc.record({ is: fc.constant('followed' as const), process: anyProcess }),
    fc.record({ is: fc.constant('up' as const), isReady: fc.boolean() }),
    fc.record({
      is: fc.constant('exited' as const),
      code: fc.option(fc.constantFrom(0, 1, 130, 143, 255)),
      signal: fc.option(fc.constantFrom('SIGTERM', 'SIGKILL', 'SIGSEGV')),
      isKnown: fc.boolean(),
      saidStopping: fc.boolean(),
      saidCrash: fc.boolean(),
    }),
  );
  const history = fc.array(event, { maxLength: 30 });

  /** Goes through a life, showing each step. */
  function live(
    happens: readonly LifecycleEvent[],
    look: (was: Lifecycle, e: LifecycleEvent, is: Lifecycle) => boolean,
  ) {
    let state: Lifecycle = { at: 'stopped', since: 0, exit: null };
    return happens.every((next, n) => {
      const was = state;
      state = step(was, next, n + 1);
      return look(was, next, state);
    });
  }

  test('there are never two processes: one goes only by its own end, or into the one that it has started', () => {
    fc.assert(
      fc.property(history, (happens) =>
        live(happens, (was, e, is) => {
          const [old, current] = [processOf(was), processOf(is)];
          if (old === null) return current === null || (e.is === 'spawned' && current === e.process);
          if (e.is === 'followed') return current === e.process;
          return e.is === 'exited' ? current === null : current === old;
        }),
      ),
    );
  });

  test('an end while stopping is always asked for or of the PC, and never a crash', () => {
    fc.assert(
      fc.property(history, (happens) =>
        live(happens, (was, e, is) => {
          if (was.at !== 'stopping' || e.is !== 'exited') return true;
          return is.at === 'stopped' && is.exit?.cause === (was.byHost === true ? 'host-restart' : 'asked');
        }),
      ),
    );
  });

  test('what is wanted to stop never gets to running but by calling the stop off', () => {
    fc.assert(
      fc.property(history, (happens) =>
        live(happens, (was, e, is) => {
          const unwanted = was.at === 'stopping' || (was.at === 'starting' && was.stopWanted);
          return !unwanted || is.at !== 'running' || e.is === 'stopCancelled';
        }),
      ),
    );
  });

  test('it comes back by itself only by a plan, and a plan goes only by somebody’s word', () => {
    fc.assert(
      fc.property(history, (happens) =>
        live(happens, (was, e, is) => {
          if (is.at === 'restarting' && was.at !== 'restarting')
            return e.is === 'restartPlanned' && processOf(was) === null;
          return was.at !== 'restarting' || is.at === 'restarting' || ['startAsked', 'stopAsked'].includes(e.is);
        }),
      ),
    );
  });

  test('a state has its time, its name, and a process exactly where it must', () => {
    fc.assert(
      fc.property(history, (happens) => {
        let n = 0;
        return live(happens, (was, e, is) => {
          n++;
          if (stateName(is) !== is.at) return false;
          // A stop that was called off goes on from when it began to run.
          if (is.at !== was.at && is.since !== n && e.is !== 'stopCancelled') return false;
          if (is.at === 'running' || is.at === 'stopping') return processOf(is) !== null;
          return is.at === 'starting' || processOf(is) === null;
        });
      }),
    );
  });
});

describe('a stop that is called off', () => {
  test('leaves a server that was still starting not ready', () => {
    const called = step(step(states.starting, events.stopAsked, 1), events.stopCancelled, 2);
    expect(called).not.toMatchObject({ at: 'running', isReady: true });
  });

  test('before there is a process does not stop it when it comes', () => {
    const called = step(step(states.spawning, events.stopAsked, 1), events.stopCancelled, 2);
    expect(step(called, events.spawned, 3).at).toBe('starting');
  });
});
