// `npm run package`: builds for production and packs one VSIX for every platform, out/game-server-panel-<version>.vsix.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build, ensureDependencies } from './lib/dependencies.mjs';
import { requireNode } from './lib/nodeVersion.mjs';
import { clone, out } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { createSteps, tellFailure } from './lib/steps.mjs';

requireNode(['20.19', '22.13', '24.0']);

const manifest = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
const file = path.join(out, `${manifest.name}-${manifest.version}.vsix`);
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

async function buildFresh(progress) {
  // Leftovers of a development build (source maps, bundles that are gone) must not ship.
  rmSync(path.join(clone, 'dist'), { recursive: true, force: true });
  return build(progress);
}

async function pack({ log }) {
  mkdirSync(out, { recursive: true });
  rmSync(file, { force: true });
  const vsce = path.join('node_modules', '@vscode', 'vsce', 'vsce');
  // The README's links are read inside VS Code; there is no public repository to rewrite them to.
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
  await run(process.execPath, [vsce, 'package', ...options], { cwd: clone, log, timeoutMs: 120_000 });
  return path.relative(clone, file);
}

/** Prints what is in the package; returns what is wrong with it. */
async function inspect() {
  // Only now, because it needs vsce, which may have been installed just before.
  const { faults, maxBytes, readPackage } = await import('./lib/vsix.mjs');
  const entries = readPackage(file).sort((a, b) => b.bytes - a.bytes);
  const { size } = statSync(file);
  for (const { name, bytes, packed } of entries) {
    console.log(`${kilobytes(bytes).padStart(10)} ${kilobytes(packed).padStart(10)} packed  ${name}`);
  }
  console.log(`${entries.length} files, ${kilobytes(size)} of at most ${kilobytes(maxBytes)}`);
  const wrong = faults(
    entries.map(({ name }) => name),
    manifest,
  );
  return size > maxBytes ? [...wrong, 'the package is too big'] : wrong;
}

try {
  const { step } = createSteps(3, 'package');
  await step('Packages', ensureDependencies);
  await step('Production build', buildFresh);
  await step('VSIX', pack);
  const wrong = await inspect();
  for (const fault of wrong) console.error(`FAILED  ${fault}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
