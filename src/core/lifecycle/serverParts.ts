import type { StopSignal } from '../ports.js';
import { HangCare } from './hangCare.js';
import { HostDown } from './hostDown.js';
import { markOf } from './heirs.js';
import type { Life } from './life.js';
import type { ProcessWatch } from './processWatch.js';
import type { RecordKeeper } from './record.js';
import { rulesOf } from './restartBudget.js';
import { Restarter } from './restarter.js';
import type { ServerFace, ServerTools } from './serverTools.js';
import { Stopper } from './stopper.js';

/** What a server's own parts may touch of it, and nobody else. */
export interface Inside {
  readonly server: ServerFace;
  readonly tools: ServerTools;
  readonly keeper: RecordKeeper;
  readonly life: Life;
  readonly watch: ProcessWatch;
  readonly startNow: () => Promise<unknown>;
  /** A stop that is under way is to be followed by a start. */
  readonly isRestarting: () => boolean;
  readonly killTree: () => boolean;
  /** A line of ours among the server's own. */
  readonly say: (text: string) => void;
}

export interface ServerParts {
  readonly restarter: Restarter;
  readonly stopper: Stopper;
  readonly hangCare: HangCare;
  readonly host: HostDown;
}

export function partsOf(inside: Inside): ServerParts {
  const restarter = restarterOf(inside);
  const stopper = stopperOf(inside);
  const { life, keeper, isRestarting } = inside;
  const hangCare = hangCareOf(inside, restarter, stopper);
  const callOff = (): boolean => hangCare.callOff() || isRestarting();
  return { restarter, stopper, hangCare, host: new HostDown({ life, keeper, restarter, stopper, callOff }) };
}

function restarterOf({ server, tools, keeper, life, say, startNow }: Inside): Restarter {
  return new Restarter({
    id: server.id,
    log: tools.log,
    rules: () => rulesOf(server.definition),
    attempts: () => keeper.current?.restartAttempts ?? [],
    note: (change) => {
      if (keeper.current !== undefined) keeper.note(change);
    },
    planned: (nextAt, isKnown) => {
      life.dispatch({ is: 'restartPlanned', nextAt, isKnown });
    },
    gaveUp: (used, windowSeconds) => {
      life.dispatch({ is: 'gaveUp' });
      say(`Not restarted again: ${used} restarts in ${Math.round(windowSeconds / 60)} minutes did not help.`);
      tools.events.gaveUp(server, used, windowSeconds);
    },
    start: startNow,
  });
}

function stopperOf({ server, tools, keeper, life, killTree }: Inside): Stopper {
  return new Stopper({
    id: server.id,
    target: {
      settings: () => server.settings,
      announcements: tools.announcements,
      talk: server.talk,
      exited: () => server.ending,
      isGone: () => server.process === null,
      writeLine: (line) => server.writeLine(line),
      signal: async (signal: StopSignal) => {
        const { process } = server;
        if (process === null) return false;
        const isSent = await tools.signals.stop(process, signal, process.isOurs ? markOf(server.id, process) : '');
        if (isSent && tools.signals.hasHeardCtrlC?.(process) === true) tools.launch.told(server.id, true);
        return isSent;
      },
      isEnding: (since) => {
        const { stoppingAt, isSaving } = server.lines;
        const hasWritten = (server.sample?.at ?? 0) > since && (server.sample?.ioWrite ?? 0) > 0;
        return isSaving || hasWritten || (stoppingAt !== null && stoppingAt >= since);
      },
      isKnownEmpty: async () => {
        const { knowsPlayers, online } = server.lines;
        return await tools.care.isKnownEmpty(server.settings, knowsPlayers ? online.size : null);
      },
      kill: killTree,
      stopSent: () => {
        tools.launch.told(server.id);
        keeper.note({ stopSent: true });
      },
      progress: (steps, endsAt) => {
        tools.events.stopProgress(server, steps, endsAt);
      },
    },
    spawned: async () => {
      while (server.state.at === 'starting' && server.process === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    note: (change) => {
      keeper.note(change);
    },
    cancelled: () => {
      keeper.note({ stoppedByHost: false });
      life.dispatch({ is: 'stopCancelled' });
    },
    timedOut: () => {
      tools.events.stopTimedOut(server, server.settings.stop.graceSeconds);
    },
  });
}

function hangCareOf(
  { server, tools, keeper, life, watch, say }: Inside,
  restarter: Restarter,
  stopper: Stopper,
): HangCare {
  return new HangCare({
    signs: () => watch.hangSigns,
    changed: (signs) => {
      const isHung = signs.length > 0;
      const what = isHung ? 'does not respond' : 'responds again';
      tools.log.write('warn', 'lifecycle', what, { id: server.id, signs });
      tools.events.changed(server);
      if (isHung) tools.events.hung(server, signs);
      else if (server.state.at === 'running') tools.events.recovered(server);
    },
    isRestartWanted: () => server.settings.hang.restart && !stopper.isRunning,
    end: async () => {
      say('It does not respond, and is restarted.');
      const reason = watch.hangSigns.join(' ');
      life.dispatch({ is: 'stopAsked', wish: { by: 'hang', mode: 'stop', reason, restarts: true } });
      await stopper.stop({ countdownSeconds: 0, onlyWait: false, isHung: true });
    },
    restart: () => {
      const { exit } = life;
      if (exit === null) return;
      keeper.note({ intent: 'run', stopSent: false });
      restarter.afterHang(exit);
    },
    failed: (error) => {
      tools.log.write('warn', 'lifecycle', 'a hung server was not ended', { id: server.id, error: String(error) });
    },
  });
}
