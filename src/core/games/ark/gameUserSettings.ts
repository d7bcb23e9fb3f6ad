import { firstOf, unrealFiles, type ReadOwnSettings } from '../places.js';
import { isOn, password, port, present, type Values } from '../values.js';

/** For ARK: Survival Evolved and Ascended alike. */
export const readArk: ReadOwnSettings = (place, files) =>
  firstOf(unrealFiles(place, 'ShooterGame', 'GameUserSettings.ini'), files, parseGameUserSettings);

/** GameUserSettings.ini: what stands under [ServerSettings]. */
export function parseGameUserSettings(text: string): Values {
  const settings = sectionOf(text, 'serversettings');
  return {
    passwords: present({ rconPassword: password(settings.get('serveradminpassword')) }),
    ports: present({
      rconPort: isOn(settings.get('rconenabled')) ? port(settings.get('rconport'), 27_020) : undefined,
    }),
  };
}

/** Keys in lower case, as the engine compares them; the last of several counts. */
function sectionOf(text: string, name: string): Map<string, string> {
  const found = new Map<string, string>();
  let isInside = false;
  for (const raw of text.split(/[\r\n]+/)) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      isInside = line.toLowerCase() === `[${name}]`;
      continue;
    }
    const equals = line.indexOf('=');
    if (!isInside || equals < 0 || line.startsWith(';')) continue;
    found.set(line.slice(0, equals).trim().toLowerCase(), unquoted(line.slice(equals + 1).trim()));
  }
  return found;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
