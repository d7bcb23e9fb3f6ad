// VS Code as the newcomer has it installed, if it is there and of an age that the extension supports.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { profileFolders } from './codeServer.mjs';
import { clone } from './paths.mjs';
import { onPath, start } from './run.mjs';

/** True when `version` (1.112.0) is at least what package.json asks for (^1.108.0). */
function isNewEnough(version) {
  const { engines } = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = engines.vscode.replace(/^\D*/, '').split('.').map(Number);
  return major === wantedMajor && minor >= wantedMinor;
}

/** Why the installed VS Code is not used, or undefined. */
export function whyNotDesktop(env = process.env) {
  const code = onPath('code', env);
  if (!code) return '`code` is not on PATH';
  if (env.CI) return 'CI is set';
  // In the terminal of a remote window, `code` only talks to that window.
  if (env.VSCODE_IPC_HOOK_CLI) return '`code` here belongs to a remote window';
  if (process.getuid?.() === 0) return 'VS Code does not start as root';
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  try {
    const [version] = execCode(code, ['--version']).split('\n');
    return isNewEnough(version) ? undefined : `VS Code ${version} is too old`;
  } catch {
    return '`code --version` failed';
  }
}

function execCode(code, args) {
  const shell = process.platform === 'win32'; // there it is a batch file
  return execFileSync(shell ? `"${code}"` : code, args, { encoding: 'utf8', timeout: 20_000, shell });
}

/**
 * Opens a window with the extension from this clone. A user-data folder of its own makes it a separate VS Code: one that
 * runs already would open the window with its own environment, and so on the newcomer's real data.
 */
export async function openDesktop({ root, folder, env }) {
  const code = onPath('code', env);
  const { userData, extensions } = profileFolders(root);
  const args = [`--extensionDevelopmentPath=${clone}`, '--user-data-dir', userData, '--extensions-dir', extensions];
  const shell = process.platform === 'win32';
  const quote = (word) => (shell ? `"${word}"` : word);
  const words = [...args, '--new-window', folder].map(quote);
  const child = start(quote(code), words, { env, stdio: 'ignore', shell });
  const result = await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  if (result !== 0) throw new Error(`\`code\` failed: ${result.message ?? `it ended with ${result}`}`);
}
