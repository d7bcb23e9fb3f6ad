/** A command line taken apart as Microsoft's C runtime does since 2008, which CommandLineToArgvW agrees with here. */
export function parseCommandLine(line: string): string[] {
  const first = /^"([^"]*)"/.exec(line);
  if (first === null) throw new Error('no quoted program');
  return [first[1] ?? '', ...parseArguments(line.slice(first[0].length))];
}

function parseArguments(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (at >= text.length) break;
    let word = '';
    let isQuoted = false;
    for (; at < text.length && (isQuoted || (text[at] !== ' ' && text[at] !== '\t'));) {
      const slashes = /^\\*/.exec(text.slice(at))?.[0].length ?? 0;
      at += slashes;
      if (text[at] !== '"') {
        word += '\\'.repeat(slashes);
        if (slashes === 0) word += text[at++] ?? '';
        continue;
      }
      word += '\\'.repeat(Math.floor(slashes / 2));
      at++;
      if (slashes % 2 === 1) word += '"';
      else if (isQuoted && text[at] === '"') {
        word += '"';
        at++;
      } else isQuoted = !isQuoted;
    }
    words.push(word);
  }
  return words;
}
