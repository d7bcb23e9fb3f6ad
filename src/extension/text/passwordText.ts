import type { PasswordKey } from '../../shared/secrets.js';
import type { Translate } from '../translate.js';

/** What a password is called where it stands alone. A newer background process may know keys that this window does not. */
export function passwordLabel(key: string, t: Translate): string {
  switch (key as PasswordKey) {
    case 'restPassword':
      return t('REST API password');
    case 'rconPassword':
      return t('RCON password');
    case 'telnetPassword':
      return t('Telnet password');
    case 'econPassword':
      return t('Econ password');
    case 'adminPassword':
      return t('Admin port password');
    default:
      return key;
  }
}

/** The question for a password; it says for which server. */
export function passwordQuestion(key: PasswordKey, name: string, t: Translate): string {
  switch (key) {
    case 'restPassword':
      return t('REST API password of {0}', name);
    case 'rconPassword':
      return t('RCON password of {0}', name);
    case 'telnetPassword':
      return t('Telnet password of {0}', name);
    case 'econPassword':
      return t('Econ password of {0}', name);
    case 'adminPassword':
      return t('Admin port password of {0}', name);
  }
}

/** What is wrong with a password that is being typed; undefined when nothing is. */
export function passwordFault(text: string, t: Translate): string | undefined {
  if (text.length > 1024) return t('At most 1024 characters.');
  return /[\0\r\n]/.test(text) ? t('It must be a single line.') : undefined;
}
