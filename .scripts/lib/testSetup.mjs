// What tests need beside Node: each part is set up once, and says why when it cannot be had on this machine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBrowser, ensureKoreanFont } from './browser.mjs';
import { ensureFlyingSquid } from './flyingSquid.mjs';
import { ensureGameServers } from './gameServers.mjs';
import { clone, out } from './paths.mjs';
import { Interrupted, run } from './run.mjs';
import { ensureSqlite } from './sqlite.mjs';
import { ensureKoffi } from './koffi.mjs';
import { ensureSystemBus } from './systemBus.mjs';
import { ensureVscode } from './vscode.mjs';
import { ensureWindows } from './wine.mjs';

/**
 * Each returns the environment for the tests. What it names in `missing`, by the last part of a GSP_SKIP_ variable, or
 * throws, becomes the reason for which tests of it are skipped.
 */
const parts = {
  sqlite: {
    title: 'SQLite',
    skip: 'SQLITE',
    async prepare(progress) {
      return { env: { GSP_SQLITE: await ensureSqlite(progress) } };
    },
  },
  games: {
    title: 'Game servers',
    skip: 'GAMES',
    prepare: ensureGameServers,
  },
  bus: {
    title: 'System bus',
    skip: 'BUS',
    async prepare(progress) {
      await ensureSystemBus(progress);
      return { env: {} };
    },
  },
  windows: {
    title: 'Windows',
    skip: 'WINDOWS',
    async prepare(progress) {
      const arch = process.platform === 'win32' ? process.arch : 'x64';
      return { env: { ...(await ensureWindows(progress)), GSP_KOFFI: await ensureKoffi(arch, progress) } };
    },
  },
  minecraft: {
    title: 'Minecraft server',
    // Whoever asks for these tests by name wants to hear when they cannot run.
    async prepare(progress) {
      return { env: { GSP_FLYING_SQUID: await ensureFlyingSquid(progress) } };
    },
  },
  browser: {
    title: 'Browser',
    skip: 'BROWSER',
    async prepare(progress) {
      const { browser, text } = await ensureBrowser(progress);
      return { env: { GSP_CHROME: browser, GSP_KOREAN_FONT: await ensureKoreanFont(progress) }, text };
    },
  },
  vscode: {
    title: 'VS Code for the browser',
    skip: 'VSCODE',
    async prepare(progress) {
      const { home, node, entry, version, withoutLogs, text } = await ensureVscode(progress);
      const env = {
        GSP_VSCODE_HOME: home,
        GSP_VSCODE_NODE: node,
        GSP_VSCODE_ENTRY: entry,
        GSP_VSCODE_VERSION: version,
      };
      return { env, text, missing: withoutLogs ? { VSCODE_LOGS: withoutLogs } : {} };
    },
  },
  package: {
    title: 'Package',
    // Nothing but the code decides whether it can be packed: that is a failure, never a skip.
    async prepare({ log }) {
      await run(process.execPath, ['.scripts/package.mjs'], { cwd: clone, log });
      const { name, version } = JSON.parse(readFileSync(path.join(clone, 'package.json'), 'utf8'));
      const file = path.join(out, `${name}-${version}.vsix`);
      return { env: { GSP_VSIX: file }, text: path.relative(clone, file) };
    },
  },
};

/** Those that the projects need, in a fixed order. */
export function neededParts(projects) {
  return Object.keys(parts).filter((name) => projects.some(({ needs }) => needs.includes(name)));
}

/**
 * Sets the parts up, one step each. A GSP_SKIP_ variable in the environment leaves its part out.
 *
 * @returns {Promise<{env: Record<string, string>, skips: Record<string, string>, failures: string[]}>}
 */
export async function prepareParts(names, step) {
  const result = { env: {}, skips: {}, failures: [] };
  for (const name of names) {
    const { title, skip, prepare } = parts[name];
    const asked = skip && process.env[`GSP_SKIP_${skip}`];
    if (asked) {
      result.skips[skip] = asked;
      continue;
    }
    try {
      await step(title, async (progress) => {
        const { env, missing = {}, text } = await prepare(progress);
        Object.assign(result.env, env);
        Object.assign(result.skips, missing);
        return text;
      });
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const reason = error.log ? `${error.message}, see ${error.log}` : error.message;
      if (skip) result.skips[skip] = reason;
      else result.failures.push(`${title}: ${reason}`);
    }
  }
  return result;
}
