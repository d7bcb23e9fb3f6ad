import type { WebhookStatus } from '../../shared/contract.js';
import type { WebhookKey } from '../../shared/secrets.js';
import type { WebhookKind } from './address.js';

/** An entry of the setting, as far as it is needed here. */
export interface WebhookEntry {
  readonly name: string;
  readonly kind: WebhookKind;
  readonly enabled: boolean;
}

/** A webhook as it is shown. status: undefined where the background process does not know it; isOwn: it is in our settings. */
export interface WebhookRow extends WebhookEntry {
  readonly status: WebhookStatus | undefined;
  readonly isOwn: boolean;
}

/** More than these are not taken. */
export const mostWebhooks = 20;

const nameShape = /^[A-Za-z0-9_-]{1,40}$/;

export function isWebhookName(name: string): boolean {
  return nameShape.test(name);
}

export function webhookKey(name: string): WebhookKey {
  return `webhook.${name}`;
}

type Raw = readonly unknown[];

/** What is in the setting; anything but a list counts as none. */
export function webhookList(set: unknown): Raw {
  return Array.isArray(set) ? (set as unknown[]) : [];
}

/** Those that can be understood. */
export function webhooksIn(list: Raw): WebhookEntry[] {
  return list.flatMap((entry) => {
    const name = nameOf(entry);
    if (name === undefined || !isWebhookName(name)) return [];
    const { kind, enabled = true } = entry as { kind?: unknown; enabled?: unknown };
    return kind === 'discord' || kind === 'generic' ? [{ name, kind, enabled: enabled === true }] : [];
  });
}

/** `base`, or with a number where that is taken. */
export function freeWebhookName(base: string, list: Raw): string {
  const taken = new Set(list.map(nameOf));
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${String(n)}`;
  return name;
}

export function isTaken(name: string, list: Raw): boolean {
  return list.some((entry) => nameOf(entry) === name);
}

/** The rest of the entry and the other entries stay as they are. */
export function withEnabled(list: Raw, name: string, enabled: boolean): unknown[] {
  return list.map((entry) => (nameOf(entry) === name ? { ...(entry as object), enabled } : entry));
}

export function withoutWebhook(list: Raw, name: string): unknown[] {
  return list.filter((entry) => nameOf(entry) !== name);
}

/** Those that the background process knows, then those that it has not taken. */
export function webhookRows(statuses: readonly WebhookStatus[], own: readonly WebhookEntry[]): WebhookRow[] {
  const known = statuses.map((status) => {
    const { name, kind, enabled } = status;
    return { name, kind, enabled, status, isOwn: own.some((entry) => entry.name === name) };
  });
  const others = own.filter(({ name }) => !statuses.some((status) => status.name === name));
  return [...known, ...others.map((entry) => ({ ...entry, status: undefined, isOwn: true }))];
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('name' in entry)) return undefined;
  return typeof entry.name === 'string' ? entry.name : undefined;
}
