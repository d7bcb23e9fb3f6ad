import { firstOf, unrealFiles, type ReadOwnSettings } from '../places.js';
import { isOn, password, port, present, type Values } from '../values.js';

/**
 * For ARK: Survival Evolved and Ascended alike. What stands on the command line (`TheIsland?listen?RCONEnabled=True`) counts
 * more than the file.
 */
export const readArk: ReadOwnSettings = (place, files) => {
  const file = firstOf(unrealFiles(place, 'ShooterGame', 'GameUserSettings.ini'), files, serverSettings);
  const typed = pairsOf(place.args.flatMap((arg) => arg.split('?')));
  const all = new Map([...(file?.value ?? []), ...typed]);
  return all.size === 0 ? undefined : { ...valuesOf(all), at: file?.at ?? 0 };
};

/** GameUserSettings.ini: what stands under [ServerSettings]. */
export function parseGameUserSettings(text: string): Values {
  return valuesOf(serverSettings(text));
}

function valuesOf(settings: ReadonlyMap<string, string>): Values {
  return {
    passwords: present({ rconPassword: password(settings.get('serveradminpassword')) }),
    ports: present({
      rconPort: isOn(settings.get('rconenabled')) ? port(settings.get('rconport'), 27_020) : undefined,
    }),
  };
}

function serverSettings(text: string): Map<string, string> {
  let isInside = false;
  return pairsOf(
    text.split(/[\r\n]+/).filter((line) => {
      const trimmed = line.trim();
      if (trimmed.startsWith('[')) isInside = trimmed.toLowerCase() === '[serversettings]';
      return isInside;
    }),
  );
}

/** Keys in lower case, as the engine compares them; the last of several counts. */
function pairsOf(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    if (equals < 0 || /^\s*[;[]/.test(line)) continue;
    found.set(line.slice(0, equals).trim().toLowerCase(), unquoted(line.slice(equals + 1).trim()));
  }
  return found;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
