import type { Translate } from '../translate.js';
import type { WebhookRow } from './webhookSettings.js';

/** switch: off, or on again. */
export type WebhookAction = 'test' | 'address' | 'switch' | 'edit' | 'remove';

/** What can be done with one, the most helpful first. What is set elsewhere is changed elsewhere. */
export function webhookActions(
  { status, isOwn, enabled }: WebhookRow,
  t: Translate,
): { label: string; action: WebhookAction }[] {
  const test = { label: t('Send Test Message'), action: 'test' } as const;
  const change = { label: t('Change Address…'), action: 'address' } as const;
  const enter = { label: t('Enter Address…'), action: 'address' } as const;
  const own = [
    { label: enabled ? t('Switch Off') : t('Switch On'), action: 'switch' },
    { label: t('Edit in Settings'), action: 'edit' },
    { label: t('Remove…'), action: 'remove' },
  ] as const;
  const known = status === undefined ? [] : status.hasAddress ? [test, change] : [enter];
  return [...known, ...(isOwn ? own : [])];
}
