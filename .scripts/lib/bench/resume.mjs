// What a long bench has measured so far, kept so that it can go on after an interruption.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clone, out } from '../paths.mjs';

const keptMs = 24 * 3_600_000;

/** The same only for the same bundles of the product, programs of the bench, and Node. */
function stateOfPrograms() {
  const hash = createHash('sha256').update(process.version);
  const folders = [path.join(clone, 'dist'), path.join(out, 'bench', 'programs')];
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
    for (const name of names.filter((one) => one.endsWith('.js'))) hash.update(name).update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param plan anything that tells one kind of run from another, as its lengths */
export class Resume {
  #file;
  #key;
  parts = {};

  constructor(bench, plan) {
    this.#file = path.join(out, 'bench', `${bench}.partial.json`);
    this.#key = `${stateOfPrograms()} ${JSON.stringify(plan)}`;
    try {
      const { key, at, parts } = JSON.parse(readFileSync(this.#file, 'utf8'));
      if (key === this.#key && Date.now() - at < keptMs) this.parts = parts;
    } catch {
      // Nothing to go on with.
    }
    const count = Object.keys(this.parts).length;
    if (count > 0) console.log(`      Going on: ${count} parts have been measured by an earlier run`);
  }

  /** What was measured under this name, or what `work` measures now. */
  async part(name, work) {
    if (!(name in this.parts)) {
      this.parts[name] = await work();
      mkdirSync(path.dirname(this.#file), { recursive: true });
      writeFileSync(this.#file, JSON.stringify({ key: this.#key, at: Date.now(), parts: this.parts }));
    }
    return this.parts[name];
  }

  /** All is measured. */
  done() {
    rmSync(this.#file, { force: true });
  }
}
