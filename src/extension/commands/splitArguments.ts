export type Shell = 'posix' | 'win32';
export type Split = { args: string[] } | { error: 'open-quote' };

/**
 * Splits what somebody typed into arguments, the way their shell would, quotes and backslashes only: nothing is expanded,
 * because no shell will see it. On Windows a backslash is a part of a path unless a quote follows.
 */
export function splitArguments(text: string, shell: Shell): Split {
  const args: string[] = [];
  let current: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && escapes(text.charAt(i + 1), quote, shell)) {
      current = (current ?? '') + text.charAt(++i);
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else current = (current ?? '') + char;
    } else if (char === '"' || (char === "'" && shell === 'posix')) {
      quote = char;
      // "" is an argument too, an empty one.
      current ??= '';
    } else if (/\s/.test(char)) {
      if (current !== undefined) args.push(current);
      current = undefined;
    } else current = (current ?? '') + char;
  }
  if (quote !== undefined) return { error: 'open-quote' };
  if (current !== undefined) args.push(current);
  return { args };
}

function escapes(next: string, quote: string | undefined, shell: Shell): boolean {
  if (next === '') return false;
  if (shell === 'win32') return next === '"';
  if (quote === "'") return false;
  return quote === undefined || next === '"' || next === '\\';
}

/** The reverse: a text that splits into exactly these. */
export function joinArguments(args: readonly string[], shell: Shell): string {
  return args.map((arg) => (shell === 'win32' ? windowsQuoted(arg) : posixQuoted(arg))).join(' ');
}

function posixQuoted(arg: string): string {
  if (arg !== '' && !/[\s"'\\]/.test(arg)) return arg;
  return `"${arg.replace(/["\\]/g, '\\$&')}"`;
}

function windowsQuoted(arg: string): string {
  const escaped = arg.replace(/"/g, '\\"');
  return arg !== '' && !/\s/.test(arg) ? escaped : `"${escaped}"`;
}
