import type { Connection } from '../coreClient.js';
import type { Translate } from '../translate.js';

/** The row that says that numbers come seldom here, for those who wonder about it. */
export interface MeasuringRow {
  readonly label: string;
  readonly tooltip: string;
  readonly spoken: string;
}

/** Undefined where measuring costs nothing, or nothing is known. */
export function measuringRow(connection: Connection, t: Translate): MeasuringRow | undefined {
  if (connection.at !== 'connected' || !connection.measuring) return undefined;
  const { leastIntervalMs, shortfall } = connection.measuring;
  if (leastIntervalMs <= 0) return undefined;
  const seconds = Math.round(leastIntervalMs / 1000);
  const label = t('Measured every {0} s only', seconds);
  const lines = shortfall === null ? ordinary(t) : lacking(shortfall, t);
  return { label, tooltip: [label, ...lines].join('\n'), spoken: `${label}. ${lines.join(' ')}` };
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
