import type { Sample } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { ConsolePort, ConsoleReader, NewLines, ProcessReaderPort } from '../ports.js';
import type { ConsoleStart } from './consolePlace.js';
import { LogWatch } from './logWatch.js';
import type { Running } from './state.js';
import { TreeMeter } from './treeMeter.js';

/** Last words this long ago still belong to the end. */
const lastWordsMs = 120_000;

export interface ObservationTools {
  readonly consoles: ConsolePort;
  readonly processes: ProcessReaderPort;
}

/** What is seen of one running process: its lines and its numbers. */
export class Observation {
  readonly watch: LogWatch;
  private readonly tail: ConsoleReader;
  private readonly meter: TreeMeter;

  constructor(
    effective: Effective,
    running: Running,
    console: ConsoleStart,
    tools: ObservationTools,
    private readonly onLines: (news: NewLines, changed: boolean) => void,
  ) {
    this.watch = new LogWatch(effective);
    if (console.offset < 0) this.watch.gap();
    this.tail = tools.consoles.open(console.file, console.offset, {
      look: () => {
        this.poll();
      },
      moved: (cut, bytes) => {
        console.moved(cut, bytes);
      },
    });
    this.meter = new TreeMeter(tools.processes.tree(running));
  }

  /** What was printed while nobody looked: it tells who is on, unless too much of it is missing. */
  catchUp(): void {
    for (let news = this.tail.read(); ; news = this.tail.read()) {
      if (news.skippedBytes > 0) this.watch.gap();
      this.watch.replay(news.lines);
      if (!news.hasMore) return;
    }
  }

  poll(): void {
    for (let news = this.tail.read(); ; news = this.tail.read()) {
      this.feed(news);
      if (!news.hasMore) return;
    }
  }

  sample(now: number): Sample | null {
    const measured = this.meter.read();
    if (measured === undefined) return null;
    const players = this.watch.knowsPlayers ? this.watch.online.size : null;
    return { at: now, ...measured, players, tickRate: null, frameTime: null, apiTime: null };
  }

  /** Takes in the last words; answers whether they were those of an orderly stop. */
  end(): { saidStopping: boolean } {
    this.poll();
    this.feed(this.tail.finish());
    this.dispose();
    const { stoppingAt } = this.watch;
    return { saidStopping: stoppingAt !== null && stoppingAt > Date.now() - lastWordsMs };
  }

  dispose(): void {
    this.tail.dispose();
    this.meter.dispose();
  }

  private feed(news: NewLines): void {
    if (news.lines.length === 0 && news.skippedBytes === 0) return;
    if (news.skippedBytes > 0) this.watch.gap();
    this.onLines(news, this.watch.feed(news.lines, Date.now()));
  }
}
