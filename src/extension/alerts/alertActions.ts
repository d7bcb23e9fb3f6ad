import type { Alert } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

/** What can be done about an alert. `wait` does nothing but say that somebody has seen it. */
export type AlertAction = 'incident' | 'start' | 'console' | 'restart' | 'kill' | 'wait';

interface Command {
  readonly id: string;
  readonly argument: unknown;
}

export const incidentCommand = 'gameServers.openIncident';

/** The most helpful one first. */
export function actionsOf(alert: Alert, hasIncidents: boolean): AlertAction[] {
  switch (alert.rule) {
    case 'crash':
      // What is brought back by itself needs nobody to start it.
      return [
        ...(hasIncidents ? (['incident'] as const) : (['console'] as const)),
        ...(alert.severity === 'error' ? (['start'] as const) : []),
      ];
    case 'gave-up':
      return ['start', 'console'];
    case 'stop-timeout':
      return ['wait', 'kill'];
    case 'hung':
      return ['console', 'restart'];
    default:
      return ['console'];
  }
}

export function alertActionTitle(action: AlertAction, t: Translate): string {
  const titles: Record<AlertAction, string> = {
    incident: t('Open Crash Report'),
    start: t('Start'),
    console: t('Open Console'),
    restart: t('Restart'),
    kill: t('Force Kill…'),
    wait: t('Keep Waiting'),
  };
  return titles[action];
}

/** The command of the same name: the same questions, progress and failures. */
export function commandOf(action: AlertAction, { server, data }: Alert): Command | undefined {
  switch (action) {
    case 'incident':
      return { id: incidentCommand, argument: { id: server, at: data.exitAt } };
    case 'start':
      return { id: 'gameServers.start', argument: server };
    case 'console':
      return { id: 'gameServers.openConsole', argument: server };
    case 'restart':
      return { id: 'gameServers.restart', argument: server };
    case 'kill':
      return { id: 'gameServers.kill', argument: server };
    case 'wait':
      return undefined;
  }
}
