import { firstOf, unrealFiles, type ReadOwnSettings } from '../places.js';
import { isOn, password, port, present, type Values } from '../values.js';

export const readPalworld: ReadOwnSettings = (place, files) => {
  const read = firstOf(unrealFiles(place, 'Pal', 'PalWorldSettings.ini'), files, parsePalworldSettings);
  return read === undefined ? undefined : { ...read.value, at: read.at };
};

/** PalWorldSettings.ini: one line, `OptionSettings=(Difficulty=None,…,AdminPassword="…",RESTAPIEnabled=True,…)`. */
export function parsePalworldSettings(text: string): Values {
  const options = optionsOf(text);
  const admin = password(options.get('adminpassword'));
  return {
    passwords: present({ restPassword: admin, rconPassword: admin }),
    ports: present({
      restPort: isOn(options.get('restapienabled')) ? port(options.get('restapiport'), 8212) : undefined,
      rconPort: isOn(options.get('rconenabled')) ? port(options.get('rconport'), 25_575) : undefined,
    }),
  };
}

/** By names in lower case, as the engine compares them. The last of several lines counts. */
function optionsOf(text: string): Map<string, string> {
  const line = text
    .split(/[\r\n]+/)
    .filter((one) => /^[ \t]*OptionSettings[ \t]*=[ \t]*\(/i.test(one))
    .at(-1);
  const options = new Map<string, string>();
  if (line === undefined) return options;
  for (const item of itemsOf(line.slice(line.indexOf('(') + 1))) {
    const equals = item.indexOf('=');
    if (equals < 0) continue;
    options.set(item.slice(0, equals).trim().toLowerCase(), unquoted(item.slice(equals + 1).trim()));
  }
  return options;
}

/** Parts between commas, up to the closing bracket; commas and brackets within quotes or inner brackets are no borders. */
function itemsOf(text: string): string[] {
  const items: string[] = [];
  let begin = 0;
  let depth = 0;
  let isQuoted = false;
  let at = 0;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char === '\\') at++;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '(') depth++;
    else if (char === ')') {
      if (depth === 0) break;
      depth--;
    } else if (char === ',' && depth === 0) {
      items.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  items.push(text.slice(begin, at));
  return items;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.length > 1 && value.endsWith('"') ? -1 : undefined;
  return value.slice(1, end).replace(/\\(["'\\])/g, '$1');
}
