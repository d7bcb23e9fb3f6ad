import { lineEnd, linesOf, withLine, type SettingsText } from './format.js';

const section = '[ServerSettings]';

/** GameUserSettings.ini: what stands under [ServerSettings]. Names in any case; the last of several counts. */
export const arkText: SettingsText = {
  get(text, key) {
    const setting = settingOf(text, key);
    return setting === undefined ? undefined : unquoted(text.slice(setting.value, setting.to).trim());
  },
  set(text, key, value) {
    const setting = settingOf(text, key);
    if (setting !== undefined) return `${text.slice(0, setting.value)}${value}${text.slice(setting.to)}`;
    const line = `${key}=${value}`;
    const heading = linesOf(text)
      .filter((one) => isHeading(text.slice(one.from, one.to)))
      .at(-1);
    if (heading === undefined) {
      const before = text.trim() === '' ? text : withLine(text, '');
      return withLine(withLine(before, section), line);
    }
    const end = lineEnd(text);
    return `${text.slice(0, heading.to)}${end}${line}${text.slice(heading.to) || end}`;
  },
};

function settingOf(text: string, key: string): { value: number; to: number } | undefined {
  let isInside = false;
  let found: { value: number; to: number } | undefined;
  for (const { from, to } of linesOf(text)) {
    const line = text.slice(from, to);
    if (line.trim().startsWith('[')) isInside = isHeading(line);
    const equals = line.indexOf('=');
    if (!isInside || equals < 0 || /^\s*[;[]/.test(line)) continue;
    if (line.slice(0, equals).trim().toLowerCase() === key.toLowerCase()) found = { value: from + equals + 1, to };
  }
  return found;
}

function isHeading(line: string): boolean {
  return line.trim().toLowerCase() === section.toLowerCase();
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
