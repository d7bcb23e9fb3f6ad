/**
 * The kinds of tests, in the order in which `npm test` runs them: the quick ones first. Files of a project are
 * test/<name>/**\/*.test.ts. `needs` are the parts of testSetup.mjs. With `parallel`, files run at the same time; the
 * others start real processes, which on a small machine would only make each other late. With `byName`, it takes too much
 * for every machine, and runs only where it is named. With `onWindows`, node:test runs them, on Windows or in Wine.
 */
export const projects = [
  { name: 'unit', parallel: true, testTimeoutMs: 15_000, needs: ['sqlite'] },
  { name: 'contract', parallel: true, testTimeoutMs: 30_000, needs: [] },
  { name: 'core', parallel: false, testTimeoutMs: 120_000, needs: ['games', 'bus'] },
  { name: 'windows', onWindows: true, needs: ['windows'] },
  { name: 'webview', parallel: false, testTimeoutMs: 60_000, needs: ['browser'] },
  { name: 'e2e', parallel: false, testTimeoutMs: 180_000, needs: ['vscode', 'browser', 'package'] },
  { name: 'minecraft', parallel: false, testTimeoutMs: 120_000, needs: ['minecraft'], byName: true },
];
