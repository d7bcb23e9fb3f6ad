import type { ServerView } from '../../shared/contract.js';
import type { Reader } from '../translate.js';
import { moment } from './format.js';

/** That somebody works on a server, and until when: "Maintenance until 2:30 PM". Undefined where nobody does. */
export function maintenanceText(
  { maintenance }: Pick<ServerView, 'maintenance'>,
  now: number,
  reader: Reader,
): string | undefined {
  if (maintenance === undefined) return undefined;
  const { until } = maintenance;
  return until === null ? reader.t('Maintenance') : reader.t('Maintenance until {0}', moment(until, now, reader));
}
