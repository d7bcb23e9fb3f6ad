import { encoded } from '../../node/encoding/encode.js';
import { copyFrom, copyInto } from '../../node/windows/handles.js';
import { holdJob } from '../../node/windows/jobMaking.js';
import { systemMessage } from '../../node/windows/messages.js';
import { isPipe, neverWait, writePipe } from '../../node/windows/pipes.js';
import { access, closeHandle, hasEnded, openProcess, startTimeOf, type Handle } from '../../node/windows/processes.js';
import { Failure } from '../../shared/failure.js';
import { jobPrograms } from './jobPrograms.js';
import { readNote, writeNote, type StdinNote } from './stdinNote.js';

/** As on other systems, so that a line goes everywhere or nowhere. */
const longestLine = 4096;
const retryMs = 100;

/** The stdin of one server, and the name of its job: both last while somebody holds them. */
export class Channel {
  /** The end of a line of which a part has gone in. */
  private rest: Buffer | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    readonly note: StdinNote,
    private readonly stdin: Handle,
    private readonly job: Handle,
  ) {}

  /** That of a server which an earlier launcher has started; undefined where it does not live any more. */
  static find(file: string): Channel | undefined {
    const note = readNote(file);
    if (note === undefined) return undefined;
    const holder = openHolder(note);
    if (holder === 0) return undefined;
    const stdin = copyFrom(holder, note.handle);
    closeHandle(holder);
    if (stdin === 0) return undefined;
    if (isPipe(stdin) && neverWait(stdin)) return new Channel(file, note, stdin, holdJob(note.mark));
    closeHandle(stdin);
    return undefined;
  }

  write(line: string, encoding = this.note.encoding): void {
    const bytes = encoded(`${line}\r\n`, encoding);
    if (bytes.length > longestLine) {
      throw new Failure('invalid-definition', { field: 'line', detail: `longer than ${longestLine} bytes` });
    }
    if (this.rest !== undefined) throw busy();
    const written = writePipe(this.stdin, bytes);
    if (written === undefined) throw new Failure('no-channel', { detail: 'EPIPE' }, 'nobody reads there');
    if (written < 0) throw new Failure('no-channel', { detail: systemMessage(-written) });
    if (written === 0) throw busy();
    this.finish(bytes.subarray(written));
  }

  /** Its first process has ended; others of its job go on, and hold from now on what that one has held. */
  passOn(): void {
    for (const [index, pid] of jobPrograms(this.note.mark).entries()) {
      const heir = openProcess(pid, access.duplicateHandle | access.queryLimited | access.synchronize);
      if (heir === 0) continue;
      const startTime = startTimeOf(heir);
      copyInto(heir, this.job);
      const handle = copyInto(heir, this.stdin);
      closeHandle(heir);
      if (index === 0 && handle !== 0 && startTime !== null) {
        writeNote(this.file, { ...this.note, pid, startTime, handle });
      }
    }
  }

  get isInUse(): boolean {
    return jobPrograms(this.note.mark).length > 0;
  }

  close(): void {
    clearTimeout(this.retry);
    closeHandle(this.stdin);
    closeHandle(this.job);
  }

  /** A line once begun goes in whole, before any other. */
  private finish(rest: Buffer): void {
    this.rest = rest.length > 0 ? rest : undefined;
    if (this.rest === undefined) return;
    this.retry = setTimeout(() => {
      const written = writePipe(this.stdin, rest);
      if (written === undefined || written < 0) this.rest = undefined;
      else this.finish(rest.subarray(written));
    }, retryMs);
  }
}

/** The process that has the write end; 0 where it has ended, or its pid is somebody else's now. */
function openHolder({ pid, startTime }: StdinNote): Handle {
  const holder = openProcess(pid, access.duplicateHandle | access.queryLimited | access.synchronize);
  if (holder === 0) return 0;
  if (!hasEnded(holder) && startTimeOf(holder) === startTime) return holder;
  closeHandle(holder);
  return 0;
}

function busy(): Failure {
  return new Failure('busy', { what: 'stdin' }, 'stdin is full');
}
