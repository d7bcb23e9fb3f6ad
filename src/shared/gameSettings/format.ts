import type { GameSetup } from '../contract.js';

export type SettingsFormat = GameSetup['format'];

/** One kind of settings file, as text. Nothing of it throws, whatever the text. */
export interface SettingsText {
  /** The value that counts, without quotes and escapes; undefined where the setting is not there. */
  get(text: string, key: string): string | undefined;
  /** The text with that one value in it; all the rest stays as it is, byte for byte. value: letters, digits and dots. */
  set(text: string, key: string, value: string): string;
}

/** The line ends that a text has. */
export function lineEnd(text: string): string {
  return /\r\n|[\r\n]/.exec(text)?.[0] ?? '\n';
}

/** The text with a whole line behind it. */
export function withLine(text: string, line: string): string {
  const end = lineEnd(text);
  return `${text}${text === '' || /[\r\n]$/.test(text) ? '' : end}${line}${end}`;
}

/** The lines of a text: where each begins, and where it ends without its line end. */
export function linesOf(text: string): { from: number; to: number }[] {
  const lines = [];
  let from = 0;
  for (const { 0: end, index } of text.matchAll(/\r\n|[\r\n]/g)) {
    lines.push({ from, to: index });
    from = index + end.length;
  }
  lines.push({ from, to: text.length });
  return lines;
}
