// The borders between processes and parts. test/unit/borders plants one violation per rule and sees that rule fire.
const { packageHomes, processes } = require('./borders.cjs');

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * A package as dependency-cruiser names it: under node_modules when it is installed, bare when it is not (vscode) or
 * when it is Node's own.
 * @param {string[]} packages
 */
const packagePath = (packages) => `(^|node_modules/)(@types/)?(${packages.map(literally).join('|')})(/|$)`;

const product = '^(src|webview)/';
const testFiles = '\\.(test|demo)\\.ts$';
const anyProcess = `^src/(${processes.join('|')})/`;
const corePorts = '^src/core/ports(\\.ts$|/)';
const coreService = '^src/core/service(\\.ts$|/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle makes two modules one. Types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be followed would slip past every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    {
      name: 'shared-is-leaf',
      comment: 'src/shared runs everywhere: no Node, no VS Code, no DOM, and valibot as its only package.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { pathNot: ['^src/shared/', packagePath(['valibot'])] },
    },
    {
      name: 'node-is-leaf',
      comment: 'src/node is what the Node processes share: it knows src/shared, Node itself, and few packages.',
      severity: 'error',
      from: { path: '^src/node/' },
      to: {
        pathNot: ['^src/(shared|node)/', packagePath(['vscode-jsonrpc', 'valibot', 'koffi'])],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'processes-apart',
      comment: 'Processes meet at run time only, by a path and a contract; never by import, not even of a type.',
      severity: 'error',
      from: { path: `^src/(${processes.join('|')})/` },
      to: { path: [anyProcess, '^webview/'], pathNot: '^src/$1/' },
    },
    {
      name: 'webview-apart',
      comment: 'Webviews know src/shared and browser packages: no process, nothing of Node.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/', pathNot: '^src/shared/' },
    },
    {
      name: 'webview-without-node',
      comment: 'A webview is a browser page.',
      severity: 'error',
      from: { path: '^webview/', pathNot: testFiles },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'panels-apart',
      comment: 'Panels share through webview/shared only, so that each can be opened, tested and dropped alone.',
      severity: 'error',
      from: { path: '^webview/([^/]+)/' },
      to: { path: '^webview/[^/]+/', pathNot: ['^webview/$1/', '^webview/shared/'] },
    },
    {
      name: 'core-parts-apart',
      comment: 'Parts of the core import ports, their own folder, src/shared and src/node; they meet in compose.ts.',
      severity: 'error',
      from: { path: '^src/core/([^/]+)/', pathNot: [corePorts, coreService] },
      to: { path: '^src/core/', pathNot: ['^src/core/$1/', corePorts] },
    },
    {
      name: 'ports-know-no-part',
      comment: 'Ports are what the parts agree on; a port that imports a part turns the arrow round.',
      severity: 'error',
      from: { path: corePorts },
      to: { path: '^src/core/', pathNot: corePorts },
    },
    {
      name: 'service-by-ports',
      comment: 'The service answers requests through ports; of the parts it may know types only.',
      severity: 'error',
      from: { path: coreService },
      to: { path: '^src/core/', pathNot: [corePorts, coreService], dependencyTypesNot: ['type-only'] },
    },
    ...packageHomes.map(({ rule, packages, homes, why }) => ({
      name: rule,
      comment: why,
      severity: /** @type {const} */ ('error'),
      from: { path: product, pathNot: [...homes.map((home) => `^${literally(home)}`), testFiles] },
      to: { path: packagePath(packages) },
    })),
    {
      name: 'no-test-in-product',
      comment: 'What is only there for tests never ships.',
      severity: 'error',
      from: { path: product, pathNot: testFiles },
      to: { path: ['^test/', testFiles] },
    },
    {
      name: 'no-dev-dependency',
      comment: 'A package that ships is a dependency; a development tool does not ship.',
      severity: 'error',
      from: { path: product, pathNot: testFiles },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'declared',
      comment: 'A package that only came along with another one disappears with it: name it in package.json.',
      severity: 'error',
      from: { path: [product, '^test/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-orphan',
      comment: 'A file that nobody imports and that imports nobody is forgotten. Entry points and tests stand alone.',
      severity: 'error',
      from: {
        orphan: true,
        path: product,
        pathNot: ['^src/[^/]+/(main|extension)\\.ts$', '^webview/[^/]+/main\\.ts$', '\\.d\\.ts$', testFiles],
      },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
