import type { Alert } from '../../shared/contract.js';
import { maintenanceUntil, severityIn, type AlertPolicy } from './policy.js';
import { quietUntil } from './quietHours.js';

/** Then whoever may hear of it has heard of it. */
const lastStep = 2;

/**
 * The step with which an alert has to be told again, since nobody has looked; null while it has not. 1: a warning becomes an
 * error; 2: the error is told once more. It waits for a person since it is active; the step before, the end of the server's
 * maintenance, and quiet hours that keep it back begin the wait anew.
 */
export function escalationStep(alert: Alert, policy: AlertPolicy, now: number): number | null {
  const { escalateAfterMinutes, rules, quietHours, maintenance } = policy;
  if (escalateAfterMinutes === 0 || alert.state !== 'active' || !rules[alert.rule].enabled) return null;
  if (maintenanceUntil(policy, alert.server, now) !== null) return null;
  const { escalation } = alert;
  if ((escalation?.step ?? 0) >= lastStep) return null;
  const waitMs = escalateAfterMinutes * 60_000;
  const worked = Object.hasOwn(maintenance, alert.server) ? maintenance[alert.server]?.until : undefined;
  const since = Math.max(escalation?.at ?? 0, alert.activeSince ?? alert.lastAt, worked ?? 0);
  if (now - since < waitMs) return null;
  const isError = severityIn(policy, alert) === 'error';
  const isKeptBack = !isError || quietHours?.tellErrors === false;
  // Nobody has been told yet, or not for long enough.
  if (isKeptBack && (quietUntil(quietHours, now) ?? quietUntil(quietHours, now - waitMs)) !== null) return null;
  return isError ? lastStep : 1;
}
