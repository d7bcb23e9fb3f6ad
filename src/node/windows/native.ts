import path from 'node:path';
import type * as koffi from 'koffi';
import { Failure, messageOf } from '../../shared/failure.js';

export type Native = Pick<
  typeof koffi,
  'load' | 'address' | 'decode' | 'register' | 'unregister' | 'proto' | 'pointer'
>;
type Library = ReturnType<Native['load']>;

let loaded: Native | undefined;
let reason: string | undefined;
const libraries = new Map<string, Library>();

/** Why Windows itself cannot be called; undefined where it can. */
export function whyNoNative(): string | undefined {
  if (loaded !== undefined || reason !== undefined) return reason;
  try {
    // Only its binary is shipped, beside the bundle that loads it. Its own loader does no more than find that.
    const found: { exports: unknown } = { exports: {} };
    process.dlopen(found, path.join(__dirname, 'koffi.node'));
    loaded = found.exports as Native;
  } catch (error) {
    reason = messageOf(error);
  }
  return reason;
}

/** Calls into Windows. Rejects `unsupported` where its binary cannot be loaded. */
export function native(): Native {
  const why = whyNoNative();
  if (loaded === undefined) throw new Failure('unsupported', { what: 'koffi', detail: why ?? null }, why);
  return loaded;
}

/** A function of a system library, by its C prototype. T is what that means in JavaScript: nobody checks it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- A cast by another name, said at each use.
export function windowsFunction<T extends (...args: never[]) => unknown>(library: string, prototype: string): T {
  let from = libraries.get(library);
  if (from === undefined) {
    from = native().load(library);
    libraries.set(library, from);
  }
  return from.func(prototype) as unknown as T;
}
