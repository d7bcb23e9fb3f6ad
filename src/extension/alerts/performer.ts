import type { Alert, ServerView } from '../../shared/contract.js';
import { commandOf, type AlertAction } from './alertActions.js';
import type { AlertMirror } from './alertMirror.js';

interface Parts {
  readonly alerts: Pick<AlertMirror, 'acknowledge' | 'mute' | 'unmute'>;
  /** Runs a command of VS Code. */
  readonly run: (command: string, ...given: unknown[]) => PromiseLike<unknown>;
  /** Shows the report of the crash of that time, Unix milliseconds. */
  readonly openReport: (server: Pick<ServerView, 'id' | 'name'>, at: number) => Promise<void>;
}

/** Does what somebody has chosen. Whoever does something about an active alert has seen it. */
export function performer({ alerts, run, openReport }: Parts): (action: AlertAction, alert: Alert) => Promise<void> {
  const act = async (action: AlertAction, { id: alert, serverName: name, server: id, data }: Alert): Promise<void> => {
    const command = commandOf[action];
    if (action === 'incident' && typeof data.exitAt === 'number') await openReport({ id, name }, data.exitAt);
    else if (action === 'webhook') await run(commandOf.webhook, data.target);
    else if (command !== undefined && (action === 'normal' || action === 'muteMetric')) await run(command, { alert });
    // Where it is about no server, the command asks which one.
    else if (command !== undefined) await run(command, ...(name === '' ? [] : [id]));
  };
  return async (action, alert) => {
    if (action === 'unmute') await alerts.unmute(alert.id);
    else if (action === 'never') await alerts.mute(alert.id, null);
    else await Promise.all([...(alert.state === 'active' ? [alerts.acknowledge(alert.id)] : []), act(action, alert)]);
  };
}
