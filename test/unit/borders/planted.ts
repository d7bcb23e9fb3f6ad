/** File by path from the repository's root. */
export type Tree = Readonly<Record<string, string>>;

export interface Planted {
  readonly rule: string;
  /** What is wrong, as the end of "the rule sees …". */
  readonly what: string;
  /** Files of this case alone, so that what fires can be told apart. */
  readonly tree: Tree;
}

const runtime = ['valibot', 'vscode-jsonrpc', 'jsonc-parser', 'sql.js', 'undici', 'koffi', 'lit', 'uplot'];
const kit = '@vscode-elements/elements';
const tools = ['prettier'];

function installed(names: readonly string[]): Tree {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  );
}

/** A tree as it should be: one file per place, each using what that place may use. */
export const clean: Tree = {
  'package.json': JSON.stringify({
    name: 'planted',
    dependencies: Object.fromEntries([...runtime, kit].map((name) => [name, '1.0.0'])),
    devDependencies: Object.fromEntries(tools.map((name) => [name, '1.0.0'])),
  }),
  ...installed([...runtime, kit, ...tools, 'unnamed']),

  'src/shared/model.ts': `import 'valibot'; export interface Model { id: string } export const model = 1;`,
  'src/node/peer.ts': `import 'node:net'; import 'node:child_process'; import 'vscode-jsonrpc'; import '../shared/model.js'; export const peer = 1;`,
  'src/node/windows/native.ts': `import 'koffi'; export const native = 1;`,
  'src/core/main.ts': `import { compose } from './compose.js'; compose();`,
  'src/core/compose.ts': `import './service.js'; import './store/store.js'; import './games/games.js'; import './platform/spawn.js'; import 'jsonc-parser'; export const compose = () => 1;`,
  'src/core/ports.ts': `import type { Model } from '../shared/model.js'; export type Port = Model;`,
  'src/core/service.ts': `import type { Port } from './ports.js'; import type { Store } from './store/store.js'; export type Service = Port & Store;`,
  'src/core/store/store.ts': `import 'sql.js'; import './rows.js'; import '../ports.js'; import '../../node/peer.js'; export interface Store { rows: number }`,
  'src/core/store/rows.ts': `import 'node:fs'; export const rows = 1;`,
  'src/core/games/games.ts': `import 'undici'; import '../ports.js';`,
  'src/core/platform/spawn.ts': `import '../../node/windows/native.js'; import { spawn } from 'node:child_process'; spawn('true');`,
  'src/launcher/main.ts': `import '../node/windows/native.js'; import 'node:child_process'; import '../node/peer.js'; import '../shared/model.js';`,
  'src/demoServer/main.ts': `export {};`,
  'src/extension/extension.ts': `import * as vscode from 'vscode'; import type { Uri } from 'vscode'; import '../node/peer.js'; export const x: Uri = vscode.Uri.parse('');`,
  'webview/shared/kit.ts': `import '@vscode-elements/elements/dist/vscode-button/index.js';`,
  'node_modules/@vscode-elements/elements/dist/vscode-button/index.js': '',
  'webview/metrics/main.ts': `import 'lit'; import 'uplot'; import '../shared/kit.js'; import '../../src/shared/model.js';`,
  'webview/shared/card.test.ts': `import 'prettier'; import 'node:fs'; import './kit.js';`,
  'test/unit/everything.test.ts': `import 'prettier'; import 'vscode-jsonrpc'; import 'node:child_process'; import '../../src/core/compose.js'; import '../../src/launcher/main.js';`,
};

export const planted: readonly Planted[] = [
  {
    rule: 'no-circular',
    what: 'two files that need each other',
    tree: {
      'src/core/insight/hen.ts': `import { egg } from './egg.js'; export const hen = () => egg;`,
      'src/core/insight/egg.ts': `import { hen } from './hen.js'; export const egg = () => hen;`,
    },
  },
  {
    rule: 'no-circular',
    what: 'a cycle of types only',
    tree: {
      'src/shared/left.ts': `import type { Right } from './right.js'; export type Left = Right[];`,
      'src/shared/right.ts': `import type { Left } from './left.js'; export type Right = { left: Left };`,
    },
  },
  {
    rule: 'resolvable',
    what: 'an import that leads nowhere',
    tree: { 'src/core/alerts/lost.ts': `import './nowhere.js';` },
  },
  {
    rule: 'shared-is-leaf',
    what: "Node's modules in src/shared",
    tree: { 'src/shared/files.ts': `import 'node:fs';` },
  },
  {
    rule: 'shared-is-leaf',
    what: 'a package other than valibot in src/shared',
    tree: { 'src/shared/view.ts': `import 'lit';` },
  },
  {
    rule: 'shared-is-leaf',
    what: 'src/node in src/shared',
    tree: { 'src/shared/wire.ts': `import type {} from '../node/peer.js';` },
  },
  { rule: 'node-is-leaf', what: 'the core in src/node', tree: { 'src/node/core.ts': `import '../core/ports.js';` } },
  { rule: 'node-is-leaf', what: 'another package in src/node', tree: { 'src/node/chart.ts': `import 'uplot';` } },
  {
    rule: 'processes-apart',
    what: 'the extension importing the core',
    tree: { 'src/extension/shortCut.ts': `import '../core/compose.js';` },
  },
  {
    rule: 'processes-apart',
    what: 'the core naming a type of the launcher',
    tree: {
      'src/core/launcherLink/typed.ts': `import type { Launch } from '../../launcher/launch.js'; export type L = Launch;`,
      'src/launcher/launch.ts': `import '../shared/model.js'; export type Launch = 1;`,
    },
  },
  {
    rule: 'processes-apart',
    what: 'the launcher loading the core lazily',
    tree: { 'src/launcher/lazy.ts': `export const lazy = () => import('../core/compose.js');` },
  },
  {
    rule: 'processes-apart',
    what: 'the demo server naming a type by import()',
    tree: { 'src/demoServer/typed.ts': `export type T = import('../core/ports.js').Port;` },
  },
  {
    rule: 'processes-apart',
    what: 'the extension importing a webview',
    tree: { 'src/extension/panel.ts': `import '../../webview/shared/kit.js';` },
  },
  {
    rule: 'webview-apart',
    what: 'a webview importing src/node',
    tree: { 'webview/shared/wire.ts': `import '../../src/node/peer.js';` },
  },
  {
    rule: 'webview-apart',
    what: 'a webview naming a type of the extension',
    tree: { 'webview/shared/typed.ts': `export type { x } from '../../src/extension/extension.js';` },
  },
  {
    rule: 'webview-without-node',
    what: "Node's modules in a webview",
    tree: { 'webview/shared/file.ts': `import 'node:path';` },
  },
  {
    rule: 'panels-apart',
    what: 'one panel using another',
    tree: { 'webview/baselines/main.ts': `import '../metrics/main.js';` },
  },
  {
    rule: 'core-parts-apart',
    what: 'a part of the core importing another',
    tree: { 'src/core/sampling/reach.ts': `import '../store/rows.js';` },
  },
  {
    rule: 'core-parts-apart',
    what: 'a part of the core naming the type of another',
    tree: { 'src/core/console/reach.ts': `import type { Store } from '../store/store.js'; export type S = Store;` },
  },
  {
    rule: 'core-parts-apart',
    what: 'a part of the core importing what composes it',
    tree: { 'src/core/lifecycle/up.ts': `import '../compose.js';` },
  },
  {
    rule: 'ports-know-no-part',
    what: 'a port importing a part',
    tree: { 'src/core/ports/storePort.ts': `export type { Store } from '../store/store.js';` },
  },
  {
    rule: 'service-by-ports',
    what: 'the service calling a part',
    tree: { 'src/core/service/direct.ts': `import { rows } from '../store/rows.js'; export const r = rows;` },
  },
  {
    rule: 'vscode-only-in-extension',
    what: 'the core using vscode',
    tree: { 'src/core/insight/editor.ts': `import type { Uri } from 'vscode'; export type U = Uri;` },
  },
  {
    rule: 'component-kit-only-in-kit',
    what: 'a panel importing the kit past kit.ts',
    tree: { 'webview/metrics/button.ts': `import '@vscode-elements/elements/dist/vscode-button/index.js';` },
  },
  { rule: 'sql-only-in-store', what: 'SQL outside the store', tree: { 'src/core/insight/sql.ts': `import 'sql.js';` } },
  {
    rule: 'undici-only-at-the-network-edge',
    what: 'undici in the extension',
    tree: { 'src/extension/fetch.ts': `export const load = () => import('undici');` },
  },
  {
    rule: 'koffi-only-at-the-platform-edge',
    what: 'a native call in the sampler',
    tree: { 'src/core/sampling/native.ts': `import 'koffi';` },
  },
  {
    rule: 'jsonrpc-only-in-node',
    what: 'the core using vscode-jsonrpc without the wrapper',
    tree: { 'src/core/launcherLink/raw.ts': `import 'vscode-jsonrpc';` },
  },
  {
    rule: 'jsonc-only-in-core',
    what: 'the extension reading servers.json itself',
    tree: { 'src/extension/serversFile.ts': `import 'jsonc-parser';` },
  },
  {
    rule: 'child-process-only-where-processes-start',
    what: 'a game adapter starting a process',
    tree: { 'src/core/games/shell.ts': `import { exec } from 'node:child_process'; exec('true');` },
  },
  {
    rule: 'child-process-only-where-processes-start',
    what: 'the same without the node: prefix, by require',
    tree: { 'src/extension/shell.ts': `require('child_process').exec('true');` },
  },
  {
    rule: 'no-test-in-product',
    what: 'product code using a fixture',
    tree: {
      'src/core/store/fake.ts': `import '../../../test/fixtures/fake.js';`,
      'test/fixtures/fake.ts': `export {};`,
    },
  },
  {
    rule: 'no-test-in-product',
    what: 'product code using a test beside it',
    tree: { 'webview/shared/tested.ts': `import './card.test.js';` },
  },
  {
    rule: 'no-dev-dependency',
    what: 'a development tool in product code',
    tree: { 'src/core/store/format.ts': `import 'prettier';` },
  },
  {
    rule: 'declared',
    what: 'a package that package.json does not name',
    tree: { 'src/core/store/borrowed.ts': `import 'unnamed';` },
  },
  { rule: 'no-orphan', what: 'a forgotten file', tree: { 'src/core/store/forgotten.ts': `export const old = 1;` } },
];
