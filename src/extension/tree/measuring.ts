import type { CoreStatus, Measuring } from '../../shared/contract.js';
import type { Connection } from '../coreClient.js';
import type { Interval } from '../intervalMirror.js';
import { bytes, percent } from '../text/format.js';
import { intervalNote } from '../text/intervalText.js';
import type { Reader, Translate } from '../translate.js';

/** The row that says that numbers come seldom here, for those who wonder about it. */
export interface MeasuringRow {
  readonly label: string;
  readonly tooltip: string;
  readonly spoken: string;
}

/** Undefined where it is measured as often as it is wished, or nothing is known. */
export function measuringRow(connection: Connection, reader: Reader): MeasuringRow | undefined {
  if (connection.at !== 'connected' || !connection.measuring) return undefined;
  const { t } = reader;
  const { leastIntervalMs, shortfall, overBudget } = connection.measuring;
  if (overBudget !== undefined) return overRow(overBudget, reader);
  if (leastIntervalMs <= 0) return undefined;
  const seconds = Math.round(leastIntervalMs / 1000);
  const label = t('Measured every {0} s only', seconds);
  const lines = shortfall === null ? ordinary(t) : lacking(shortfall, t);
  return { label, tooltip: [label, ...lines].join('\n'), spoken: `${label}. ${lines.join(' ')}` };
}

/** The row that says what makes numbers come less often than usual just now; undefined where nothing does. */
export function intervalRow(interval: Interval | undefined, t: Translate): MeasuringRow | undefined {
  const note = intervalNote(interval, t);
  if (note === undefined) return undefined;
  const label = t('Measured {0}', note);
  return { label, tooltip: label, spoken: label };
}

type Cost = Pick<CoreStatus, 'self' | 'launcher' | 'uptimeMs'>;

/** So long its mean tells more of its start than of what it costs. */
export const settledMs = 120_000;

/** What the monitoring itself costs, with the process that keeps the servers; none before that can be told. */
export function costLines({ self, launcher, uptimeMs }: Cost, reader: Reader): [string, string][] {
  if (uptimeMs < settledMs) return [];
  const memoryBytes = self.rssBytes + (launcher?.rssBytes ?? 0);
  return [[reader.t('Monitoring itself'), costText(self.cpuPercent, memoryBytes, reader)]];
}

/** Percent of one core, and bytes of memory. */
export function costText(cpuPercent: number, memoryBytes: number, reader: Reader): string {
  return reader.t('CPU {0} of one core, {1}', percent(cpuPercent, reader), bytes(memoryBytes, reader));
}

function overRow(
  { cpuPercent, memoryBytes, intervalMs }: NonNullable<Measuring['overBudget']>,
  reader: Reader,
): MeasuringRow {
  const { t } = reader;
  const cost = costText(cpuPercent, memoryBytes, reader);
  const seconds = Math.round(intervalMs / 1000);
  const label = t('Monitoring over its budget: measured every {0} s', seconds);
  const lines = [
    t('The monitoring uses more than its budget ({0}): it measures every {1} s.', cost, seconds),
    t('It goes back by itself when it uses less. Your servers are not affected.'),
    t('Profile Monitoring shows where its time goes.'),
  ];
  return { label, tooltip: lines.join('\n'), spoken: lines.join(' ') };
}

function ordinary(t: Translate): string[] {
  return [
    t('This system is measured by starting a small program; more often, that would cost the games more than it tells.'),
    t('There is nothing to do.'),
  ];
}

function lacking(shortfall: string, t: Translate): string[] {
  return [
    t('A part of Game Server Panel could not be loaded. Programs that a server starts are not counted meanwhile.'),
    t('Install Game Server Panel again. If antivirus software removed koffi.node, allow that file.'),
    t('Reason: {0}', shortfall),
  ];
}
