import type { AlertRules } from './alerts/alertRules.js';
import { endOf, unseenEndOf } from './ends.js';
import type { EventRecorder } from './events/eventRecorder.js';
import type { GameCare } from './gameCare.js';
import type { Incidents } from './incidents/incidents.js';
import type { ServerEvents } from './lifecycle/serverTools.js';

interface Listeners extends Pick<ServerEvents, 'changed' | 'lines' | 'stopProgress'> {
  readonly recorder: EventRecorder;
  readonly alertRules: AlertRules;
  readonly incidents: Incidents;
  readonly care: GameCare;
  readonly dataDir: string;
  /** Bytes of the PC; null while not known. */
  readonly memoryTotal: () => number | null;
}

/** Who hears of what servers tell: the history first, then those that write reports and those that alarm. */
export function serverEvents(listeners: Listeners): ServerEvents {
  const { recorder, alertRules, incidents, care, dataDir, memoryTotal, changed, lines, stopProgress } = listeners;
  return {
    ...{ changed, lines, stopProgress },
    stepped: (server, before, by) => recorder.stepped(server, before, by),
    happened: (server, what) => {
      for (const told of care.heard(server, what)) recorder.happened(server, told);
    },
    ended: (server, seen) => {
      const report = care.ended(server, seen);
      recorder.ended(server, report);
      incidents.ended(endOf(server, report, dataDir, memoryTotal()));
      alertRules.ended(server, report);
    },
    endedUnseen: (server, exit, record) => {
      recorder.endedUnseen(server, exit, record);
      incidents.ended(unseenEndOf(server, exit, record, dataDir));
    },
    startFailedUnasked: (server, exit) => alertRules.startFailedUnasked(server, exit),
    stopTimedOut: (server, graceSeconds) => {
      recorder.stopTimedOut(server, graceSeconds);
      alertRules.stopTimedOut(server, graceSeconds);
    },
    gaveUp: (server, used, windowSeconds) => {
      recorder.gaveUp(server, used, windowSeconds);
      alertRules.gaveUp(server, used, windowSeconds);
    },
    hung: (server, signs) => {
      recorder.hung(server, signs);
      alertRules.hung(server, signs.join(' '));
    },
    recovered: (server) => {
      recorder.recovered(server);
      alertRules.recovered(server);
    },
  };
}
