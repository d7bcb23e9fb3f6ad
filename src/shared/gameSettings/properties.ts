import { lineEnd, linesOf, withLine, type SettingsText } from './format.js';

/**
 * server.properties, as java.util.Properties reads it: comments, three kinds of separators, escapes, lines that go on in the
 * next. The last of several counts.
 */
export const propertiesText: SettingsText = {
  get(text, key) {
    return propertyOf(text, key)?.value;
  },
  set(text, key, value) {
    const property = propertyOf(text, key);
    if (property === undefined) return withProperty(text, key, value);
    const { from, to, valueAt } = property;
    // Over several lines its value has no place of its own, and a key alone no separator.
    const written = valueAt === undefined ? `${key}=${value}` : `${text.slice(from, valueAt)}${value}`;
    return `${text.slice(0, from)}${written}${text.slice(to)}`;
  },
};

/** Behind a line that goes on, it must not become part of that. */
function withProperty(text: string, key: string, value: string): string {
  const end = lineEnd(text);
  const tries = ['', end, end + end].map((blank) => withLine(text + blank, `${key}=${value}`));
  return tries.find((proposed) => propertyOf(proposed, key)?.value === value) ?? text;
}

interface Property {
  readonly from: number;
  readonly to: number;
  readonly valueAt: number | undefined;
  readonly value: string;
}

function propertyOf(text: string, key: string): Property | undefined {
  let found: Property | undefined;
  for (const { from, to, whole, isOneLine } of logicalLines(text)) {
    if (/^[ \t\f]*(?:[#!]|$)/.test(whole)) continue;
    const begin = /^[ \t\f]*/.exec(whole)?.[0].length ?? 0;
    const end = keyEnd(whole, begin);
    if (unescaped(whole.slice(begin, end)) !== key) continue;
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(whole.slice(end))?.[0] ?? '';
    const valueAt = isOneLine && separator !== '' ? from + end + separator.length : undefined;
    found = { from, to, valueAt, value: unescaped(whole.slice(end + separator.length)) };
  }
  return found;
}

function* logicalLines(text: string): Generator<{ from: number; to: number; whole: string; isOneLine: boolean }> {
  const lines = linesOf(text);
  for (let n = 0; n < lines.length; n++) {
    const { from = 0, to: end = 0 } = lines[n] ?? {};
    let to = end;
    let whole = text.slice(from, to);
    const isComment = /^[ \t\f]*[#!]/.test(whole);
    const first = n;
    while (!isComment && goesOn(whole) && n + 1 < lines.length) {
      const next = lines[++n] ?? { from: to, to };
      to = next.to;
      whole = whole.slice(0, -1) + text.slice(next.from, to).replace(/^[ \t\f]+/, '');
    }
    yield { from, to, whole, isOneLine: n === first };
  }
}

/** An odd number of backslashes at its end. */
function goesOn(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

function keyEnd(line: string, begin: number): number {
  for (let at = begin; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\') at++;
    else if (' \t\f=:'.includes(char)) return at;
  }
  return line.length;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|([^]))|\\$/gi, (_, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return char === undefined ? '' : (escapes[char] ?? char);
  });
}
