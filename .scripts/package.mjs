// `npm run package`: builds for production and packs a VSIX, out/game-server-panel-<version>.vsix, or with --target one for
// each system named.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build, ensureDependencies } from './lib/dependencies.mjs';
import { ensureKoffi } from './lib/koffi.mjs';
import { withLock } from './lib/lock.mjs';
import { requireNode } from './lib/nodeVersion.mjs';
import { bundledFile, notices } from './lib/notices.mjs';
import { help, packageName, parseArguments, windowsArch } from './lib/packageTargets.mjs';
import { clone, out } from './lib/paths.mjs';
import { createSteps, tellFailure } from './lib/steps.mjs';

requireNode(['20.19', '22.13', '24.0']);

const manifest = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

async function buildFresh(progress) {
  // Leftovers of a development build (source maps, bundles that are gone) must not ship.
  rmSync(path.join(clone, 'dist'), { recursive: true, force: true, maxRetries: 5 });
  return build(progress);
}

/** Packs one target; returns its file. */
async function packTarget(target, files, progress) {
  const { pack } = await import('./lib/packing.mjs');
  const arch = windowsArch(target);
  const folders = JSON.parse(readFileSync(path.join(clone, bundledFile), 'utf8'));
  const koffi = arch === undefined ? undefined : await ensureKoffi(arch, progress);
  const file = path.join(out, packageName(manifest, target));
  mkdirSync(out, { recursive: true });
  await pack(
    {
      target,
      files,
      notices: notices(arch === undefined ? folders : [...folders, 'node_modules/koffi']),
      koffi,
      folder: path.join(out, 'package', target),
      file,
    },
    progress,
  );
  return file;
}

/** Prints what is in the package; returns what is wrong with it. */
async function inspect(file, target) {
  // Only now, because it needs vsce, which may have been installed just before.
  const { maxBytes, packageFaults, readPackage } = await import('./lib/vsix.mjs');
  const entries = readPackage(file).sort((a, b) => b.bytes - a.bytes);
  console.log(`\n${path.relative(clone, file)}`);
  for (const { name, bytes, packed } of entries) {
    console.log(`${kilobytes(bytes).padStart(10)} ${kilobytes(packed).padStart(10)} packed  ${name}`);
  }
  console.log(`${entries.length} files, ${kilobytes(statSync(file).size)} of at most ${kilobytes(maxBytes)}`);
  return packageFaults(file, manifest, target);
}

async function main(targets) {
  const { step } = createSteps(2 + targets.length, 'package');
  await step('Packages', ensureDependencies);
  await step('Production build', buildFresh);
  const { listPackaged } = await import('./lib/vsix.mjs');
  const files = await listPackaged();
  const packed = [];
  for (const target of targets) {
    await step(`VSIX, ${target}`, async (progress) => {
      const file = await packTarget(target, files, progress);
      packed.push({ target, file });
      return path.relative(clone, file);
    });
  }
  let isGood = true;
  for (const { target, file } of packed) {
    for (const fault of await inspect(file, target)) {
      console.error(`FAILED  ${fault}`);
      isGood = false;
    }
  }
  return isGood;
}

try {
  const targets = parseArguments(process.argv.slice(2));
  if (targets === undefined) console.log(help);
  else {
    mkdirSync(out, { recursive: true });
    // Each begins by emptying dist.
    const isGood = await withLock(
      path.join(out, 'package.lock'),
      () => main(targets),
      (pid) => console.log(`Waiting for another run (process ${pid}) that is packing`),
    );
    process.exitCode = isGood ? 0 : 1;
  }
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
