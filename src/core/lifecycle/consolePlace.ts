import type { ConsolePort } from '../ports.js';
import type { RecordKeeper } from './record.js';

/** Where the lines of a server's start begin in its console file: noted for a later core, and kept right when it is cut. */
export interface ConsoleStart {
  readonly file: string;
  /** Bytes from the file's start; negative: so many of them have moved to older files. */
  readonly offset: number;
  moved(cut: number, bytes: number): void;
}

export function consoleStart(file: string, keeper: RecordKeeper): ConsoleStart {
  return {
    file,
    offset: keeper.current?.consoleOffset ?? 0,
    moved: (cut, bytes) => {
      keeper.note({ consoleOffset: (keeper.current?.consoleOffset ?? 0) - bytes, consoleCut: cut });
    },
  };
}

/** What an earlier core has noted may be from before a cut that it did not finish. */
export function resumeConsole(file: string, keeper: RecordKeeper, consoles: ConsolePort): void {
  const { consoleOffset = 0, consoleCut = 0 } = keeper.current ?? {};
  consoles.resume(file, { offset: consoleOffset, cut: consoleCut }, ({ offset, cut }) => {
    keeper.note({ consoleOffset: offset, consoleCut: cut });
  });
}
