import { statfs } from 'node:fs/promises';
import type { ServerView } from '../../shared/contract.js';

type Space = NonNullable<ServerView['disk']>;

/** A server, and the folders on whose volume it saves: the first that is there counts. Full paths. */
interface Keeper {
  readonly id: string;
  readonly folders: readonly string[];
}

const everyMs = 60_000;
/** A change of less than this part of the volume, and less than this part of what is free, is shown with the next one. */
const slightPart = 0.001;
const slightPartOfFree = 0.02;

/** How much room is left where servers save, looked at once a minute. Nothing waits for it: a volume may not answer at all. */
export class FreeSpace {
  private readonly known = new Map<string, Space>();
  private askedAt = -Infinity;
  /** One at a time: each that does not answer holds one of the few threads that files are read and written by. */
  private isAsking = false;

  constructor(
    private readonly changed: (id: string) => void,
    private readonly ask: (folder: string) => Promise<Space> = spaceAt,
  ) {}

  /** To be called with every round. now: milliseconds of a clock that nobody sets. Never rejects. */
  async review(keepers: () => readonly Keeper[], now: number = performance.now()): Promise<void> {
    if (this.isAsking || now - this.askedAt < everyMs) return;
    this.askedAt = now;
    this.isAsking = true;
    // Several may save below the same folder.
    const asked = new Map<string, Promise<Space>>();
    const once = async (folder: string): Promise<Space> => {
      const answer = asked.get(folder) ?? this.ask(folder);
      asked.set(folder, answer);
      return await answer;
    };
    for (const { id, folders } of keepers()) this.note(id, await first(folders, once));
    this.isAsking = false;
  }

  /** undefined: not known. */
  of(id: string): Space | undefined {
    return this.known.get(id);
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  private note(id: string, space: Space | undefined): void {
    const before = this.known.get(id);
    if (before === undefined && space === undefined) return;
    if (before !== undefined && space !== undefined && isSlight(before, space)) return;
    if (space === undefined) this.known.delete(id);
    else this.known.set(id, space);
    this.changed(id);
  }
}

function isSlight(before: Space, now: Space): boolean {
  const by = Math.abs(now.freeBytes - before.freeBytes);
  const isSameVolume = now.totalBytes === before.totalBytes;
  return isSameVolume && by <= slightPart * now.totalBytes && by <= slightPartOfFree * before.freeBytes;
}

/** What an ordinary user may write to it. */
async function spaceAt(folder: string): Promise<Space> {
  const { bsize, bavail, blocks } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

async function first(folders: readonly string[], ask: (folder: string) => Promise<Space>): Promise<Space | undefined> {
  for (const folder of folders) {
    try {
      return await ask(folder);
    } catch {
      // It may not be there yet.
    }
  }
  return undefined;
}
