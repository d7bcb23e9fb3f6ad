import type { Announcements } from '../../../../../src/core/lifecycle/announcement.js';
import { GameTalk } from '../../../../../src/core/lifecycle/gameTalk.js';
import { LogWatch } from '../../../../../src/core/lifecycle/logWatch.js';
import { StopRun, type StopOptions, type StopTarget } from '../../../../../src/core/lifecycle/stopRun.js';
import type { SentLine } from '../../../../../src/core/lifecycle/sendLine.js';
import type { GamesPort } from '../../../../../src/core/ports.js';
import type { Definition, StopStep } from '../../../../../src/shared/contract.js';
import { effective, type Effective } from '../../../../../src/shared/definition.js';
import { builtIn, type Catalogue } from '../../../../../src/shared/games.js';

export const savedLine = '[12:00:00] [INFO] World saved';

/** What a fake game does about a line or a signal; `ends` ends it. */
export interface Game {
  /** Its answer, where it has one. */
  onLine?: (line: string, target: FakeTarget) => string | void | Promise<string | void>;
  /** What it does by an interface of its own. */
  own?: Partial<Pick<GamesPort, 'save' | 'announce' | 'end'>>;
  onSignal?: (signal: string, target: FakeTarget) => boolean;
  onKill?: (target: FakeTarget) => void;
}

/** A server without a process: notes what is done to it, in order, with the seconds since its making. */
export class FakeTarget implements StopTarget {
  readonly watch: LogWatch;
  readonly talk: GameTalk;
  readonly done: string[] = [];
  readonly told: { steps: string[]; endsAt: number | null }[] = [];
  private readonly effective: Effective;
  private readonly ending: Promise<void>;
  /** It shows that it is at work on its end. */
  isAtWork = false;
  isEmpty = false;
  said: Announcements = { language: 'en', stop: undefined, restart: undefined };
  /** Of its console; undefined: UTF-8. */
  encoding: string | undefined;
  private gone = false;
  private resolveExited = (): void => undefined;
  private readonly begun = Date.now();

  constructor(
    private readonly game: Game = {},
    definition: Partial<Definition> = {},
    catalogue: Catalogue = builtIn,
  ) {
    const least = { id: 'a', name: 'a', game: 'demo', launch: { command: 'a' } };
    this.effective = effective({ ...least, ...definition }, catalogue);
    this.watch = new LogWatch(this.effective);
    const { own = {} } = game;
    const never = (): never => {
      throw new Error('not to be called');
    };
    const server = {
      ...{ settings: this.effective, lines: this.watch, consoleFile: 'console.log' },
      writeLine: (line: string) => this.writeLine(line),
    };
    const games: Pick<GamesPort, 'can' | 'save' | 'announce' | 'end'> = {
      can: () => ({ save: 'save' in own, announce: 'announce' in own, end: 'end' in own, actions: [] }),
      ...{ save: never, announce: never, end: never, ...own },
    };
    const ignored = (): void => undefined;
    const care = { saveAsked: ignored, saveTold: ignored, saveFailed: ignored };
    this.talk = new GameTalk(server, games, care, { encodingOf: () => this.encoding });
    this.ending = new Promise((resolve) => (this.resolveExited = resolve));
  }

  settings(): Effective {
    return this.effective;
  }

  announcements(): Announcements {
    return this.said;
  }

  exited(): Promise<void> {
    return this.ending;
  }

  ends(): void {
    this.note('ended');
    this.gone = true;
    this.resolveExited();
  }

  says(line: string): void {
    this.watch.feed([line], Date.now());
  }

  isKnownEmpty(): Promise<boolean> {
    return Promise.resolve(this.isEmpty);
  }

  isEnding(): boolean {
    return this.isAtWork;
  }

  isGone(): boolean {
    return this.gone;
  }

  async writeLine(line: string): Promise<SentLine> {
    this.note(`line ${line}`);
    const reply = await this.game.onLine?.(line, this);
    return typeof reply === 'string' ? { via: 'rcon', reply } : { via: 'stdin', reply: null };
  }

  signal(signal: string): boolean {
    this.note(signal);
    return this.game.onSignal?.(signal, this) ?? true;
  }

  kill(): boolean {
    this.note('kill');
    this.game.onKill?.(this);
    return true;
  }

  stopSent(): void {
    this.note('stopSent');
  }

  progress(steps: StopStep[], endsAt: number | null): void {
    this.told.push({ steps: steps.map(({ step }) => step), endsAt });
  }

  note(what: string): void {
    // A timer of 0 ms takes one.
    this.done.push(`${Math.round((Date.now() - this.begun) / 10) / 100} ${what}`);
  }
}

export interface FakeRun {
  run: StopRun;
  /** 'stopped', or the code with which it was rejected. */
  outcome: Promise<string>;
}

export function stop(target: FakeTarget, options: Partial<StopOptions> = {}): FakeRun {
  const run = new StopRun(target, { countdownSeconds: 0, onlyWait: false, ...options });
  const outcome = run.run().then(
    () => 'stopped',
    (error: unknown) => (error as { code: string }).code,
  );
  return { run, outcome };
}

/** Steps with their outcomes, in short. */
export const stepsOf = (run: StopRun): string[] => run.steps.map(({ step, outcome }) => `${step} ${outcome}`);

/** A game that saves within `saveSeconds` of being asked and ends `endSeconds` after being told to. */
export function willing(saveSeconds = 1, endSeconds = 1): Game {
  return {
    onLine: (line, target) => {
      if (line === 'save') setTimeout(() => target.says(savedLine), saveSeconds * 1000);
      if (line === 'stop') setTimeout(() => target.ends(), endSeconds * 1000);
    },
    onSignal: (_, target) => {
      setTimeout(() => target.ends(), endSeconds * 1000);
      return true;
    },
    onKill: (target) => setTimeout(() => target.ends(), 10),
  };
}
