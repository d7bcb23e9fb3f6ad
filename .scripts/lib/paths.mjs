import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const clone = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where everything generated goes that is not a bundle; git ignores it. */
export const out = path.join(clone, 'out');
