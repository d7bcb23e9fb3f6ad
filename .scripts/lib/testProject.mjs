// Runs one project's tests and counts what came of them.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { clone } from './paths.mjs';
import { signalTree, start } from './run.mjs';

const limitMinutes = 25;
const vitest = path.join(clone, 'node_modules', 'vitest', 'vitest.mjs');

const hasTests = ({ name }) => {
  const folder = path.join(clone, 'test', name);
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => file.endsWith('.test.ts'));
};

/**
 * @param options `filter`: file names or other words for vitest; `env`; `reports`: folder for the report
 * @returns {Promise<{passed: number, failed: string[], skipped: string[], failures: string[]}>} `failures` are what is
 *   wrong beside failed tests, each of them a failure of its own
 */
export async function runProject(project, { filter, env, reports }) {
  if (!hasTests(project)) return nothing(`test/${project.name} has no tests`);
  const report = path.join(reports, `${project.name}.json`);
  rmSync(report, { force: true });
  const child = start(
    process.execPath,
    [
      vitest,
      ...['run', '--config', path.join('.config', 'vitest.config.ts'), '--project', project.name],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...(filter.length > 0 ? ['--passWithNoTests', ...filter] : []),
    ],
    { cwd: clone, env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const deadline = new AbortController();
  const late = pause(limitMinutes * 60_000, 'late', { signal: deadline.signal }).catch(() => undefined);
  const outcome = await Promise.race([ended, late]);
  deadline.abort();
  if (outcome === 'late') {
    signalTree(child, 'SIGKILL');
    await ended;
  }
  const how = outcome === 'late' ? `no end after ${limitMinutes} minutes` : `vitest ended with ${outcome}`;
  return existsSync(report) ? count(report, outcome, how) : nothing(`${how} and left no report`);
}

/** What a failed test said first: whoever has only the end of a long printout is to see why, not only what. */
function reason([message]) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  const told = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('at '));
  return told.length === 0 ? '' : `\n        ${told.slice(0, 4).join(' | ').slice(0, 400)}`;
}

const nothing = (failure) => ({ passed: 0, failed: [], skipped: [], failures: [failure] });

function count(report, outcome, how) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const result = { passed: 0, failed: [], skipped: [], failures: [] };
  for (const { name, status, message, assertionResults } of testResults) {
    const file = path.relative(clone, name);
    for (const { status: outcomeOfTest, fullName, failureMessages } of assertionResults) {
      if (outcomeOfTest === 'passed') result.passed++;
      else if (outcomeOfTest === 'failed') result.failed.push(`${file}: ${fullName}${reason(failureMessages)}`);
      else result.skipped.push(`${file}: ${fullName}`);
    }
    // A file that did not load, or whose hooks failed, may have no failed test at all.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      result.failures.push(`${file}: ${(message ?? '').trim().split('\n')[0] || 'failed'}`);
    }
  }
  const isExplained = result.failed.length + result.failures.length > 0;
  if (outcome !== 0 && !isExplained) result.failures.push(how);
  return result;
}
