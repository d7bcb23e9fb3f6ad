import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { notices, packagesIn } from '../../.scripts/lib/notices.mjs';
import { packageName, parseArguments } from '../../.scripts/lib/packageTargets.mjs';
import { pack } from '../../.scripts/lib/packing.mjs';
import {
  addedFiles,
  faults,
  listPackaged,
  namedIn,
  nativeFaults,
  packageFaults,
  readPackage,
} from '../../.scripts/lib/vsix.mjs';
import { useTempFolder } from './node/support/tempFolder.js';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  name: string;
  version: string;
};

/** As much of a library for Windows as tells its machine. */
function library(machine: number): Buffer {
  const content = Buffer.alloc(0x100);
  content.write('MZ', 0, 'latin1');
  content.writeUInt32LE(0x80, 0x3c);
  content.write('PE\0\0', 0x80, 'latin1');
  content.writeUInt16LE(machine, 0x84);
  return content;
}

/** Bundles come and go with builds; `npm run package` makes them anew and looks at them in the finished package. */
const isBuilt = (fault: string): boolean => fault.startsWith('dist/');

describe('the package', () => {
  let files: string[] = [];
  beforeAll(async () => {
    files = await listPackaged();
  });

  test('holds what it must and nothing else', () => {
    expect(
      faults([...files, ...addedFiles('universal')], manifest, 'universal').filter((fault) => !isBuilt(fault)),
    ).toEqual([]);
  });

  test.each(['src/', 'test/', 'webview/', 'docs/', 'node_modules/', 'out/', '.'])('holds nothing of %s', (start) => {
    expect(files.filter((file) => file.startsWith(start))).toEqual([]);
  });
});

describe('faults', () => {
  const complete = [
    ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
    ...['dist/core.js', 'dist/demoServer.js', 'dist/extension.js', 'dist/launcher.js'],
    ...['dist/sql-wasm.js', 'dist/sql-wasm.wasm', 'dist/stopHelper.js', 'THIRD-PARTY-NOTICES.txt'],
  ];

  test('finds none in a complete package', () => {
    expect(faults([...complete, 'l10n/bundle.l10n.ko.json', 'dist/webview/metrics.js'], {}, 'universal')).toEqual([]);
  });

  test.each([
    'dist/core.js.map',
    '.env',
    'run/token',
    'dist/webview/metrics.js.map',
    'media/notes.md',
    'src/core/main.ts',
  ])('says that %s must not ship', (file) => {
    expect(faults([...complete, file], {}, 'universal')).toEqual([`${file} must not ship`]);
  });

  test('says what the manifest names and nobody packed', () => {
    const icons = { icon: './media/icon.png', contributes: { commands: [{ icon: { dark: 'media/dark/start.svg' } }] } };
    expect(namedIn(icons)).toEqual(['media/icon.png', 'media/dark/start.svg']);
    expect(faults([...complete, 'media/icon.png'], icons, 'universal')).toEqual(['media/dark/start.svg is missing']);
  });

  test.each(['universal', 'linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])(
    'lets nothing that calls Windows into a package for %s',
    (target) => {
      expect(faults(complete, {}, target)).toEqual([]);
      expect(faults([...complete, 'dist/koffi.node'], {}, target)).toEqual(['dist/koffi.node must not ship']);
    },
  );

  test.each(['win32-x64', 'win32-arm64'])('misses what calls Windows in a package for %s', (target) => {
    expect(faults(complete, {}, target)).toEqual(['dist/koffi.node is missing']);
    expect(faults([...complete, 'dist/koffi.node'], {}, target)).toEqual([]);
  });

  test('misses the licences of others', () => {
    const without = complete.filter((file) => file !== 'THIRD-PARTY-NOTICES.txt');
    expect(faults(without, {}, 'universal')).toEqual(['THIRD-PARTY-NOTICES.txt is missing']);
  });
});

describe('nativeFaults', () => {
  test('takes a library of the architecture of its target only', () => {
    expect(nativeFaults(library(0x8664), 'win32-x64')).toEqual([]);
    expect(nativeFaults(library(0xaa64), 'win32-arm64')).toEqual([]);
    expect(nativeFaults(library(0xaa64), 'win32-x64')).toEqual(['dist/koffi.node is for arm64, not for win32-x64']);
    expect(nativeFaults(library(0x14c), 'win32-x64')).toEqual(['dist/koffi.node is for 0x14c, not for win32-x64']);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a program for Linux', Buffer.from(`\x7fELF${'\0'.repeat(200)}`, 'latin1')],
    ['one that was cut off', library(0x8664).subarray(0, 0x41)],
  ])('refuses %s', (_, content) => {
    expect(nativeFaults(content, 'win32-x64')).toEqual(['dist/koffi.node is not a library for Windows']);
  });
});

describe('what is asked of npm run package', () => {
  test('without a target it is the one for every system, named as ever', () => {
    expect(parseArguments([])).toEqual(['universal']);
    expect(packageName({ name: 'panel', version: '1.2.3' }, 'universal')).toBe('panel-1.2.3.vsix');
  });

  test('takes targets in both spellings, each once', () => {
    const words = ['--target', 'win32-arm64', '--target=linux-x64', '--target', 'win32-arm64'];
    expect(parseArguments(words)).toEqual(['win32-arm64', 'linux-x64']);
    expect(packageName({ name: 'panel', version: '1.2.3' }, 'win32-arm64')).toBe('panel-1.2.3-win32-arm64.vsix');
  });

  test('all are six, and the universal one beside them where it is named', () => {
    expect(parseArguments(['--target', 'all'])).toHaveLength(6);
    expect(parseArguments(['--target', 'all', '--target', 'universal'])).toHaveLength(7);
  });

  test('--help is help, whatever else is said', () => {
    expect(parseArguments(['--target', 'win32-x64', '--help'])).toBeUndefined();
  });

  test.each([
    [['--target', 'win32-ia32'], 'There is no target win32-ia32'],
    [['--target'], '--target needs a name'],
    [['win32-x64'], 'win32-x64 is not known here'],
  ])('%j is refused', (words, message) => {
    expect(() => parseArguments(words)).toThrow(message);
  });
});

describe('the licences of others', () => {
  const at = useTempFolder();

  test('are told for what is left in a bundle', () => {
    const outputs = {
      'dist/core.js': {
        inputs: {
          'src/core/main.ts': { bytesInOutput: 10 },
          'node_modules/valibot/dist/index.mjs': { bytesInOutput: 5 },
          'node_modules/undici/node_modules/@scope/part/index.js': { bytesInOutput: 5 },
          'node_modules/pidusage/index.js': { bytesInOutput: 0 },
        },
      },
    };
    expect(packagesIn(outputs)).toEqual(['node_modules/undici/node_modules/@scope/part', 'node_modules/valibot']);
  });

  test('stand with the name and the version of what they are for, and of what that contains', () => {
    const text = notices(['node_modules/undici', 'node_modules/koffi']);
    for (const title of [
      /^undici \d+\.\d+/m,
      /^llhttp \(in undici\)$/m,
      /^koffi \d/m,
      /^node-addon-api \(in koffi\)$/m,
    ])
      expect(text).toMatch(title);
    expect(text).toContain('Niels Martign');
  });

  test('a package without a licence is not shipped', () => {
    writeFileSync(at('package.json'), JSON.stringify({ name: 'bare', version: '1.0.0' }));
    expect(() => notices([at()])).toThrow('bare 1.0.0 is bundled and has no licence file');
    writeFileSync(at('LICENCE.md'), 'Take it.');
    expect(notices([at()])).toContain('Take it.');
  });
});

describe('a finished package', () => {
  const at = useTempFolder();
  const log = (): string => at('log');

  /** A repository with bundles of one line, after a test on Windows: its koffi.node lies in dist. */
  async function repository(): Promise<string[]> {
    const folder = join(import.meta.dirname, '../..');
    const needed = faults([], {}, 'universal').map((fault) => fault.replace(/ is missing$/, ''));
    const made = [...needed.filter(isBuilt), 'dist/koffi.node', 'dist/webview/metrics.js'];
    const whole = (await listPackaged()).filter((file) => !file.startsWith('dist/'));
    for (const file of [...whole, '.vscodeignore']) {
      mkdirSync(dirname(at('from', file)), { recursive: true });
      copyFileSync(join(folder, file), at('from', file));
    }
    for (const file of made) {
      mkdirSync(dirname(at('from', file)), { recursive: true });
      writeFileSync(at('from', file), `// ${file}`);
    }
    return listPackaged(at('from'));
  }

  const packed = async (target: string, files: string[]): Promise<string> => {
    writeFileSync(at('koffi.node'), library(0x8664));
    const place = { from: at('from'), folder: at(target), file: at(`${target}.vsix`), koffi: at('koffi.node') };
    await pack({ target, files, notices: 'the licences', ...place }, { log: log() });
    return place.file;
  };

  test('for Windows holds the koffi.node that it was given, and the others none, whatever lies in dist', async () => {
    const files = await repository();
    const [windows, other] = await Promise.all([packed('win32-x64', files), packed('universal', files)]);
    expect(packageFaults(windows, manifest, 'win32-x64')).toEqual([]);
    expect(packageFaults(other, manifest, 'universal')).toEqual([]);
    const content = readPackage(windows)
      .find(({ name }) => name === 'dist/koffi.node')
      ?.read();
    expect(content).toEqual(library(0x8664));
    expect(packageFaults(windows, manifest, 'win32-arm64')).toEqual([
      'dist/koffi.node is for x64, not for win32-arm64',
      'it says that it is for win32-x64',
    ]);
    expect(packageFaults(other, manifest, 'linux-x64')).toEqual(['it says that it is for every system']);
    expect(existsSync(at('win32-x64'))).toBe(false);
  }, 60_000);
});
