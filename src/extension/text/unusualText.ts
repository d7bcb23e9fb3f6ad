import type { Reader, Translate } from '../translate.js';
import { bytes, percent, unknownNumber } from './format.js';

type Data = Record<string, unknown>;

/** What is not as usual of the PC itself: "Unusual: network in 12 MB/s, expected 102 KB/s to 2 MB/s". */
export function unusualText({ metric, value, low, high, aspect }: Data, reader: Reader): string {
  const { t } = reader;
  const label = labelOf(metric, t);
  if (label === undefined) return t('Unusual');
  const now = numberOrNull(value);
  const least = numberOrNull(low);
  const most = numberOrNull(high);
  const text = amountText(metric, now, reader);
  if (now !== null && least !== null && most !== null && (now < least || now > most))
    return t(
      'Unusual: {0} {1}, expected {2} to {3}',
      label,
      text,
      amountText(metric, least, reader),
      amountText(metric, most, reader),
    );
  // It could be any time: what is unusual is what surrounds it.
  if (aspect === 'level') return t('Unusual: {0} on another level, {1} now', label, text);
  if (aspect === 'variation') return t('Unusual: {0} varies as it never does, {1} now', label, text);
  return aspect === 'rhythm' ? t('Unusual at this hour: {0} {1}', label, text) : t('Unusual: {0} {1}', label, text);
}

function labelOf(metric: unknown, t: Translate): string | undefined {
  switch (metric) {
    case 'cpu':
      return t('CPU');
    case 'memoryUsed':
      return t('memory in use');
    case 'swapUsed':
      return t('swap in use');
    case 'netIn':
      return t('network in');
    case 'netOut':
      return t('network out');
    default:
      return undefined;
  }
}

function amountText(metric: unknown, value: number | null, reader: Reader): string {
  if (value === null) return unknownNumber;
  return metric === 'netIn' || metric === 'netOut' ? reader.t('{0}/s', bytes(value, reader)) : percent(value, reader);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
