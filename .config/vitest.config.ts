import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { projects } from '../.scripts/lib/projects.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export default defineConfig({
  root,
  test: {
    projects: projects
      .filter((project) => project.onWindows !== true)
      .map(({ name, parallel, testTimeoutMs }) => ({
        root,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          pool: 'forks',
          // One worker at a time for those that start real processes.
          ...(parallel ? {} : { maxWorkers: 1, fileParallelism: false }),
          testTimeout: testTimeoutMs,
          hookTimeout: testTimeoutMs,
        },
      })),
  },
});
