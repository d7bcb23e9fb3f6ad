import { Failure } from '../../../shared/failure.js';

/** Few enough that none of them is worth waiting for in vain. */
const maxWaiting = 8;

/** wish: somebody waits for it. poll: it can be done again at any time. */
export type Kind = 'wish' | 'poll';

interface Turn {
  readonly kind: Kind;
  /** A poll is called off when somebody wants something. */
  readonly interrupted: AbortController;
  begin(): void;
}

/** One server's turns: one ask at a time, wishes before polls. */
export class Turns {
  private readonly waiting: Turn[] = [];
  private current: Turn | undefined;

  /** waitMs: how long a wish waits for its turn. */
  constructor(private readonly waitMs: number) {}

  /**
   * Does the work when it is its turn; the turn lasts until the work settles. `interrupted` fires where a poll is to make
   * room. Rejects busy where too many wait or it takes too long, cancelled, and as the work does.
   */
  async take<T>(kind: Kind, signal: AbortSignal, work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
    const interrupted = new AbortController();
    await this.wait(kind, signal, interrupted);
    try {
      return await work(interrupted.signal);
    } finally {
      this.current = this.waiting.shift();
      this.current?.begin();
    }
  }

  private async wait(kind: Kind, signal: AbortSignal, interrupted: AbortController): Promise<void> {
    if (signal.aborted) throw new Failure('cancelled');
    if (this.current === undefined) {
      this.current = { kind, interrupted, begin: () => undefined };
      return;
    }
    if (this.waiting.length >= maxWaiting) throw new Failure('busy');
    await new Promise<void>((resolve, reject) => {
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      };
      const leave = (code: 'cancelled' | 'busy'): void => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        over();
        reject(new Failure(code));
      };
      const cancel = (): void => leave('cancelled');
      const turn: Turn = {
        kind,
        interrupted,
        begin: () => {
          over();
          resolve();
        },
      };
      const timer = kind === 'wish' ? setTimeout(leave, this.waitMs, 'busy') : undefined;
      signal.addEventListener('abort', cancel);
      this.put(turn);
    });
  }

  private put(turn: Turn): void {
    const firstPoll = this.waiting.findIndex(({ kind }) => kind === 'poll');
    if (turn.kind === 'poll' || firstPoll === -1) this.waiting.push(turn);
    else this.waiting.splice(firstPoll, 0, turn);
    if (turn.kind === 'wish' && this.current?.kind === 'poll') this.current.interrupted.abort();
  }
}
