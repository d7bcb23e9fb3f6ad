import path from 'node:path';
import { buildSync } from 'esbuild';

const src = path.resolve(import.meta.dirname, '../../../../src');

/** Makes one file of a module of the product, for processes and threads of a test. `module` is its path below src. */
export function bundle(module: string, outfile: string): string {
  buildSync({
    entryPoints: [path.join(src, module)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return outfile;
}
