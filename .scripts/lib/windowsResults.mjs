// What came of one file of the tests of Windows, from what its reporter wrote and how Node ended. Pure.

/** The words that choose files, and the pattern of `-t` that chooses tests by their names. Other options are vitest's. */
export function parseFilter(words) {
  const files = [];
  let pattern;
  for (let at = 0; at < words.length; at++) {
    const named = /^(?:-t|--testNamePattern)(?:=(.*))?$/s.exec(words[at]);
    if (named) pattern = named[1] ?? words[++at];
    else if (!words[at].startsWith('-')) files.push(words[at].replaceAll('\\', '/'));
  }
  return { files, pattern };
}

/** A line that was being written when the process was ended tells nothing. */
function parseLines(text) {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** The last line that says something, which is mostly the reason of a Node that did not get far. */
function lastWords(said) {
  const line = said
    .trim()
    .split('\n')
    .findLast((text) => text.trim() !== '' && !/^Node\.js v/.test(text.trim()));
  return line === undefined ? '' : `: ${line.trim().slice(0, 300)}`;
}

const errorLine = /^(\w*Error\b.*|.*\bFatal error\b.*|.*\bexception\b.*)$/im;

/**
 * @param what `file`; `report`: lines of JSON; `said`: its output; `outcome`: exit code, signal or why it did not start;
 *   `late`: the limit in minutes, where it was ended for that; `pattern`: where only some tests were asked for
 * @returns {{passed: number, failed: string[], skipped: string[], failures: string[]}}
 */
export function resultOf({ file, report, said, outcome, late, pattern }) {
  const result = { passed: 0, failed: [], skipped: [], failures: [] };
  for (const { name, status, skip } of parseLines(report)) {
    if (status === 'passed') result.passed++;
    else if (status === 'failed') result.failed.push(`${file}: ${name}`);
    else result.skipped.push(`${file}: ${name}${typeof skip === 'string' ? `: ${skip}` : ''}`);
  }
  const why = errorLine.exec(said)?.[1];
  const last = why === undefined ? lastWords(said) : `: ${why.trim().slice(0, 300)}`;
  if (late !== undefined) result.failures.push(`${file}: no end after ${Number(late.toFixed(1))} minutes`);
  else if (outcome !== 0 && result.failed.length === 0)
    result.failures.push(`${file}: node ended with ${outcome}${last}`);
  else if (pattern === undefined && result.passed + result.failed.length + result.skipped.length === 0)
    result.failures.push(`${file}: no test was executed${lastWords(said)}`);
  return result;
}
