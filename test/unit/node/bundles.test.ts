import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { installBundles } from '../../../src/node/bundles.js';
import { failing, thrownBy } from './support/failing.js';
import { useTempFolder } from './support/tempFolder.js';

const at = useTempFolder();
const names = ['core.js', 'demoServer.js', 'launcher.js', 'sql-wasm.js', 'sql-wasm.wasm', 'stopHelper.js'];
const install = (version = '1.0.0') => installBundles({ from: at('dist'), dataDir: at('data'), version });

beforeEach(() => {
  fs.mkdirSync(at('dist'));
  for (const name of names) fs.writeFileSync(at('dist', name), `// ${name}`);
  fs.writeFileSync(at('dist', 'extension.js'), '// runs in VS Code');
});

describe('installBundles', () => {
  test('copies what runs outside VS Code, and nothing else', () => {
    const installed = install();
    expect(installed.dir).toBe(at('data', 'bin', '1.0.0'));
    expect(fs.readdirSync(installed.dir).sort()).toEqual([...names, 'package.json'].sort());
    for (const key of ['core', 'launcher', 'demoServer'] as const) {
      expect(fs.readFileSync(installed[key], 'utf8')).toBe(`// ${path.basename(installed[key])}`);
    }
  });

  test('says in place that they are CommonJS, whatever is written above', () => {
    fs.mkdirSync(at('data'));
    fs.writeFileSync(at('data', 'package.json'), '{ "type": "module" }');
    const near = JSON.parse(fs.readFileSync(path.join(install().dir, 'package.json'), 'utf8')) as unknown;
    expect(near).toEqual({ type: 'commonjs' });
  });

  test('leaves alone what is the same already: a process may be starting from it', () => {
    const { core } = install();
    const before = fs.statSync(core);
    install();
    expect(fs.statSync(core).ino).toBe(before.ino);
    expect(fs.statSync(core).mtimeMs).toBe(before.mtimeMs);
  });

  test('replaces what has changed, as a whole: who has the old one open keeps it', () => {
    const { core } = install();
    const open = fs.openSync(core, 'r');
    fs.writeFileSync(at('dist', 'core.js'), '// a newer one');
    install();
    expect(fs.readFileSync(core, 'utf8')).toBe('// a newer one');
    expect(fs.readFileSync(open, 'utf8')).toBe('// core.js');
    fs.closeSync(open);
  });

  test('mends what somebody has damaged', () => {
    const { launcher } = install();
    fs.writeFileSync(launcher, '');
    install();
    expect(fs.readFileSync(launcher, 'utf8')).toBe('// launcher.js');
  });

  test('keeps the versions apart', () => {
    const old = install('1.0.0');
    fs.writeFileSync(at('dist', 'core.js'), '// a newer one');
    const current = install('1.1.0');
    expect(fs.readFileSync(old.core, 'utf8')).toBe('// core.js');
    expect(fs.readFileSync(current.core, 'utf8')).toBe('// a newer one');
  });

  test.each(names)('names %s when it is missing', (name) => {
    fs.rmSync(at('dist', name));
    expect(thrownBy(install)).toSatisfy(failing('command-not-found', { file: at('dist', name) }));
  });

  test('says io where it cannot write', () => {
    fs.writeFileSync(at('data'), 'a file in the way');
    expect(thrownBy(install)).toSatisfy(failing('io', { file: at('data', 'bin', '1.0.0'), detail: 'ENOTDIR' }));
  });
});
