// What the package may hold and must hold, and how to read what it does hold.
import { readFileSync } from 'node:fs';
import { listFiles, PackageManager } from '@vscode/vsce';
import { clone } from './paths.mjs';

export const maxBytes = 3 * 1024 * 1024;

/** Kept apart from .vscodeignore on purpose: a slip in one is caught by the other. */
const allowed = [
  /^(package|package\.nls(\.[a-z-]+)?)\.json$/,
  /^l10n\/[\w.-]+\.json$/,
  /^media\/[\w/-]+\.(css|json|png|svg)$/,
  /^media\/[\w/-]+\.schema\.json$/,
  /^dist\/(core|demoServer|extension|launcher|sql-wasm|stopHelper)\.js$/,
  /^dist\/sql-wasm\.wasm$/,
  /^dist\/webview\/[\w/.-]+\.(css|js|ttf|woff2)$/,
  /^(README|README\.ko|CHANGELOG)\.md$/,
  /^LICENSE$/,
];

const always = [
  ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['dist/core.js', 'dist/demoServer.js', 'dist/extension.js', 'dist/launcher.js'],
  ...['dist/sql-wasm.js', 'dist/sql-wasm.wasm', 'dist/stopHelper.js'],
];

/** The files that vsce would put in, by their paths in the repository. */
export function listPackaged() {
  return listFiles({ cwd: clone, packageManager: PackageManager.None });
}

/** Every file that the manifest points to: bundle, icons, schemas, translations. */
export function namedIn(manifest) {
  const found = new Set();
  const visit = (value) => {
    if (typeof value === 'string') {
      if (/^(\.\/)?(dist|media)\/[\w/.-]+\.\w+$/.test(value)) found.add(value.replace(/^\.\//, ''));
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(visit);
  };
  const { main, icon, contributes } = manifest;
  visit([main, icon, contributes]);
  return [...found];
}

/** What is wrong with these contents, one sentence each; empty when nothing is. */
export function faults(files, manifest) {
  const extra = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
  const missing = [...new Set([...always, ...namedIn(manifest)])].filter((file) => !files.includes(file));
  return [...extra.map((file) => `${file} must not ship`), ...missing.map((file) => `${file} is missing`)];
}

/**
 * The files in a finished package with their sizes, from the archive's own directory. vsce stores the extension below
 * extension/ and renames the licence; both are undone here. Its own two files beside that folder are left out.
 */
export function readPackage(file) {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${file} is not a zip archive`);
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, packed: zip.readUInt32LE(at + 20), bytes: zip.readUInt32LE(at + 24) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  const own = entries.filter(({ name }) => name.startsWith('extension/'));
  const renamed = { 'LICENSE.txt': 'LICENSE', 'readme.md': 'README.md', 'changelog.md': 'CHANGELOG.md' };
  return own.map((entry) => {
    const name = entry.name.slice('extension/'.length);
    return { ...entry, name: renamed[name] ?? name };
  });
}
