import { describe, expect, test } from 'vitest';
import report from '../../.scripts/lib/windowsReporter.mjs';
import { parseFilter, resultOf } from '../../.scripts/lib/windowsResults.mjs';

const file = 'test/windows/jobs.test.ts';
const line = (name: string, status: string, skip?: string): string => `${JSON.stringify({ name, status, skip })}\n`;
const ended = { file, report: '', said: '', outcome: 0 };

describe('what came of a file of the tests of Windows', () => {
  test('is counted', () => {
    const text = line('a', 'passed') + line('b', 'failed') + line('c', 'skipped', 'no admin');
    expect(resultOf({ ...ended, report: text, outcome: 1 })).toEqual({
      passed: 1,
      failed: [`${file}: b`],
      skipped: [`${file}: c: no admin`],
      failures: [],
    });
  });

  test('a Node that did not get to a test has failed, with its reason', () => {
    const said =
      "jobs.test.js:1\nthrow new Error('x');\n^\n\nError: no such library\n    at here\n\nNode.js v22.23.3\n";
    const { failures } = resultOf({ ...ended, said, outcome: 1 });
    expect(failures).toEqual([`${file}: node ended with 1: Error: no such library`]);
    expect(resultOf({ ...ended, said: 'wine: cannot find it\n', outcome: 127 }).failures).toEqual([
      `${file}: node ended with 127: wine: cannot find it`,
    ]);
    expect(resultOf({ ...ended, outcome: 'SIGSEGV' }).failures).toEqual([`${file}: node ended with SIGSEGV`]);
  });

  test('a Node that ended badly after its tests has failed', () => {
    const result = resultOf({ ...ended, report: line('a', 'passed'), said: 'ok', outcome: 3 });
    expect(result).toMatchObject({ passed: 1, failures: [`${file}: node ended with 3: ok`] });
  });

  test('a file without a test has failed, unless only some tests were asked for', () => {
    expect(resultOf(ended).failures).toEqual([`${file}: no test was executed`]);
    expect(resultOf({ ...ended, pattern: 'pipe' }).failures).toEqual([]);
  });

  test('one that hangs has failed; what it had passed counts, and what it was just writing does not', () => {
    const text = `${line('a', 'passed')}{"name":"b","sta`;
    expect(resultOf({ ...ended, report: text, outcome: 'late', late: 4.98 })).toEqual({
      passed: 1,
      failed: [],
      skipped: [],
      failures: [`${file}: no end after 5 minutes`],
    });
  });
});

describe('what the words after -- mean there', () => {
  test('words are parts of file names, and -t is a test', () => {
    expect(parseFilter(['jobs', 'test\\windows\\pipes'])).toEqual({
      files: ['jobs', 'test/windows/pipes'],
      pattern: undefined,
    });
    expect(parseFilter(['jobs', '-t', 'ends all'])).toEqual({ files: ['jobs'], pattern: 'ends all' });
    expect(parseFilter(['--testNamePattern=ends all'])).toEqual({ files: [], pattern: 'ends all' });
  });

  test('options of vitest are left to it', () => {
    expect(parseFilter(['--bail=1'])).toEqual({ files: [], pattern: undefined });
  });
});

describe('the reporter', () => {
  const told = async (...events: object[]): Promise<unknown[]> => {
    const lines: unknown[] = [];
    for await (const text of report(events)) lines.push(JSON.parse(text));
    return lines;
  };

  test('tells of each test once, and of no suite', async () => {
    const inIt = { error: { failureType: 'subtestsFailed' } };
    expect(
      await told(
        { type: 'test:start', data: { name: 'a' } },
        { type: 'test:pass', data: { name: 'a', details: {} } },
        { type: 'test:fail', data: { name: 'b', details: { error: { failureType: 'testCodeFailure' } } } },
        { type: 'test:fail', data: { name: 'around b', details: inIt } },
        { type: 'test:fail', data: { name: 'suite', details: { type: 'suite' } } },
        { type: 'test:pass', data: { name: 'c', details: {}, skip: 'no admin' } },
        { type: 'test:pass', data: { name: 'd', details: {}, todo: true } },
        { type: 'test:pass', data: { name: 'e', details: {}, skip: 'test name does not match pattern' } },
      ),
    ).toEqual([
      { name: 'a', status: 'passed' },
      { name: 'b', status: 'failed' },
      { name: 'c', status: 'skipped', skip: 'no admin' },
      { name: 'd', status: 'skipped' },
    ]);
  });
});
