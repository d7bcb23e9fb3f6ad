import type { PasswordKey } from '../../shared/secrets.js';
import type { Translate } from '../translate.js';

/** What a way to ask a game is called. A newer background process may know ways that this window does not. */
export function channelLabel(channel: string, t: Translate): string {
  const labels: Record<string, string> = {
    // Names that are the same in every language.
    rest: 'REST API',
    rcon: 'RCON',
    query: t('Query port'),
    econ: 'Econ',
    admin: t('Admin port'),
    telnet: 'Telnet',
  };
  return labels[channel] ?? channel;
}

/** Where a number was told. */
export function sourceText(source: string, t: Translate): string {
  const texts: Record<string, string> = {
    log: t('from its log'),
    rest: t('from the REST API'),
    rcon: t('from RCON'),
    query: t('from its query port'),
    econ: t('from Econ'),
    admin: t('from its admin port'),
  };
  return texts[source] ?? source;
}

const passwordOfChannel: Record<string, PasswordKey> = {
  rest: 'restPassword',
  rcon: 'rconPassword',
  econ: 'econPassword',
  admin: 'adminPassword',
  telnet: 'telnetPassword',
};

/** The password that a way asks for; undefined where it asks for none. */
export function passwordOf(channel: string): PasswordKey | undefined {
  return passwordOfChannel[channel];
}

/** The way that asks for a password. */
export function channelOf(key: PasswordKey): string {
  return key.replace(/Password$/, '');
}
