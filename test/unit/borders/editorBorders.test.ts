import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';

interface Borders {
  readonly packageHomes: readonly { readonly packages: readonly string[]; readonly homes: readonly string[] }[];
}

const root = join(import.meta.dirname, '../../..');
const { packageHomes } = createRequire(import.meta.url)('../../../.config/borders.cjs') as Borders;
let eslint: ESLint;

/** Whether eslint stops this import in this file, as an editor shows it. */
async function isClosed(file: string, imported: string): Promise<boolean> {
  const config = (await eslint.calculateConfigForFile(join(root, file))) as {
    rules: Record<string, [unknown, { patterns: { regex: string }[] }] | undefined>;
  };
  const patterns = config.rules['no-restricted-imports']?.[1].patterns ?? [];
  return patterns.some(({ regex }) => new RegExp(regex, 'u').test(imported));
}

beforeAll(() => {
  eslint = new ESLint({ cwd: root, overrideConfigFile: join(root, '.config/eslint.config.mjs') });
});

describe('the borders in the editor', () => {
  const cases = packageHomes.flatMap(({ packages, homes }) => packages.map((name) => [name, homes] as const));

  test.each(cases)('%s is open at home', async (name, homes) => {
    for (const home of homes) {
      const places = home.endsWith('/') ? [`${home}new.ts`, `${home}deep/new.ts`] : [home];
      for (const place of places) expect(await isClosed(place, name), place).toBe(false);
    }
  });

  test.each(cases)('%s is closed elsewhere, with or without a path or node:', async (name) => {
    const imports = [name, `${name}/part.js`, ...(name === 'child_process' ? ['node:child_process'] : [])];
    for (const imported of imports) {
      expect(await isClosed('src/shared/new.ts', imported), imported).toBe(true);
      expect(await isClosed('src/demoServer/new.ts', imported), imported).toBe(true);
    }
  });

  test.each([
    ['src/core/games/palworld/new.ts', '../../../extension/tree.js'],
    ['src/core/compose.ts', '../launcher/main.js'],
    ['src/extension/new.ts', '../core/ports.js'],
    ['src/extension/new.ts', '../../webview/shared/kit.js'],
    ['src/node/new.ts', '../core/ports.js'],
    ['webview/metrics/new.ts', '../../src/extension/panel.js'],
    ['src/core/games/new.ts', '../store/store.js'],
    ['src/core/lifecycle/new.ts', '../compose.js'],
  ])('%s may not import %s', async (file, imported) => {
    expect(await isClosed(file, imported)).toBe(true);
  });

  test.each([
    ['src/core/compose.ts', './store/store.js'],
    ['src/core/games/new.ts', '../ports.js'],
    ['src/core/games/palworld/new.ts', '../registry.js'],
    ['src/core/launcherLink/new.ts', '../../node/peer.js'],
    ['src/extension/tree/new.ts', '../coreClient.js'],
    ['webview/metrics/new.ts', '../../src/shared/model.js'],
    ['test/unit/new.test.ts', '../../src/core/compose.js'],
    ['test/unit/new.test.ts', 'vscode-jsonrpc/node'],
  ])('%s may import %s', async (file, imported) => {
    expect(await isClosed(file, imported)).toBe(false);
  });
});
