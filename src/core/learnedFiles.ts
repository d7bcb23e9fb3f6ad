import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { ensurePrivateDirectory, errorCode, replaceFile } from '../node/files.js';
import { messageOf } from '../shared/failure.js';
import type { Log } from './ports.js';

export const learnedSuffix = '.json';

/**
 * What has been learned of each of some: `insight/<id>.json`, replaced as a whole. One that cannot be read is set aside under
 * a dated name. Nothing here throws.
 */
export class LearnedFiles<T> {
  protected readonly folder: string;

  constructor(
    dataDir: string,
    private readonly schema: v.GenericSchema<unknown, T>,
    private readonly log: Log,
  ) {
    this.folder = path.join(dataDir, 'insight');
  }

  /** undefined: there is none, or none that can be read. */
  read(id: string): T | undefined {
    let text: string;
    try {
      text = fs.readFileSync(this.fileOf(id), 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.setAside(id, messageOf(error));
      return undefined;
    }
    try {
      return v.parse(this.schema, JSON.parse(text));
    } catch (error) {
      this.setAside(id, messageOf(error));
      return undefined;
    }
  }

  write(id: string, stored: T): void {
    try {
      ensurePrivateDirectory(this.folder);
      replaceFile(this.fileOf(id), `${JSON.stringify(stored)}\n`);
    } catch (error) {
      this.log.write('warn', 'insight', 'could not be written', { id, error: messageOf(error) });
    }
  }

  remove(id: string): void {
    try {
      fs.rmSync(this.fileOf(id), { force: true });
    } catch (error) {
      this.log.write('warn', 'insight', 'could not be removed', { id, error: messageOf(error) });
    }
  }

  /** It is nothing that can be gone on with. */
  setAside(id: string, error: string): void {
    const file = this.fileOf(id);
    const dated = `${id}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}${learnedSuffix}`;
    const aside = path.join(this.folder, dated);
    try {
      fs.renameSync(file, aside);
      this.log.write('warn', 'insight', 'what was learned could not be read and was set aside', { aside, error });
    } catch (failure) {
      const text = 'what was learned can neither be read nor set aside';
      this.log.write('warn', 'insight', text, { file, error, failure: messageOf(failure) });
    }
  }

  private fileOf(id: string): string {
    return path.join(this.folder, `${id}${learnedSuffix}`);
  }
}
