import type { GameReport } from './record.js';

/** What a game's report tells, cut to what people read. */
export type Excerpt = Pick<GameReport, 'type' | 'message' | 'lines'>;

const maxMessageChars = 4000;
const maxLineChars = 500;
const stackLines = 20;
const jvmLines = 30;

/** CrashContext.runtime-xml of the Unreal engine. Undefined where it says nothing, as one that is still being written. */
export function parseUnrealContext(xml: string): Excerpt | undefined {
  const message = element(xml, 'ErrorMessage');
  const type = element(xml, 'CrashType');
  // Newer engines leave the first one empty and fill the portable one.
  const stack = element(xml, 'CallStack') ?? element(xml, 'PCallStack');
  if (message === null && stack === null) return undefined;
  return { type, message, lines: cut((stack ?? '').split('\n'), stackLines) };
}

/** crash-reports/*.txt of Minecraft: a description, an empty line, the exception with its stack, an empty line. */
export function parseMinecraftReport(text: string): Excerpt | undefined {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => line.startsWith('Description: '));
  if (at < 0) return undefined;
  const begin = lines.findIndex((line, index) => index > at && line.trim() !== '');
  if (begin < 0) return undefined;
  const length = lines.slice(begin).findIndex((line) => line.trim() === '');
  const [exception, ...trace] = lines.slice(begin, length < 0 ? undefined : begin + length);
  return {
    type: limited(lines[at]?.slice('Description: '.length) ?? ''),
    message: limited(exception ?? ''),
    lines: cut(trace, stackLines),
  };
}

/** hs_err_pid*.log of a Java machine: what it was, and the frame that it happened in. */
export function parseJvmError(text: string): Excerpt | undefined {
  const lines = linesOf(text);
  const said = lines.filter((line) => line.startsWith('#')).map((line) => line.replace(/^#\s*/, '').trim());
  if (said.length === 0) return undefined;
  // "SIGSEGV (0xb) at pc=…", "Internal Error (…)", "EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=…", "Native memory …"
  const what = said.find((line) => /^(SIG[A-Z]+|EXCEPTION_\w+|Internal Error|Native memory allocation)\b/.test(line));
  const frame = said.indexOf('Problematic frame:');
  return {
    type: what === undefined ? null : limited(what.replace(/ at pc=.*$/, '')),
    message: frame < 0 ? null : limited(said[frame + 1] ?? ''),
    lines: cut(lines, jvmLines),
  };
}

/** The text of the first element of that name; null where it is not there, is not closed yet, or is empty. */
function element(xml: string, name: string): string | null {
  const open = `<${name}>`;
  const begin = xml.indexOf(open);
  const end = begin < 0 ? -1 : xml.indexOf(`</${name}>`, begin);
  return end < 0 ? null : limited(unescaped(xml.slice(begin + open.length, end)));
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  const plain = /^\s*<!\[CDATA\[([^]*)\]\]>\s*$/.exec(text)?.[1];
  if (plain !== undefined) return plain;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (all, hex?: string, digits?: string, name = '') => {
      if (hex === undefined && digits === undefined) return entities[String(name)] ?? all;
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : all;
    },
  );
}

function limited(text: string): string | null {
  const trimmed = text.replace(/\r\n?/g, '\n').trim();
  if (trimmed === '') return null;
  return trimmed.length > maxMessageChars ? `${trimmed.slice(0, maxMessageChars)}…` : trimmed;
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

function cut(lines: readonly string[], count: number): string[] {
  const told = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  return told.slice(0, count).map((line) => (line.length > maxLineChars ? `${line.slice(0, maxLineChars)}…` : line));
}
