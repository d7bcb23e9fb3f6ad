import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { errorCode, replaceFile } from '../../node/files.js';
import { messageOf } from '../../shared/failure.js';
import type { Disposable, Log } from '../ports.js';

/** What happens together is written together; a process that dies within it loses no more than this. */
const writeMs = 1000;

interface KeptFileOptions<T> {
  /** In the data directory: `outbox.json`. */
  readonly name: string;
  readonly dataDir: string;
  /** Of the whole file. */
  readonly schema: v.GenericSchema<unknown, T>;
  readonly log: Log;
  /** The first change after a time without any is written at once, when the work of the moment is done. */
  readonly isPrompt?: boolean;
}

/**
 * One JSON file that outlives the core: replaced as a whole, at most once a second, readable by this user alone. One that
 * cannot be read is set aside under a dated name, never overwritten. Nothing here throws.
 */
export class KeptFile<T> implements Disposable {
  private readonly file: string;
  private timer: NodeJS.Timeout | undefined;
  private latest: (() => T) | undefined;
  private writtenAt = -Infinity;

  constructor(private readonly options: KeptFileOptions<T>) {
    this.file = path.join(options.dataDir, options.name);
  }

  /** undefined: there is none, or none that can be read. */
  read(): T | undefined {
    let text: string;
    try {
      text = fs.readFileSync(this.file, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.setAside(messageOf(error));
      return undefined;
    }
    try {
      return v.parse(this.options.schema, JSON.parse(text));
    } catch (error) {
      this.setAside(messageOf(error));
      return undefined;
    }
  }

  /** It is different now; asked for it when it is time to write. */
  keep(get: () => T): void {
    this.latest = get;
    this.timer ??= setTimeout(() => {
      this.flush();
    }, this.waitMs());
  }

  /** What is not written yet is in the file when this returns, also if the process is killed then; not if the PC goes down. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.latest === undefined) return;
    const value = this.latest();
    this.latest = undefined;
    try {
      replaceFile(this.file, JSON.stringify(value, null, 1) + '\n');
    } catch (error) {
      // It is still in memory, and written with the next change.
      this.options.log.write('warn', 'alerts', 'could not be written', { file: this.file, error: messageOf(error) });
    }
    this.writtenAt = performance.now();
  }

  /** Writes what is not written yet. */
  dispose(): void {
    this.flush();
  }

  private waitMs(): number {
    if (this.options.isPrompt !== true) return writeMs;
    return Math.max(0, this.writtenAt + writeMs - performance.now());
  }

  private setAside(error: string): void {
    const { name, dataDir, log } = this.options;
    const { name: base, ext } = path.parse(name);
    const aside = path.join(dataDir, `${base}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}${ext}`);
    try {
      fs.renameSync(this.file, aside);
      log.write('warn', 'alerts', `${name} could not be read and was set aside`, { aside, error });
    } catch (failure) {
      log.write('warn', 'alerts', `${name} can neither be read nor set aside`, { error, failure: messageOf(failure) });
    }
  }
}
