/** As long as CreateProcessW takes it, the closing NUL included. */
export const longestCommandLine = 32_767;

/**
 * A command line that programs take apart into exactly these words, by the rules of CommandLineToArgvW and Microsoft's C
 * runtime: a backslash counts only before a quote.
 */
export function commandLine(program: string, args: readonly string[]): string {
  // The first word knows no escapes: it ends at its closing quote. Names of files hold none.
  return [`"${program}"`, ...args.map(quoted)].join(' ');
}

function quoted(word: string): string {
  if (word !== '' && !/[ \t\n\v"]/.test(word)) return word;
  return `"${word.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => slashes + slashes + (quote && '\\"'))}"`;
}
