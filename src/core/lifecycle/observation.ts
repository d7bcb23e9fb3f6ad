import type { Sample } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type {
  ConsolePort,
  ConsoleReader,
  GameFacts,
  Happening,
  KillKind,
  NewLines,
  OomPort,
  ProcessReaderPort,
  TreeReader,
} from '../ports.js';
import type { ConsoleStart } from './consolePlace.js';
import { echoOf } from './echo.js';
import { HangDetector, type HangSign } from './hang.js';
import { markOf } from './heirs.js';
import { LogWatch } from './logWatch.js';
import { onlineNow } from './playersNow.js';
import { killedCode, type Ending, type LastWords, type Running } from './state.js';
import { TreeMeter, type Measured } from './treeMeter.js';

/** Last words this long ago still belong to the end. */
const lastWordsMs = 120_000;
/** What others have written into its console is read this much later at most. */
const surelyMs = 30_000;

export interface ObservationTools {
  readonly consoles: ConsolePort;
  readonly processes: ProcessReaderPort;
  readonly oom: OomPort;
}

/** Told of new lines, whether anything that is shown has changed by them, and what has happened. */
export type Heard = (news: NewLines, changed: boolean, happenings: readonly Happening[]) => void;

/** What is seen of one running process: its lines and its numbers. */
export class Observation {
  readonly watch: LogWatch;
  /** Why it is taken for hung; empty while it is not. */
  hangSigns: readonly HangSign[] = [];
  private readonly tail: ConsoleReader;
  private meter: TreeMeter;
  private readonly hang = new HangDetector();
  private readonly hangAfterMs: number;
  private hasPrinted = false;
  /** What was printed while nobody looked cannot be read yet. */
  private isBehind = false;
  private isOld = false;
  /** As of the latest sample: nothing can have been printed since the one before. */
  private isSilent = false;
  private readAt = -Infinity;
  private readonly isEcho: (line: string) => boolean;

  constructor(
    private readonly effective: Effective,
    private running: Running,
    console: ConsoleStart,
    private readonly tools: ObservationTools,
    private readonly onLines: Heard,
  ) {
    this.watch = new LogWatch(effective);
    this.isEcho = echoOf(effective.game);
    this.hangAfterMs = effective.hang.afterSeconds * 1000;
    if (console.offset < 0) this.watch.gap();
    this.tail = tools.consoles.open(console.file, console.offset, {
      look: () => {
        this.poll();
      },
      moved: (cut, bytes) => {
        console.moved(cut, bytes);
        if (this.isBehind && console.offset < bytes) this.watch.gap();
      },
    });
    this.meter = new TreeMeter(this.treeOf(running));
    tools.oom.watch(running);
  }

  /** What was printed while nobody looked: it tells who is on, unless too much of it is missing. */
  catchUp(): void {
    this.isBehind = this.tail.isHeld;
    for (let news = this.tail.read(); ; news = this.tail.read()) {
      if (news.skippedBytes > 0) this.watch.gap();
      this.watch.replay(news.lines);
      if (!news.hasMore) return;
    }
  }

  /** The same server in another process: its console goes on. */
  follow(running: Running): void {
    this.meter.dispose();
    this.meter = new TreeMeter(this.treeOf(running));
    this.tools.oom.ended(this.running, 'otherwise');
    this.running = running;
    this.tools.oom.watch(running);
  }

  /** Hears what was printed so far as something of an earlier time. */
  hearOld(): void {
    this.isOld = true;
    this.poll();
    this.isOld = false;
  }

  /** With every round, after its sample. Where nothing was written there is nothing to read; but who knows, now and then. */
  pollAfterSample(): void {
    if (this.isSilent && performance.now() - this.readAt < surelyMs) return;
    this.poll();
  }

  poll(): void {
    this.readAt = performance.now();
    if (this.isBehind) this.catchUpLate();
    for (let news = this.tail.read(); ; news = this.tail.read()) {
      this.feed(news);
      if (!news.hasMore) return;
    }
  }

  /** isWell: it ought to respond, and is watched for hanging. */
  sample(now: number, facts: GameFacts, isWell: boolean): Sample | null {
    const measured = this.meter.read();
    this.isSilent = measured?.wroteNothing === true;
    if (measured === undefined) return null;
    const { tickRate, frameTime, apiTime } = facts;
    const { cpu, memory, ioRead, ioWrite, threads } = measured.numbers;
    const players = onlineNow(this.watch, facts);
    // Each by its name: copying an object by its shape is dear, and this is done for every server in every round.
    const sample = { at: now, cpu, memory, ioRead, ioWrite, threads, players, tickRate, frameTime, apiTime };
    this.hangSigns = isWell ? this.signsOf(sample, measured, facts) : [];
    return sample;
  }

  /** Takes in the last words; answers what they were, and whether memory had run out. */
  end(exit: Pick<Ending, 'code' | 'signal'>): LastWords & { byOom: boolean } {
    this.poll();
    this.feed(this.tail.finish());
    this.dispose();
    const isRecent = (at: number | null): boolean => at !== null && at > Date.now() - lastWordsMs;
    return {
      saidStopping: isRecent(this.watch.stoppingAt),
      saidCrash: isRecent(this.watch.crashedAt),
      byOom: this.tools.oom.ended(this.running, killKind(exit)),
    };
  }

  dispose(): void {
    this.tail.dispose();
    this.meter.dispose();
  }

  private treeOf(running: Running): TreeReader {
    const mark = running.isOurs ? markOf(this.effective.definition.id, running) : '';
    return this.tools.processes.tree(running, mark);
  }

  /** Nobody was told of any of it: who is on may be others now. */
  private catchUpLate(): void {
    this.catchUp();
    if (!this.isBehind) this.onLines({ lines: [], skippedBytes: 0, hasMore: false }, true, []);
  }

  private answers({ api }: GameFacts): boolean | null {
    if (api.is === 'ok') return true;
    return api.is === 'silent' && !this.watch.isSaving ? false : null;
  }

  private signsOf(sample: Sample, { isRootOnly, isSuspended }: Measured, facts: GameFacts): readonly HangSign[] {
    const { at, ioRead, ioWrite, players } = sample;
    const { hasPrinted } = this;
    this.hasPrinted = false;
    const ioBytes = (ioRead ?? 0) + (ioWrite ?? 0);
    // While it saves, many a game answers nobody.
    const answers = this.answers(facts);
    // A start script that waits uses no CPU, whatever the game behind it does.
    const cpu = isRootOnly ? null : sample.cpu;
    return this.hang.look({ at, cpu, ioBytes, hasPrinted, isSuspended, players, answers }, this.hangAfterMs);
  }

  private feed(news: NewLines): void {
    if (news.lines.length === 0 && news.skippedBytes === 0) return;
    this.hasPrinted = true;
    if (news.skippedBytes > 0) this.watch.gap();
    const changed = this.watch.feed(news.lines, Date.now());
    const happenings = this.watch.takeHappenings();
    const shown = news.lines.filter((line) => !this.isEcho(line));
    this.onLines({ ...news, lines: shown }, changed, this.isOld ? [] : happenings);
  }
}

function killKind({ code, signal }: Pick<Ending, 'code' | 'signal'>): KillKind {
  if (signal === 'SIGKILL') return 'killed';
  return code === killedCode ? 'passed-on' : 'otherwise';
}
