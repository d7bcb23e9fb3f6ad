import type { SettingFault } from './monitoringSettings.js';
import { settingAt, settingsSection } from './settings.js';
import type { Translate } from './translate.js';

/** Which setting, where in it, and what is wrong: in the reader's language as far as the words are known here. */
export function settingFaultText({ field, detail }: SettingFault, t: Translate): string {
  const key = settingAt(field);
  const said = detailText(detail, t);
  if (key === undefined) return t('The settings are not right: {0}: {1}. The others count.', field, said);
  const places = key === 'webhooks' ? placesIn(field, t) : [];
  const what = places.length === 0 ? said : `${places.join(', ')}: ${said}`;
  return t('The setting {0} is not right: {1}. The others count.', `${settingsSection}.${key}`, what);
}

/** Of `webhooks.1.kind`: the second entry, its kind. */
function placesIn(field: string, t: Translate): string[] {
  return field
    .split('.')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? t('entry {0}', Number(part) + 1) : part));
}

function detailText(detail: string, t: Translate): string {
  const [, one, other] = /^must be (\w+) or (\w+)$/.exec(detail) ?? [];
  if (one !== undefined && other !== undefined) return t('must be {0} or {1}', one, other);
  switch (detail) {
    case 'must be 1 to 40 letters, digits, - or _':
      return t('1 to 40 letters, digits, - or _');
    case 'must be ids of servers':
      return t('must be ids of servers, as servers.json has them');
    case 'must be a webhook: name and kind':
      return t('needs a name and a kind');
    case 'must be at most 20 webhooks':
      return t('at most 20 webhooks');
    case 'must have names that are different':
      return t('two webhooks have the same name');
    case 'must not be the same as from':
      return t('the end is the same as the beginning');
    default:
      return detail;
  }
}
