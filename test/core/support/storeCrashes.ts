import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { minutesOf } from '../../unit/core/store/support/numbered.js';
import type { Plan, Said } from './storeLife.js';

const engineFolder = path.resolve(import.meta.dirname, '../../../node_modules/sql.js/dist');
/** So many lives follow each other on one folder; then a new one, for the very first moments of a history. */
const livesPerFolder = 40;
/** A child that says nothing for so long hangs. */
const deadlineMs = 60_000;

/** What the parent knows of a folder: what has to be there, and what may be. */
interface Known {
  folder: string;
  lives: number;
  /** Numbers of samples and events that were acknowledged, or were found once. */
  readonly safe: Set<number>;
  /** Every number below was added at some time. */
  tried: number;
}

/** Where the programs ended, and how often: `write metrics.journal` and so on, of the last call that was told. */
export type Ends = Map<string, number>;

/** Ends a program that keeps a history at random moments, and each time compares what the next one finds. */
export class StoreCrashes {
  readonly ends: Ends = new Map();
  acknowledged = 0;
  private known: Known;

  constructor(
    private readonly root: string,
    private readonly program: string,
    private readonly random: () => number,
  ) {
    this.known = this.begin();
  }

  async round(): Promise<void> {
    if (this.known.lives >= livesPerFolder) {
      await this.look();
      fs.rmSync(this.known.folder, { recursive: true });
      this.known = this.begin();
    }
    this.known.lives++;
    const batches = 12;
    if (this.random() < 0.5) {
      const when = (['before', 'half', 'after'] as const)[Math.floor(this.random() * 3)] ?? 'before';
      await this.life({ first: this.known.tried, batches, end: { call: Math.floor(this.random() * 105), when } });
    } else {
      // Spread over all that is said, and the time after it.
      const line = Math.floor(this.random() * 125);
      await this.life({ first: this.known.tried, batches }, { line, pauseMs: this.random() * this.random() * 12 });
    }
  }

  /** Opens the folder once more and lets the program end by itself. */
  async look(): Promise<void> {
    await this.life({ first: this.known.tried, batches: 0 });
  }

  private begin(): Known {
    return { folder: fs.mkdtempSync(path.join(this.root, 'history-')), lives: 0, safe: new Set(), tried: 0 };
  }

  private async life(plan: Plan, kill?: { line: number; pauseMs: number }): Promise<void> {
    const { known } = this;
    const child = spawn(process.execPath, [this.program, known.folder, engineFolder, JSON.stringify(plan)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const watch = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_, signal) => {
        resolve(signal);
      }),
    );
    let lines = 0;
    let last = 'nothing';
    let hasClosed = false;
    for await (const text of createInterface({ input: child.stdout })) {
      if (lines++ === kill?.line) void pauseFor(kill.pauseMs).then(() => child.kill('SIGKILL'));
      const said = parsed(text);
      if (said === undefined) continue;
      if ('call' in said) last = said.call;
      if ('found' in said) this.judge(said.found);
      if ('adding' in said) known.tried = said.adding;
      if ('acknowledged' in said) {
        for (let number = plan.first; number < said.acknowledged; number++) known.safe.add(number);
        this.acknowledged++;
      }
      hasClosed ||= 'closed' in said;
    }
    const signal = await ended;
    clearTimeout(watch);
    if (signal !== 'SIGKILL' && !hasClosed) throw new Error(`the program ended by itself, after ${last}`);
    const end = signal === null ? 'its own end' : last;
    this.ends.set(end, (this.ends.get(end) ?? 0) + 1);
  }

  private judge({ samples, minutes, events, findings }: Extract<Said, { found: unknown }>['found']): void {
    const { safe, tried } = this.known;
    const wrong = findings.filter((finding) => !finding.startsWith('{"is":"torn"'));
    if (wrong.length > 0) throw new Error(`told: ${wrong.join(', ')}`);
    for (const [what, numbers] of Object.entries({ samples, events })) {
      const there = new Set(numbers);
      if (there.size < numbers.length) throw new Error(`${what} are there twice`);
      const lost = [...safe].filter((number) => !there.has(number));
      if (lost.length > 0) throw new Error(`${what} are lost: ${lost.join(' ')}`);
      const strange = numbers.filter((number) => !(number >= 0 && number < tried));
      if (strange.length > 0) throw new Error(`${what} that nobody added: ${strange.join(' ')}`);
    }
    const expected = minutesOf(samples);
    if (JSON.stringify(minutes) !== JSON.stringify(expected)) {
      throw new Error(`the minutes are not the samples': ${JSON.stringify(minutes)}, ${JSON.stringify(expected)}`);
    }
    if (samples.length !== events.length) throw new Error('half of a batch is there');
    // What was found once stays.
    for (const number of samples) safe.add(number);
  }
}

/** The last line may be half of one. */
function parsed(text: string): Said | undefined {
  try {
    return JSON.parse(text) as Said;
  } catch {
    return undefined;
  }
}
