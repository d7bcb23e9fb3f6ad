import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { faults, listPackaged, namedIn } from '../../.scripts/lib/vsix.mjs';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as object;

/** Bundles come and go with builds; `npm run package` makes them anew and looks at them in the finished package. */
const isBuilt = (fault: string): boolean => fault.startsWith('dist/');

describe('the package', () => {
  let files: string[] = [];
  beforeAll(async () => {
    files = await listPackaged();
  });

  test('holds what it must and nothing else', () => {
    expect(faults(files, manifest).filter((fault) => !isBuilt(fault))).toEqual([]);
  });

  test.each(['src/', 'test/', 'webview/', 'docs/', 'node_modules/', 'out/', '.'])('holds nothing of %s', (start) => {
    expect(files.filter((file) => file.startsWith(start))).toEqual([]);
  });
});

describe('faults', () => {
  const complete = [
    ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
    ...['dist/core.js', 'dist/demoServer.js', 'dist/extension.js', 'dist/launcher.js'],
    ...['dist/sql-wasm.js', 'dist/sql-wasm.wasm', 'dist/stopHelper.js'],
  ];

  test('finds none in a complete package', () => {
    expect(faults([...complete, 'l10n/bundle.l10n.ko.json', 'dist/webview/metrics.js'], {})).toEqual([]);
  });

  test.each([
    'dist/core.js.map',
    '.env',
    'run/token',
    'dist/webview/metrics.js.map',
    'media/notes.md',
    'src/core/main.ts',
  ])('says that %s must not ship', (file) => {
    expect(faults([...complete, file], {})).toEqual([`${file} must not ship`]);
  });

  test('says what the manifest names and nobody packed', () => {
    const icons = { icon: './media/icon.png', contributes: { commands: [{ icon: { dark: 'media/dark/start.svg' } }] } };
    expect(namedIn(icons)).toEqual(['media/icon.png', 'media/dark/start.svg']);
    expect(faults([...complete, 'media/icon.png'], icons)).toEqual(['media/dark/start.svg is missing']);
  });
});
