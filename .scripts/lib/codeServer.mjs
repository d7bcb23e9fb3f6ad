// Starts VS Code's server on a profile of its own, on this PC's loopback address only.
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signalTree, start } from './run.mjs';

const settingsFile = fileURLToPath(new URL('workbenchSettings.json', import.meta.url));
const quietArguments = [
  '--auth=none',
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
];

/** The folders of a profile below `root`. */
export function profileFolders(root) {
  const userData = path.join(root, 'user-data');
  return { userData, extensions: path.join(root, 'extensions') };
}

/**
 * Writes settings into the profile unless it has its own already: those that keep VS Code quiet, and more. It takes those
 * that belong to a machine from a file of their own when it runs as a server, and from the first one on the desktop.
 */
export function prepareSettings(root, { user = {}, machine = {} } = {}) {
  const quiet = JSON.parse(readFileSync(settingsFile, 'utf8'));
  const write = (folder, settings) => {
    const file = path.join(profileFolders(root).userData, folder, 'settings.json');
    if (existsSync(file)) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(settings, null, 2));
  };
  write('User', { ...quiet, ...machine, ...user });
  write('Machine', machine);
}

/**
 * Links an extension's source folder into the profile. The folder of extensions is made anew: VS Code keeps a list in it
 * from the first start on, and ignores whatever is linked later.
 */
export function linkExtension(root, source) {
  const { extensions } = profileFolders(root);
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(source, path.join(extensions, `${publisher}.${name}-${version}`), 'junction');
}

function commonArguments({ entry, root }) {
  const { userData, extensions } = profileFolders(root);
  const config = path.join(root, 'config.yaml'); // else it writes one into the user's home folder
  return [entry, '--user-data-dir', userData, '--extensions-dir', extensions, '--config', config];
}

/** Installs a packaged extension (.vsix) into the profile. */
export async function installVsix({ node, entry, root, vsix, env }) {
  mkdirSync(profileFolders(root).extensions, { recursive: true });
  const child = start(node, [...commonArguments({ entry, root }), '--install-extension', vsix], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`VS Code did not install ${vsix} (${code}):\n${said}`);
}

/**
 * Starts the server and waits until it listens. `port` 0 means any free one.
 *
 * @returns {Promise<{pid: number, url: string, exited: Promise<number | null>, stop(graceMs?: number): Promise<void>}>}
 */
export async function startCodeServer({ node, entry, root, folder, port = 0, args = [], env, logFile }) {
  const child = start(
    node,
    [...commonArguments({ entry, root }), `--bind-addr=127.0.0.1:${port}`, ...quietArguments, ...args, folder],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = createWriteStream(logFile, { flags: 'a' });
  const exited = new Promise((resolve) => child.once('close', resolve));
  void exited.then(() => log.end());
  let said = '';
  const listening = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code did not listen within 60 s:\n${said}`)), 60_000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        log.write(data);
        if (said === undefined) return;
        said += data;
        const found = /server listening on (http:\/\/[^/\s]+)/.exec(said);
        if (!found) return;
        said = undefined;
        clearTimeout(timer);
        resolve(found[1]);
      });
    }
    child.once('error', reject);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code ended with ${code} before it listened:\n${said}`));
    });
  });
  const stop = async (graceMs = 8_000) => {
    signalTree(child, 'SIGTERM');
    const inTime = await Promise.race([exited.then(() => true), pause(graceMs, false)]);
    if (!inTime) signalTree(child, 'SIGKILL');
    await exited;
  };
  try {
    return { pid: child.pid, url: await listening, exited, stop };
  } catch (error) {
    signalTree(child, 'SIGKILL');
    throw error;
  }
}
