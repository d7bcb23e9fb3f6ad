// `npm run check`: everything about the code that needs no running program. All checks run, also after one has failed.
//   npm run check -- --fix          lets eslint and prettier repair what they can
//   npm run check -- lint format    runs these alone
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { requireNode } from './lib/nodeVersion.mjs';
import { clone } from './lib/paths.mjs';
import { createSteps, seconds, tellFailure } from './lib/steps.mjs';

requireNode(['20.19', '22.13', '24.0']);

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const fix = process.argv.includes('--fix');

/** `lint` first: it takes longest, and the others run beside it. Arguments after the package are the tool's own. */
const checks = [
  {
    name: 'lint',
    tool: [
      'eslint',
      'eslint',
      '--config',
      '.config/eslint.config.mjs',
      '--max-warnings',
      '0',
      ...(fix ? ['--fix'] : []),
      '.',
    ],
  },
  { name: 'types', tool: ['typescript', 'tsc', '-b', '--pretty'] },
  {
    name: 'format',
    tool: [
      'prettier',
      'prettier',
      ...['--config', '.config/prettier.json', '--ignore-path', '.config/prettierignore', '--log-level', 'warn'],
      fix ? '--write' : '--check',
      '.',
    ],
  },
  {
    name: 'borders',
    tool: ['dependency-cruiser', 'depcruise', '--config', '.config/dependency-cruiser.cjs', 'src', 'webview', 'test'],
  },
  { name: 'unused', tool: ['knip', 'knip', '--config', '.config/knip.json', '--no-progress'] },
];

/** The JavaScript file behind a package's command, so that no shell and no .cmd file stands between. */
function program(packageName, command) {
  const folder = path.join(clone, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Runs one check with its output kept together, and prints it when it is done. */
function run({ name, tool: [packageName, command, ...args] }) {
  const began = performance.now();
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {};
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program(packageName, command), ...args], {
      cwd: clone,
      env: { ...process.env, ...color },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => (output += error.message));
    child.once('close', (code) => {
      const passed = code === 0;
      console.log(
        `${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${command} (${seconds(performance.now() - began)})`,
      );
      if (!passed) console.log(`${output.trim()}\n`);
      resolve({ name, passed });
    });
  });
}

const unknown = asked.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const { step } = createSteps(1, 'check');
try {
  await step('Packages', ensureDependencies);
} catch (error) {
  tellFailure(error);
  process.exit(1);
}
const began = performance.now();
const waiting = checks.filter(({ name }) => asked.length === 0 || asked.includes(name));
const results = [];
// Two tools that repair the same files take turns.
const lanes = fix ? 1 : Math.min(2, availableParallelism());
await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await run(next));
  }),
);
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
const verdict = failed.length === 0 ? 'all passed' : `failed: ${failed.join(', ')}`;
console.log(`${results.length} checks in ${seconds(performance.now() - began)}, ${verdict}`);
process.exitCode = failed.length === 0 ? 0 : 1;
