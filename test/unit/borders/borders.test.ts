import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type IViolation } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Tree, clean, planted } from './planted.js';

const config = createRequire(import.meta.url)('../../../.config/dependency-cruiser.cjs') as IConfiguration;
const rules = (config.forbidden ?? []).map(({ name }) => name);

let root = '';
let violations: readonly IViolation[] = [];

function plant(tree: Tree): void {
  for (const [file, text] of Object.entries(tree)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** The rules that fired for any file of this tree, each once. */
function firedFor(tree: Tree): (string | undefined)[] {
  const files = Object.keys(tree);
  return [...new Set(violations.filter(({ from }) => files.includes(from)).map(({ rule }) => rule.name))];
}

beforeAll(async () => {
  // The real path, because dependency-cruiser would otherwise name files through the link that some systems have there.
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gsp-borders-')));
  plant(clean);
  for (const { tree } of planted) plant(tree);
  const { output } = await cruise(['src', 'webview', 'test'], {
    ...config.options,
    ruleSet: { forbidden: config.forbidden ?? [] },
    validate: true,
    baseDir: root,
  });
  if (typeof output === 'string') throw new Error(output);
  violations = output.summary.violations;
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the borders', () => {
  test('let a clean tree pass', () => {
    expect(firedFor(clean)).toEqual([]);
  });

  test.each(planted.map(({ rule, what, tree }) => [rule, what, tree] as const))('%s sees %s', (rule, _what, tree) => {
    expect(firedFor(tree)).toEqual([rule]);
  });

  test('every rule has a violation that proves it', () => {
    expect(new Set(planted.map(({ rule }) => rule))).toEqual(new Set(rules));
  });

  test('nothing else fired', () => {
    const known = planted.flatMap(({ tree }) => Object.keys(tree));
    expect(violations.filter(({ from }) => !known.includes(from))).toEqual([]);
  });
});
