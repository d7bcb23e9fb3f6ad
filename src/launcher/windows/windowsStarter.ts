import path from 'node:path';
import { ensurePrivateDirectory } from '../../node/files.js';
import { closeHandle, exitCodeOf } from '../../node/windows/processes.js';
import { closeWindows, interruptConsole } from '../../node/windows/stopHelper.js';
import type { LaunchedProcess, SpawnRequest } from '../../shared/launcherProtocol.js';
import type { End, Started, Starter } from '../starter.js';
import { awaitBatchQuestion } from './batchQuestion.js';
import { Channels } from './channels.js';
import { EndWatch } from './endWatch.js';
import { jobPrograms } from './jobPrograms.js';
import { startProcess } from './processStart.js';
import { programFor } from './program.js';

/** Windows, by its own calls: a server in a job and a console of its own, that outlives us and can be found again. */
export class WindowsStarter implements Starter {
  private readonly ends = new EndWatch();
  private readonly channels: Channels;
  /** Of batch files that were sent Ctrl+C, by the mark of their start. */
  private readonly questions = new Set<string>();

  constructor(
    dataDir: string,
    private readonly stopHelper: string,
  ) {
    this.channels = new Channels(dataDir);
    process.once('exit', () => {
      this.ends.stop();
    });
  }

  async start(request: SpawnRequest, onEnd: (end: End) => void): Promise<Started> {
    const program = programFor(request);
    ensurePrivateDirectory(path.dirname(request.consoleFile));
    const running = startProcess(request, program);
    const { id, encoding } = request;
    const mark = `${id}:${request.nonce}`;
    this.channels.add({ id, mark, encoding, isBatch: program.batch !== undefined }, running);
    this.ends.watch(running.process, () => {
      const code = exitCodeOf(running.process);
      closeHandle(running.process);
      this.channels.ended(id, mark);
      onEnd({ code, signal: null });
    });
    return { pid: running.pid, startTime: running.startTime };
  }

  write(id: string, line: string, encoding?: string): void {
    this.channels.get(id).write(line, encoding);
  }

  /** Windows has no signals: Ctrl+C where there is a console, else the windows are asked to close. */
  interrupt(launched: LaunchedProcess): void {
    void this.ask(launched);
  }

  noteInterrupted(id: string): void {
    try {
      const channel = this.channels.get(id);
      if (channel.note.isBatch) void this.answer(channel.note.mark, id);
    } catch {
      // It has just ended.
    }
  }

  private async ask({ id, nonce, pid }: LaunchedProcess): Promise<void> {
    const pids = [pid, ...jobPrograms(`${id}:${nonce}`).filter((other) => other !== pid)];
    for (const one of pids) {
      if (!(await interruptConsole(this.stopHelper, one))) continue;
      this.noteInterrupted(id);
      return;
    }
    await closeWindows(this.stopHelper, pids);
  }

  private async answer(mark: string, id: string): Promise<void> {
    if (this.questions.has(mark)) return;
    this.questions.add(mark);
    try {
      if (await awaitBatchQuestion(mark)) this.write(id, 'Y');
    } catch {
      // It has ended meanwhile.
    } finally {
      this.questions.delete(mark);
    }
  }
}
