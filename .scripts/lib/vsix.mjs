// What the package may hold and must hold, and how to read what it does hold.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { listFiles, PackageManager } from '@vscode/vsce';
import { universal, windowsArch } from './packageTargets.mjs';
import { clone } from './paths.mjs';

export const maxBytes = 3 * 1024 * 1024;

/** What calls Windows, and the licences of others. Both are put in at packaging time; .vscodeignore names neither. */
export const nativeFile = 'dist/koffi.node';
export const noticesFile = 'THIRD-PARTY-NOTICES.txt';
/** The machine in the header of a program for Windows, by the architecture that it runs on. */
const machines = { x64: 0x8664, arm64: 0xaa64 };

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
export function listPackaged(from = clone) {
  return listFiles({ cwd: from, packageManager: PackageManager.None });
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

/** What this target's package holds beside files of the repository. */
export function addedFiles(target) {
  return windowsArch(target) === undefined ? [noticesFile] : [noticesFile, nativeFile];
}

/** What is wrong with these contents of this target's package, one sentence each; empty when nothing is. */
export function faults(files, manifest, target) {
  const added = addedFiles(target);
  const isAllowed = (file) => added.includes(file) || allowed.some((pattern) => pattern.test(file));
  const extra = files.filter((file) => !isAllowed(file));
  const missing = [...new Set([...always, ...added, ...namedIn(manifest)])].filter((file) => !files.includes(file));
  return [...extra.map((file) => `${file} must not ship`), ...missing.map((file) => `${file} is missing`)];
}

/** The machine that a program or library for Windows is made for; undefined where it is none. */
function machineOf(content) {
  if (content.length < 0x40 || content.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = content.readUInt32LE(0x3c);
  if (header + 6 > content.length || content.toString('latin1', header, header + 4) !== 'PE\0\0') return undefined;
  return content.readUInt16LE(header + 4);
}

/** What is wrong with this koffi.node for this target, one sentence each. */
export function nativeFaults(content, target) {
  const machine = machineOf(content);
  if (machine === undefined) return [`${nativeFile} is not a library for Windows`];
  const [arch] = Object.entries(machines).find(([, number]) => number === machine) ?? [`0x${machine.toString(16)}`];
  return arch === windowsArch(target) ? [] : [`${nativeFile} is for ${arch}, not for ${target}`];
}

/** The entries of the archive's own directory. */
function readDirectory(zip, file) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${file} is not a zip archive`);
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      packed: zip.readUInt32LE(at + 20),
      bytes: zip.readUInt32LE(at + 24),
      isDeflated: zip.readUInt16LE(at + 10) !== 0,
      at: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(zip, { at, packed, isDeflated }) {
  const begin = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const content = zip.subarray(begin, begin + packed);
  return isDeflated ? inflateRawSync(content) : content;
}

/**
 * The files in a finished package with their sizes and a way to read them. vsce stores the extension below extension/ and
 * renames the licence; both are undone here. Its own two files beside that folder are left out.
 */
export function readPackage(file) {
  const zip = readFileSync(file);
  const own = readDirectory(zip, file).filter(({ name }) => name.startsWith('extension/'));
  const renamed = { 'LICENSE.txt': 'LICENSE', 'readme.md': 'README.md', 'changelog.md': 'CHANGELOG.md' };
  return own.map((entry) => {
    const name = entry.name.slice('extension/'.length);
    const { packed, bytes } = entry;
    return { name: renamed[name] ?? name, packed, bytes, read: () => contentOf(zip, entry) };
  });
}

/** The system that the package says it is for; undefined for the universal one. */
function targetOf(file) {
  const zip = readFileSync(file);
  const entry = readDirectory(zip, file).find(({ name }) => name === 'extension.vsixmanifest');
  if (!entry) throw new Error(`${file} has no manifest`);
  return /TargetPlatform="([^"]*)"/.exec(contentOf(zip, entry).toString('utf8'))?.[1];
}

/** What is wrong with a finished package, one sentence each. */
export function packageFaults(file, manifest, target) {
  const entries = readPackage(file);
  const names = entries.map(({ name }) => name);
  const native = entries.find(({ name }) => name === nativeFile);
  const said = targetOf(file);
  const wanted = target === universal ? undefined : target;
  return [
    ...faults(names, manifest, target),
    ...(native && windowsArch(target) !== undefined ? nativeFaults(native.read(), target) : []),
    ...(said === wanted ? [] : [`it says that it is for ${said ?? 'every system'}`]),
    ...(readFileSync(file).length > maxBytes ? ['the package is too big'] : []),
  ];
}
