import type { Life } from './life.js';
import type { RecordKeeper } from './record.js';
import type { Restarter } from './restarter.js';
import type { Stopper } from './stopper.js';

/** An end so short before the word that the PC goes down is part of that: signals to many processes come in no order. */
const freshMs = 2000;

export interface HostDownParts {
  readonly life: Life;
  readonly keeper: RecordKeeper;
  readonly restarter: Restarter;
  readonly stopper: Stopper;
  /** Nothing is brought back any more; true where a stop that is under way was to be followed by a start. */
  callOff(): boolean;
}

/** What becomes of one server when the PC goes down. */
export class HostDown {
  /** Nothing is started, and no end is a crash. */
  isGoing = false;

  constructor(private readonly parts: HostDownParts) {}

  /**
   * Saves and stops it at once, unless somebody else started it, and starts nothing any more. wasTold: the game has been
   * told to stop already. Rejects stop-timeout.
   */
  async begin(wasTold: boolean): Promise<void> {
    this.isGoing = true;
    const { life, keeper, stopper } = this.parts;
    if (life.process === null && life.state.at !== 'starting') {
      this.blame();
      return;
    }
    if (keeper.current?.isOurs === false) return;
    const isUnwanted = !this.parts.callOff() && (stopper.isRunning || life.state.at === 'stopping');
    if (!isUnwanted) {
      keeper.note({ intent: 'stop', stoppedByHost: true });
      const wish = { by: 'host', mode: 'stop', reason: null, restarts: false } as const;
      life.dispatch({ is: 'stopAsked', byHost: true, wish });
    }
    await stopper.stop({ countdownSeconds: 0, onlyWait: wasTold });
  }

  /** The PC has not gone down after all. */
  stay(): void {
    this.isGoing = false;
  }

  /** It does not run: that may be part of the same, and it does not come back now. */
  private blame(): void {
    const { life, keeper, restarter } = this.parts;
    const { exit } = life;
    const hasJustEnded = exit !== null && exit.cause !== 'asked' && exit.at > Date.now() - freshMs;
    if (life.state.at !== 'restarting' && !hasJustEnded) return;
    restarter.cancel();
    life.dispatch({ is: 'hostTook' });
    keeper.note({ exit: life.exit });
  }
}
