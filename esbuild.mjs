// Builds every bundle. `node esbuild.mjs [--watch] [--dev]`; --dev keeps names and adds source maps.
import { build, context } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledFile, packagesIn } from './.scripts/lib/notices.mjs';

const dev = process.argv.includes('--dev');
const watch = process.argv.includes('--watch');
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Upper bounds in bytes, minified. Shrink the bundle, or raise the number on purpose. */
const budgets = {
  'dist/extension.js': 310_000,
  'dist/core.js': 1_015_000,
  'dist/launcher.js': 150_000,
  'dist/stopHelper.js': 10_000,
  'dist/demoServer.js': 40_000,
  'dist/webview/metrics.js': 150_000,
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  absWorkingDir: import.meta.dirname,
  define: { __VERSION__: JSON.stringify(version) },
};

/** @type {import('esbuild').BuildOptions} */
// ES module entries first: jsonc-parser's other one requires its parts by computed names, which cannot be bundled.
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };

/** @type {import('esbuild').BuildOptions} */
const browser = { ...common, platform: 'browser', format: 'esm', target: 'es2022', tsconfig: 'webview/tsconfig.json' };

const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension/extension.ts' },
    outdir: 'dist',
    external: ['vscode'],
    target: 'node22',
  },
  { ...node, entryPoints: { core: 'src/core/main.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { launcher: 'src/launcher/main.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { stopHelper: 'src/stopHelper/main.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { demoServer: 'src/demoServer/main.ts' }, outdir: 'dist' },
  { ...browser, entryPoints: { metrics: 'webview/metrics/main.ts' }, outdir: 'dist/webview' },
];

// Not bundled: the database's module is loaded anew when it has to give memory back, so it stays a file of its own.
mkdirSync('dist', { recursive: true });
for (const file of ['sql-wasm.js', 'sql-wasm.wasm']) copyFileSync(`node_modules/sql.js/dist/${file}`, `dist/${file}`);

mkdirSync('out', { recursive: true });
if (watch) {
  for (const options of bundles) await (await context(options)).watch();
  console.log('watching');
} else {
  const outputs = {};
  for (const options of bundles) Object.assign(outputs, (await build(options)).metafile.outputs);
  let over = false;
  for (const [file, { bytes }] of Object.entries(outputs)) {
    const budget = budgets[file];
    if (dev || budget === undefined) continue;
    if (bytes > budget) {
      console.error(`${file}: ${bytes} bytes, over its budget of ${budget}`);
      over = true;
    }
  }
  writeFileSync(
    'out/bundles.json',
    JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([f, o]) => [f, o.bytes])), null, 2),
  );
  // Whose licences the package needs; sql.js is copied above.
  writeFileSync(bundledFile, JSON.stringify([...packagesIn(outputs), 'node_modules/sql.js'], null, 2));
  if (over) process.exit(1);
}
