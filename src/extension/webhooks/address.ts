import { isIPv4 } from 'node:net';
import type { WebhookStatus } from '../../shared/contract.js';
import { passwordFault } from '../text/passwordText.js';
import type { Translate } from '../translate.js';

export type WebhookKind = WebhookStatus['kind'];

/** As Discord gives it out, also by its test versions. */
const discordAddress =
  /^https:\/\/(?:(?:canary|ptb)\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+\/?(?:\?[^#\s]*)?$/i;
const networkOfOnesOwn = /^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./;

/** What is wrong with an address that is being typed; undefined when nothing is. */
export function addressFault(kind: WebhookKind, typed: string, t: Translate): string | undefined {
  const address = typed.trim();
  if (address === '') return t('Paste the address.');
  const fault = passwordFault(address, t);
  if (fault !== undefined) return fault;
  if (kind === 'discord') {
    if (discordAddress.test(address)) return undefined;
    return t('The address of a Discord webhook looks like {0}', 'https://discord.com/api/webhooks/…/…');
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:') return undefined;
  if (url?.protocol !== 'http:') return t('It must begin with https://');
  return isNear(url.hostname)
    ? undefined
    : t('http:// is for this PC and its own network only: elsewhere everybody on the way could read it. Use https://');
}

/** True where it goes over the network as everybody there can read it. */
export function isOpen(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' && !isThisPc(bare(url.hostname));
}

function isNear(hostname: string): boolean {
  const host = bare(hostname);
  if (isThisPc(host) || /\.(?:local|lan|home\.arpa)$/.test(host)) return true;
  if (isIPv4(host)) return networkOfOnesOwn.test(host);
  if (host.includes(':')) return /^f[cd]|^fe[89ab]/.test(host);
  return !host.includes('.');
}

function isThisPc(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
  );
}

/** Without the brackets of IPv6. */
function bare(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$/g, '');
}
