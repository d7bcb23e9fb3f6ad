// The licences of what others wrote and the package holds, as one text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clone } from './paths.mjs';

/** What the bundles are made of, written by esbuild.mjs: folders of packages, by their paths in the repository. */
export const bundledFile = path.join('out', 'bundled.json');

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What packages contain in compiled form without its licence in a file of theirs. */
const within = {
  undici: [{ name: 'llhttp', text: `MIT License\n\nCopyright Fedor Indutny, 2018.\n\n${mit}` }],
  'sql.js': [
    { name: 'SQLite', text: 'SQLite is in the public domain: https://sqlite.org/copyright.html' },
    {
      name: 'Emscripten',
      text: `MIT License\n\nCopyright (c) 2010-2014 Emscripten authors, see AUTHORS file.\n\n${mit}`,
    },
  ],
};

/** The package that a file belongs to, by esbuild's name of the file: `node_modules/@lit/reactive-element`. */
function folderOf(file) {
  const at = file.lastIndexOf('node_modules/');
  if (at < 0) return undefined;
  const [first, second] = file.slice(at + 'node_modules/'.length).split('/');
  return `${file.slice(0, at)}node_modules/${first.startsWith('@') ? `${first}/${second}` : first}`;
}

/** The packages of which anything is left in these outputs of esbuild's metafile. */
export function packagesIn(outputs) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  return [...new Set(files.map(folderOf).filter((folder) => folder !== undefined))].sort();
}

const isLicence = (name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name);

/** One part per file; a package without a licence is an error: it may not be shipped. */
function partsOf(folder) {
  const at = path.resolve(clone, folder);
  const { name, version } = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8'));
  const files = readdirSync(at).filter(isLicence).sort();
  if (files.length === 0) throw new Error(`${name} ${version} is bundled and has no licence file`);
  const text = files.map((file) => readFileSync(path.join(at, file), 'utf8').trim()).join('\n\n');
  const vendor = path.join(at, 'vendor');
  const vendored = existsSync(vendor) ? readdirSync(vendor).map((part) => path.join(vendor, part)) : [];
  const parts = vendored.flatMap((part) =>
    readdirSync(part)
      .filter(isLicence)
      .map((file) => ({ name: path.basename(part), text: readFileSync(path.join(part, file), 'utf8').trim() })),
  );
  return [
    { title: `${name} ${version}`, text },
    ...[...parts, ...(within[name] ?? [])].map((part) => ({ title: `${part.name} (in ${name})`, text: part.text })),
  ];
}

/**
 * @param {readonly string[]} folders of packages, by their paths in the repository
 * @returns {string} with the names and versions of all, and their licences
 */
export function notices(folders) {
  const parts = folders.flatMap(partsOf);
  const line = '-'.repeat(100);
  const bodies = parts.map(({ title, text }) => `${line}\n${title}\n${line}\n\n${text.replaceAll('\r\n', '\n')}\n`);
  return `Game Server Panel contains software of others, under these licences.\n\n${bodies.join('\n')}`;
}
