// Run from the repository's root: `eslint --config .config/eslint.config.mjs`; every path below starts there.
import { join } from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import borders from './borders.cjs';

const root = join(import.meta.dirname, '..');
const typescript = ['src/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts'];
const javascript = ['**/*.mjs', '**/*.cjs', '**/*.js'];
const tests = ['test/**/*.ts', '**/*.test.ts', '**/*.demo.ts'];

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** @param {string} place a folder ending in a slash, or a file */
function packagesClosedTo(place) {
  return borders.packageHomes
    .filter(({ homes }) => !homes.some((home) => place.startsWith(home)))
    .map(({ packages, why }) => ({ regex: `^(node:)?(${packages.map(literally).join('|')})(/|$)`, message: why }));
}

/** Processes that this place may not import: all but its own. @param {string} place */
function processesClosedTo(place) {
  const closed = borders.processes.filter((name) => !place.startsWith(`src/${name}/`));
  const pages = place.startsWith('webview/') ? [] : ['webview'];
  return {
    regex: `^(\\.\\./)+(src/)?(${[...closed, ...pages].join('|')})/`,
    message:
      'Processes meet at run time only, by a path and a contract; put what both need into src/shared or src/node.',
  };
}

const partsApart = {
  regex: '^\\.\\./(?!\\.\\./|ports(\\.js$|/))',
  message: 'Parts of the core import ports, their own folder, src/shared and src/node; they meet in compose.ts.',
};

/**
 * The quick half of the borders, said while typing; dependency-cruiser is the exact one. Of several blocks that match a
 * file the last one counts, so the places go from the general to the particular.
 */
const places = ['src/shared/', 'src/node/', ...borders.processes.map((name) => `src/${name}/`), 'webview/'];
const homes = [...new Set(borders.packageHomes.flatMap((home) => home.homes))].filter((home) => !places.includes(home));
const borderRules = [...places, ...homes].flatMap((place) => {
  const patterns = [...packagesClosedTo(place), processesClosedTo(place)];
  const isPart = place.startsWith('src/core/') && place !== 'src/core/';
  const block = (/** @type {string} */ files, /** @type {object[]} */ all) => ({
    files: [files],
    ignores: tests,
    rules: { 'no-restricted-imports': ['error', { patterns: all }] },
  });
  return [
    block(place.endsWith('/') ? `${place}**/*.ts` : place, patterns),
    ...(place === 'src/core/' ? [block('src/core/!(ports|service)/*.ts', [...patterns, partsApart])] : []),
    ...(isPart ? [block(`${place}*.ts`, [...patterns, partsApart])] : []),
  ];
});

/** What eslint itself recommends and TypeScript does not already say. */
const careful = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-async-promise-executor': 'error',
  'no-case-declarations': 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-control-regex': 'error',
  'no-debugger': 'error',
  'no-duplicate-case': 'error',
  'no-else-return': 'error',
  'no-empty': ['error', { allowEmptyCatch: true }],
  'no-empty-pattern': 'error',
  'no-fallthrough': 'error',
  'no-irregular-whitespace': 'error',
  'no-misleading-character-class': 'error',
  'no-prototype-builtins': 'error',
  'no-regex-spaces': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-unreachable-loop': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-backreference': 'error',
  'no-useless-catch': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
};

export default defineConfig(
  globalIgnores(['dist/', 'out/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  { files: [...typescript, ...javascript], rules: careful },
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      // A thenable of VS Code that nobody waits for swallows its error just as a promise does.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          checkThenables: true,
          // Its runner waits for them.
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'afterEach', 'beforeEach'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // `import { type A } from` would keep an import at run time for a type alone.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // A default branch is a decision about the members to come; without one, each member is named.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers in text are what they look like; booleans, null and objects are not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          ...{ allowAny: false, allowBoolean: false, allowNever: false, allowNullish: false, allowRegExp: false },
          allowNumber: true,
        },
      ],
      // `return fail('…')` ends a function early in one line; the compiler already keeps void from being used as a value.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A method of a port is async also where one implementation has nothing to wait for: its throw becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      // It takes a flag read before an await for still true after it, and would have exactly those second looks deleted.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // For text, "empty" mostly means the same as "none".
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // The contract names requests without a result: `result: void` reads as such.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: false, skipComments: false }],
    },
  },
  ...borderRules,
  {
    // What these processes print is read by a parent as protocol (the ready line) or by nobody: they log through a port.
    files: ['src/**/*.ts'],
    ignores: ['src/*/main.ts', 'src/demoServer/**', ...tests],
    rules: { 'no-console': 'error' },
  },
  {
    // VS Code declares as classes what it takes as shapes: any object with dispose() is a Disposable to it.
    files: ['src/extension/**/*.ts', ...tests],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      // A test that meets undefined fails right there, which is what is wanted.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // `expect(port.stop).toHaveBeenCalled()` names a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Tool configs in TypeScript belong to no project; they are read, not type-checked.
    files: ['.config/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: careful,
  },
  {
    files: javascript,
    languageOptions: {
      ecmaVersion: 2024,
      globals: Object.fromEntries(
        [
          ...['AbortController', 'AbortSignal', 'Buffer', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams'],
          ...['clearImmediate', 'clearInterval', 'clearTimeout', 'setImmediate', 'setInterval', 'setTimeout'],
          ...['console', 'fetch', 'performance', 'process', 'queueMicrotask', 'structuredClone'],
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-redeclare': 'error',
      'no-unreachable': 'error',
    },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
);
