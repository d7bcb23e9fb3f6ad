// npm test: sets up whatever the tests need, runs them project by project, and says what came of it in one last line.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, ensureDependencies } from './dependencies.mjs';
import { onInterrupt } from './interrupt.mjs';
import { clone, out } from './paths.mjs';
import { canFindProcesses } from './processes.mjs';
import { projects } from './projects.mjs';
import { endRunning } from './run.mjs';
import { createSteps, seconds, tellFailure } from './steps.mjs';
import { runProject } from './testProject.mjs';
import { TestRun } from './testRun.mjs';
import { neededParts, prepareParts } from './testSetup.mjs';
import { runWindowsTests } from './windowsTests.mjs';

const reports = path.join(out, 'test');
const summaryFile = path.join(reports, 'summary.txt');

const onlyByName = projects.filter(({ byName }) => byName).map(({ name }) => name);
const help = `npm test [-- [project…] [-- word…]]
  project   ${projects.map(({ name }) => name).join(', ')};
            all but ${onlyByName.join(', ')} when none is named
  word      what vitest shall look for in file names, or options for it`;

/** `unit core -- ownership`: projects, then words for vitest. */
function parseArguments(words) {
  const end = words.indexOf('--');
  const names = end < 0 ? words : words.slice(0, end);
  const unknown = names.filter((name) => !projects.some((project) => project.name === name));
  if (unknown.length > 0) throw new Error(`There is no project ${unknown.join(', ')}.\n${help}`);
  const chosen = projects.filter(({ name, byName }) => (names.length === 0 ? !byName : names.includes(name)));
  return { chosen, filter: end < 0 ? [] : words.slice(end + 1) };
}

/** Returns true when nothing failed. */
export async function main(words) {
  const { chosen, filter } = parseArguments(words);
  const total = { passed: 0, failed: 0, skipped: 0 };
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const run = new TestRun();
  listenForEnd(run);
  let isGood = false;
  try {
    isGood = await runAll(run, { chosen, filter, total });
  } catch (error) {
    total.failed++;
    tellFailure(error);
  } finally {
    run.remove();
  }
  const summary = `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
  writeFileSync(summaryFile, `${summary}\n`);
  console.log(summary);
  return isGood && total.failed === 0;
}

async function runAll(run, { chosen, filter, total }) {
  const needed = neededParts(chosen);
  const { step } = createSteps(2 + needed.length, 'test');
  await step('Packages', ensureDependencies);
  await step('Build', build);
  const { env, skips, failures } = await prepareParts(needed, step);
  for (const [part, reason] of Object.entries(skips)) console.log(`Not on this machine: ${part}: ${reason}`);
  const skipEnv = Object.fromEntries(Object.entries(skips).map(([part, reason]) => [`GSP_SKIP_${part}`, reason]));
  const faults = [...failures];
  const skipped = [];
  total.failed += failures.length;

  for (const project of chosen) {
    const began = performance.now();
    console.log(`\n── ${project.name} ${'─'.repeat(60 - project.name.length)}`);
    const options = { filter, reports, env: run.environment({ ...env, ...skipEnv }) };
    const result = await (project.onWindows ? runWindowsTests(options) : runProject(project, options));
    const wrong = [...result.failures, ...(await run.takeLeftovers())];
    const executed = result.passed + result.failed.length;
    if (executed === 0 && wrong.length === 0 && filter.length === 0 && process.env.CI)
      wrong.push('no test was executed');
    const failed = result.failed.length + wrong.length;
    total.passed += result.passed;
    total.failed += failed;
    total.skipped += result.skipped.length;
    skipped.push(...result.skipped);
    // Named once more at the end: of a long run, that is what people see.
    faults.push(...[...result.failed, ...wrong].map((fault) => `${project.name}: ${fault}`));
    const counts = `${result.passed} passed, ${failed} failed, ${result.skipped.length} skipped`;
    console.log(`${project.name}: ${counts} in ${seconds(performance.now() - began)}`);
    for (const fault of wrong) console.log(`  FAILED  ${fault}`);
  }
  return conclude({ skips, skipped, faults, total, filter });
}

function conclude({ skips, skipped, faults, total, filter }) {
  console.log(`\n── result ${'─'.repeat(54)}`);
  for (const fault of faults) console.log(`FAILED  ${fault}`);
  for (const test of skipped) console.log(`skipped  ${test}`);
  for (const [part, reason] of Object.entries(skips)) console.log(`not on this machine  ${part}: ${reason}`);
  if (!canFindProcesses) console.log(`On ${process.platform}, processes that tests leave running are not looked for`);
  const screenshots = path.relative(clone, path.join(reports, 'screenshots'));
  console.log(`Reports: ${path.relative(clone, reports)}, screenshots: ${screenshots}`);
  if (total.passed + total.failed === 0 && filter.length > 0) {
    console.log(`FAILED  no test matches ${filter.join(' ')}`);
    return false;
  }
  if (process.env.CI && total.skipped > 0) {
    console.log('FAILED  in CI no test may be skipped');
    return false;
  }
  return true;
}

function listenForEnd(run) {
  const end = () => {
    endRunning('SIGKILL');
    void run.killProcesses().then(() => {
      run.remove();
      console.log('\nInterrupted; what was running has been ended.');
      process.exit(130);
    });
  };
  onInterrupt({ first: end, again: () => process.exit(130) });
}
