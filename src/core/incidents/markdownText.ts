/** Text from outside as text, whatever is in it: no link, no image, no HTML, no formula. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').replace(/[\\`*_[\]<>&~|#!$]/g, '\\$&');
}

/** As `plain`, in the type of code: for paths and single lines. */
export function code(text: string): string {
  const line = clean(text).replace(/\p{Cc}+/gu, ' ');
  if (line.trim() === '') return '';
  const ticks = '`'.repeat(longestTicks([line]) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A block of code that none of its lines can end. */
export function fenced(lines: readonly string[]): string {
  const shown = lines.flatMap((line) => line.split('\n')).map((line) => clean(line).replace(/\p{Cc}/gu, keepTab));
  const fence = '`'.repeat(Math.max(3, longestTicks(shown) + 1));
  return [`${fence}text`, ...shown, fence].join('\n');
}

function keepTab(character: string): string {
  return character === '\t' ? '\t' : '';
}

function longestTicks(lines: readonly string[]): number {
  return Math.max(0, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((ticks) => ticks.length)));
}

const escape = String.fromCharCode(27);
/** Colours and cursor movements of terminals. */
const sequences = new RegExp(`${escape}(?:\\[[0-9;:?]*[ -/]*[@-~]|[@-Z\\\\^_])`, 'g');

function clean(line: string): string {
  return line.replace(sequences, '');
}
