import { lineEnd, linesOf, withLine, type SettingsText } from './format.js';

const section = '[/Script/Pal.PalGameWorldSettings]';

/**
 * PalWorldSettings.ini: one line, `OptionSettings=(Difficulty=None,…,AdminPassword="…",…)`. The engine compares names without
 * regard to case; the last of several counts.
 */
export const palworldText: SettingsText = {
  get(text, key) {
    const options = optionsIn(text);
    const option = options === undefined ? undefined : optionOf(options, text, key);
    return option === undefined ? undefined : unquoted(text.slice(option.value, option.to).trim());
  },
  set(text, key, value) {
    const options = optionsIn(text);
    const written = /^(?:True|False|\d+)$/.test(value) ? value : `"${value}"`;
    if (options === undefined) return withOptions(text, `OptionSettings=(${key}=${written})`);
    const { to, isEmpty, missing } = options;
    const option = optionOf(options, text, key);
    if (option === undefined) {
      const before = `${text.slice(0, to)}${missing.replace(')', '')}${isEmpty ? '' : ','}`;
      return `${before}${key}=${written}${missing === '' ? '' : ')'}${text.slice(to)}`;
    }
    // What a cut off line lacks is lacking in its last option.
    const isCutOff = missing !== '' && option.to === to;
    return `${text.slice(0, option.value)}${written}${isCutOff ? ')' : ''}${text.slice(option.to)}`;
  },
};

interface Options {
  /** Where the options end: the closing bracket, or the end of a line that has none. */
  readonly to: number;
  readonly items: readonly { readonly from: number; readonly to: number }[];
  readonly isEmpty: boolean;
  /** What a line that was cut off lacks to be whole: a quote, a bracket. */
  readonly missing: string;
}

function optionsIn(text: string): Options | undefined {
  const line = linesOf(text)
    .filter(({ from, to }) => /^[ \t]*OptionSettings[ \t]*=[ \t]*\(/i.test(text.slice(from, to)))
    .at(-1);
  if (line === undefined) return undefined;
  const begin = text.indexOf('(', line.from) + 1;
  const items = [];
  let from = begin;
  let depth = 0;
  let isQuoted = false;
  let at = begin;
  for (; at < line.to; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char === '\\') at++;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '(') depth++;
    else if (char === ')' && depth-- === 0) break;
    else if (char === ',' && depth === 0) {
      items.push({ from, to: at });
      from = at + 1;
    }
  }
  const to = Math.min(at, line.to);
  items.push({ from, to });
  const isWhole = text.charAt(to) === ')' && to < line.to;
  // Behind a lonely backslash a quote would be no end.
  const quote = at > line.to ? '\\"' : '"';
  const missing = isWhole ? '' : `${isQuoted ? quote : ''}${')'.repeat(depth + 1)}`;
  return { to, items, isEmpty: text.slice(begin, to).trim() === '', missing };
}

function optionOf(options: Options, text: string, key: string): { value: number; to: number } | undefined {
  for (const { from, to } of [...options.items].reverse()) {
    const equals = text.slice(from, to).indexOf('=');
    if (equals < 0) continue;
    const name = text.slice(from, from + equals).trim();
    if (name.toLowerCase() === key.toLowerCase()) return { value: from + equals + 1, to };
  }
  return undefined;
}

/** Below its heading where that is there already. */
function withOptions(text: string, options: string): string {
  const heading = linesOf(text)
    .filter(({ from, to }) => text.slice(from, to).trim().toLowerCase() === section.toLowerCase())
    .at(-1);
  if (heading === undefined) return withLine(withLine(text, section), options);
  const end = lineEnd(text);
  return `${text.slice(0, heading.to)}${end}${options}${text.slice(heading.to) || end}`;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.length > 1 && value.endsWith('"') ? -1 : undefined;
  return value.slice(1, end).replace(/\\(["'\\])/g, '$1');
}
