import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Database, SqlJsStatic } from 'sql.js';

/** One instance of SQLite, with a heap of its own. Dropping every reference gives its memory back. */
export interface Engine {
  open(bytes?: Uint8Array): Database;
  /** Bytes of the module's heap; it only ever grows. The databases themselves lie outside it. */
  heapBytes(): number;
}

interface Instance {
  readonly exports: Record<string, unknown>;
}
interface Memory {
  readonly buffer: ArrayBuffer;
}
/** As much as is used here: the types of Node come without it. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => Instance;
  readonly Memory: new (size: { initial: number }) => Memory;
}
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

type Initialise = (options: {
  instantiateWasm(imports: object, done: (instance: Instance) => void): object;
}) => Promise<SqlJsStatic>;

let isPrepared = false;

/**
 * Loads SQLite as WebAssembly from `sql-wasm.js` and `sql-wasm.wasm` in that folder. A new one each time: sql.js itself
 * keeps the first for ever, so its script is run anew and never enters the module cache. Rejects when the files are not
 * there or cannot be compiled.
 */
export async function loadEngine(folder: string): Promise<Engine> {
  // The optimising compiler costs 11 MB and buys little: see docs/decisions/history.md.
  if (!isPrepared) v8.setFlagsFromString('--liftoff-only');
  isPrepared = true;
  const file = path.join(folder, 'sql-wasm.js');
  const compiled = await wasm.compile(await fs.promises.readFile(path.join(folder, 'sql-wasm.wasm')));
  let memory: Memory | undefined;
  const initialise = initialiser(file, await fs.promises.readFile(file, 'utf8'));
  const sql = await initialise({
    instantiateWasm: (imports, done) => {
      const instance = new wasm.Instance(compiled, imports);
      memory = Object.values(instance.exports).find((value) => value instanceof wasm.Memory);
      done(instance);
      return instance.exports;
    },
  });
  return {
    open: (bytes) => new sql.Database(bytes),
    heapBytes: () => memory?.buffer.byteLength ?? 0,
  };
}

function initialiser(file: string, source: string): Initialise {
  const module = { exports: {} as unknown };
  const run = vm.compileFunction(source, ['module', 'exports', 'require', '__filename', '__dirname'], {
    filename: file,
  });
  (run as (...given: unknown[]) => void)(module, module.exports, createRequire(file), file, path.dirname(file));
  return module.exports as Initialise;
}
