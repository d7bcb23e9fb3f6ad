import type { Owned } from '../node/ownership.js';
import { Failure } from '../shared/failure.js';
import type { ProcessExit } from '../shared/launcherProtocol.js';
import { version } from '../shared/version.js';
import { CoreKeeper } from './coreKeeper.js';
import { Cores } from './cores.js';
import { ExitLog } from './exitLog.js';
import { GoingDown } from './goingDown.js';
import { LogindWatch } from './logindWatch.js';
import { Processes } from './processes.js';
import { noShutdownWatch, type ShutdownWatch } from './shutdownWatch.js';
import { stdinPath, writeServerStdin } from './stdinPipe.js';

const leaveAfterMs = 60_000;
/** What was said last still has to go out. */
const lastWordsMs = 100;
/** An end so short before the word that the PC goes down is part of that: signals come in no order. */
const freshMs = 2000;

/** The one place where the launcher's parts meet. */
export class Launcher {
  readonly cores: Cores;
  readonly goingDown: GoingDown;
  private readonly startedAt = Date.now();
  private readonly keeper = new CoreKeeper();
  private readonly exitLog: ExitLog;
  private readonly processes: Processes;
  private readonly watch: ShutdownWatch;
  /** Those that have just ended. */
  private recent: ProcessExit[] = [];
  private leaving: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataDir: string,
    token: string,
    private readonly owned: Owned,
  ) {
    this.exitLog = new ExitLog(dataDir);
    this.processes = new Processes(dataDir, (exit) => {
      this.exited(exit);
    });
    this.goingDown = this.makeGoingDown();
    const begin = (): void => {
      this.goingDown.begin();
    };
    this.watch = process.platform === 'linux' ? new LogindWatch(begin) : noShutdownWatch;
    this.cores = this.makeCores(token);
  }

  /** To be called whenever a core or a server has come or gone. */
  review(): void {
    clearTimeout(this.leaving);
    if (this.goingDown.hasBegun) {
      this.goingDown.review();
      return;
    }
    this.watch.hold(this.processes.count > 0);
    if (this.cores.count === 0 && this.processes.count === 0) {
      this.leaving = setTimeout(() => process.exit(0), leaveAfterMs);
    }
  }

  private exited(exit: ProcessExit): void {
    this.exitLog.append(exit);
    this.recent = [...this.recent.filter(isFresh), exit];
    this.cores.notify('process/exited', exit);
    this.review();
  }

  private leave(): void {
    this.watch.hold(false);
    this.owned.release();
    setTimeout(() => process.exit(0), lastWordsMs);
  }

  private makeGoingDown(): GoingDown {
    const { processes } = this;
    return new GoingDown({
      servers: () => processes.list().map(({ id, toldAt }) => ({ id, toldAt, farewell: processes.farewell(id) })),
      hasCore: () => this.cores.count > 0,
      announce: () => {
        clearTimeout(this.leaving);
        this.keeper.end();
        this.exitLog.appendGoingDown([...processes.list(), ...this.recent.filter(isFresh)], Date.now());
        this.cores.notify('host/goingDown', {});
      },
      tell: (id, farewell) => {
        processes.tell(id, farewell);
      },
      leave: () => {
        this.leave();
      },
    });
  }

  private makeCores(token: string): Cores {
    const { processes, keeper, goingDown, startedAt, dataDir } = this;
    return new Cores({
      token,
      hello: () => {
        const state = { startedAt, processes: processes.list(), goingDown: goingDown.hasBegun };
        return { protocol: 1, version, pid: process.pid, ...state };
      },
      handlers: {
        'launcher/release': () => {
          keeper.release();
        },
        'launcher/leave': () => {
          if (processes.count > 0) throw new Failure('busy', { servers: processes.count });
          this.leave();
        },
        'process/spawn': async (request) => {
          if (goingDown.hasBegun) throw new Failure('busy', { id: request.id, what: 'host' }, 'the PC goes down');
          const launched = await processes.spawn(request);
          this.review();
          return launched;
        },
        'process/write': ({ id, line, encoding }) => {
          writeServerStdin(stdinPath(dataDir, id), line, encoding);
        },
        'process/told': ({ id }) => {
          processes.noteTold(id);
        },
        'host/stopping': () => {
          goingDown.taken();
        },
        'host/stopped': () => {
          goingDown.done();
        },
      },
      onConnected: (command) => {
        keeper.connected(command);
        this.review();
      },
      onAlone: () => {
        keeper.disconnected();
        this.review();
      },
    });
  }
}

function isFresh({ at }: ProcessExit): boolean {
  return at > Date.now() - freshMs;
}
