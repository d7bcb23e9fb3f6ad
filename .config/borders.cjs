// The one table of who may import which package. dependency-cruiser enforces it (types and dynamic imports included),
// eslint says it while typing. Paths are prefixes from the repository's root; tests may import anything.

/** @typedef {{ rule: string, packages: string[], homes: string[], why: string }} Home */

/** @type {Home[]} */
const packageHomes = [
  {
    rule: 'vscode-only-in-extension',
    packages: ['vscode'],
    homes: ['src/extension/'],
    why: 'Every other process runs without VS Code.',
  },
  {
    rule: 'component-kit-only-in-kit',
    packages: ['@vscode-elements/elements'],
    homes: ['webview/shared/kit.ts'],
    why: 'One file imports the component kit, so that it can be swapped.',
  },
  {
    rule: 'sql-only-in-store',
    packages: ['sql.js'],
    homes: ['src/core/store/'],
    why: 'The database has one writer.',
  },
  {
    rule: 'undici-only-at-the-network-edge',
    packages: ['undici'],
    homes: ['src/core/games/', 'src/core/alerts/'],
    why: 'Loading undici replaces the global fetch dispatcher of the whole process.',
  },
  {
    rule: 'koffi-only-at-the-platform-edge',
    packages: ['koffi'],
    homes: ['src/node/windows/'],
    why: 'Native calls are declared in one folder.',
  },
  {
    rule: 'jsonrpc-only-in-node',
    packages: ['vscode-jsonrpc'],
    homes: ['src/node/'],
    why: 'The library needs a wrapper (deadlines, limits, dispose on close); everybody uses the wrapper in src/node.',
  },
  {
    rule: 'jsonc-only-in-core',
    packages: ['jsonc-parser'],
    homes: ['src/core/'],
    why: 'Only the core reads and writes servers.json.',
  },
  {
    rule: 'child-process-only-where-processes-start',
    packages: ['child_process'],
    homes: ['src/launcher/', 'src/node/', 'src/core/platform/'],
    why: 'Game servers are started by the launcher alone, the core by src/node; nothing else spawns.',
  },
];

/** The processes. They meet at run time only, by a bundle's path and a contract; never by import, not even of a type. */
const processes = ['core', 'launcher', 'stopHelper', 'extension', 'demoServer'];

module.exports = { packageHomes, processes };
