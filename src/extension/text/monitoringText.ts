import type { CoreStatus } from '../../shared/contract.js';
import type { PanelMonitoring } from '../../shared/panelMessages.js';
import { costText, settledMs } from '../tree/measuring.js';
import type { Reader } from '../translate.js';
import { bytes, percent } from './format.js';

/** What the monitoring itself costs and may cost, with the process that keeps the servers; null before it can be told. */
export function monitoringText(status: CoreStatus | undefined, reader: Reader): PanelMonitoring | null {
  if (status === undefined || status.uptimeMs < settledMs) return null;
  const { t } = reader;
  const { self, launcher, sampling } = status;
  const cost = t(
    'Monitoring itself: CPU {0} of one core · {1} · {2}/h written · {3}/h network',
    percent(self.cpuPercent, reader),
    bytes(self.rssBytes + (launcher?.rssBytes ?? 0), reader),
    bytes(self.writeBytesPerHour, reader),
    bytes(self.netBytesPerHour, reader),
  );
  const isOver = self.budget === 'over';
  const budget = costText(self.budgetLimits.cpuPercent, self.budgetLimits.memoryBytes, reader);
  const seconds = Math.round(sampling.intervalMs / 1000);
  return {
    cost,
    budget: isOver
      ? t('Over its budget ({0}): it measures every {1} s until it uses less.', budget, seconds)
      : t('Within its budget: {0}', budget),
    isOver,
  };
}
