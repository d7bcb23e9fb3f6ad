import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../../shared/failure.js';
import { stdinPath } from '../stdinPath.js';
import { Channel } from './channel.js';
import type { RunningProcess } from './processStart.js';
import { writeNote } from './stdinNote.js';

/** The stdins of all servers that can be written to, by whichever launcher they were started. */
export class Channels {
  private readonly open = new Map<string, Channel>();
  /** Not those whose first process is a child of ours: that one's end is heard of. */
  private readonly adopted = new Set<string>();

  constructor(private readonly dataDir: string) {
    for (const id of notedIn(dataDir)) this.find(id);
  }

  add(
    { id, mark, encoding, isBatch }: { id: string; mark: string; encoding: string | undefined; isBatch: boolean },
    { pid, startTime, stdin, job }: RunningProcess,
  ): void {
    this.drop(id);
    for (const other of [...this.adopted]) if (this.open.get(other)?.isInUse !== true) this.drop(other);
    const file = stdinPath(this.dataDir, id);
    const note = { pid, startTime: startTime ?? '', handle: stdin, mark, isBatch };
    const full = encoding === undefined ? note : { ...note, encoding };
    writeNote(file, full);
    this.open.set(id, new Channel(file, full, stdin, job));
  }

  /** Throws no-channel where there is none. */
  get(id: string): Channel {
    const channel = this.open.get(id) ?? this.find(id);
    if (channel === undefined) throw new Failure('no-channel', { detail: 'ENOENT' }, 'no stdin is known');
    return channel;
  }

  /** The first process of this start has ended. */
  ended(id: string, mark: string): void {
    const channel = this.open.get(id);
    if (channel?.note.mark !== mark) return;
    if (!channel.isInUse) return this.drop(id);
    channel.passOn();
    this.adopted.add(id);
  }

  private find(id: string): Channel | undefined {
    const channel = Channel.find(stdinPath(this.dataDir, id));
    if (channel === undefined) return undefined;
    this.open.set(id, channel);
    this.adopted.add(id);
    return channel;
  }

  private drop(id: string): void {
    this.open.get(id)?.close();
    this.open.delete(id);
    this.adopted.delete(id);
  }
}

function notedIn(dataDir: string): string[] {
  try {
    const files = fs.readdirSync(path.dirname(stdinPath(dataDir, '')));
    return files.filter((file) => file.endsWith('.in')).map((file) => file.slice(0, -'.in'.length));
  } catch {
    return [];
  }
}
