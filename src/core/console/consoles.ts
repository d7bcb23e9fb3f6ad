import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import type {
  ConsoleFollower,
  ConsolePlace,
  ConsolePort,
  ConsoleReader,
  Disposable,
  FileRangePort,
  Log,
} from '../ports.js';
import { encoded } from '../../node/encoding/encode.js';
import { systemEncodings } from '../../node/encoding/systemEncodings.js';
import { ConsoleFile } from './consoleFile.js';
import type { ConsoleLimits } from './limits.js';

export interface ConsolesOptions {
  readonly ranges: FileRangePort;
  readonly log: Log;
  limits(this: void): ConsoleLimits;
  /** Milliseconds that never go back. */
  now?(this: void): number;
  /** From one cut of a file to the next, milliseconds. */
  restMs?: number;
  /** In which encodings a line may be that is no UTF-8; those of this system where it is left out. */
  systemEncodings?(this: void): readonly string[];
}

const restMs = 1000;

/** The console files of all servers. */
export class Consoles implements ConsolePort, Disposable {
  private readonly files = new Map<string, ConsoleFile>();
  private turn: Promise<unknown> = Promise.resolve();
  private isClosing = false;

  constructor(private readonly options: ConsolesOptions) {}

  size(file: string): number {
    return this.at(file).size;
  }

  busy(file: string): Promise<void> | undefined {
    return this.at(file).busy;
  }

  begin(file: string): number {
    return this.at(file).begin();
  }

  resume(file: string, noted: ConsolePlace, note: (place: ConsolePlace) => void): void {
    this.at(file).resume(noted, note);
  }

  open(file: string, offset: number, follower: ConsoleFollower): ConsoleReader {
    return this.at(file).open(offset, follower);
  }

  lastLines(file: string, count: number, from: number): string[] {
    return this.at(file).lastLines(count, from);
  }

  setEncoding(file: string, encoding: string | null): void {
    this.at(file).encoding.use(encoding);
  }

  encodingOf(file: string): string | undefined {
    return this.at(file).encoding.forAnswers;
  }

  append(file: string, line: string): void {
    try {
      fs.appendFileSync(file, encoded(line + '\n', this.at(file).encoding.asSaid), { mode: 0o600 });
    } catch {
      // A full disk; the tree and the log say it too.
    }
  }

  /** The last lines, oldest first, older files included. `look` is called just before they are read. */
  async tail(file: string, count: number, look: () => void): Promise<string[]> {
    await this.busy(file);
    look();
    return this.at(file).tail(count);
  }

  /** What is being copied is left; the next core clears it away. */
  dispose(): void {
    this.isClosing = true;
    for (const file of this.files.values()) file.dispose();
  }

  private at(file: string): ConsoleFile {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const made = new ConsoleFile(file, {
      ...{ ranges: this.options.ranges, log: this.options.log, limits: this.options.limits },
      now: this.options.now ?? (() => performance.now()),
      ...{ restMs: this.options.restMs ?? restMs, systemEncodings: this.options.systemEncodings ?? systemEncodings },
      inTurn: (work) => this.inTurn(work),
      isClosing: () => this.isClosing,
    });
    this.files.set(file, made);
    return made;
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    await mine;
  }
}
