/* eslint-disable no-control-regex -- control characters are what this is about */
/**
 * What a game prints is not trusted: players choose their names and write the chat. A terminal obeys it, so nothing but
 * text, tabs and colours passes: no titles, no links, no clipboard, no cursor movement, no answers to be typed.
 */
const longest = 8000;

// Strings (title, clipboard, hyperlink, device control, …) up to their end or the end of the line; CSI sequences; any
// other escape; then lone control characters, C1 included, which some terminals take for escapes.
const strings = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$|(?=\x1b))/g;
const csi = /(?:\x1b\[|\x9b)([0-?]*)([ -/]*)([@-~]?)/g;
const escapes = /\x1b(?!\[[0-9;:]*m)[ -/]*[0-~]?/g;
const controls = /[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f]/g;
const plainColor = /^[0-9;:]{0,60}$/;

/** One line of a server's output, made safe to be written to a terminal. Colours end with the line. */
export function sanitizeLine(line: string): string {
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line;
  let colored = false;
  const safe = cut
    // A line that was drawn over itself: shown as what came one after the other.
    .replace(/\r+$/, '')
    .replace(/\r+/g, ' ')
    .replace(strings, '')
    .replace(csi, (_, parameters: string, between: string, final: string) => {
      if (final !== 'm' || between !== '' || !plainColor.test(parameters)) return '';
      colored = true;
      return `\x1b[${parameters}m`;
    })
    .replace(escapes, '')
    .replace(controls, '');
  return colored ? `${safe}\x1b[0m` : safe;
}
