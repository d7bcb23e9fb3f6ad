import {
  createWindow,
  endSession,
  isSessionEnding,
  message,
  setShutdownLevel,
  type Window,
} from '../../node/windows/window.js';
import type { ShutdownWatch } from '../shutdownWatch.js';

/**
 * So often messages are looked for. Whoever broadcasts one waits so long for this window; each look is one call that
 * finds nothing.
 */
const pumpMs = 500;
/**
 * So long nothing more is heard after the question whether the session may end. Where the answer does not count, the
 * next message is the end itself: until it has been taken, for 5 s at most, Windows lets this process and the servers live.
 */
const silenceMs = 4000;
/** The first of what is no part of the system: before the games, their consoles and VS Code, all of which have 0x280. */
const firstLevel = 0x3ff;

/**
 * Windows asks every program that has a window before it ends the session of its user, for whatever reason, and shows
 * those that refuse, with the reason that they have given. So this process refuses while servers are being saved and stopped,
 * and then leaves: Windows goes on when the last one that refused has ended.
 */
export class EndSessionWatch implements ShutdownWatch {
  private window: Window | undefined;
  private timer: NodeJS.Timeout | undefined;
  private silentUntil = 0;

  constructor(private readonly onGoingDown: () => void) {}

  hold(wanted: boolean): void {
    try {
      if (wanted) this.begin();
      else this.end();
    } catch {
      // A Windows without one of these calls: the servers are more than the word of its end.
    }
  }

  private begin(): void {
    if (this.window !== undefined) return;
    // Without success the next attempt is made when something happens to a server.
    this.window = createWindow('Game Server Panel', (...received) => this.answer(...received));
    if (this.window === undefined) return;
    setShutdownLevel(firstLevel);
    // At once and not only when asked: one that cannot be seen and has given no reason is ended when it refuses.
    this.window.setReason(reason());
    this.timer = setInterval(() => {
      this.pump();
    }, pumpMs);
    this.timer.unref();
  }

  private end(): void {
    const { window } = this;
    this.window = undefined;
    clearInterval(this.timer);
    this.timer = undefined;
    window?.destroy();
  }

  private pump(): void {
    if (Date.now() >= this.silentUntil) this.window?.pump();
  }

  private answer(what: number, wParam: number, lParam: number): number | undefined {
    // Only its maker ends it, whatever goes round asking windows to close.
    if (what === message.close) return 0;
    if (what !== message.queryEndSession && what !== message.endSession) return undefined;
    // An installer wants to replace a file that this process has open: the PC stays, and so do the servers.
    if ((lParam & endSession.closeApp) !== 0 && !isSessionEnding()) return 0;
    const isCertain = what === message.endSession;
    // The end called off again: servers that have been told to stop cannot be told otherwise.
    if (isCertain && wParam === 0) return 0;
    if (!isCertain) this.silentUntil = Date.now() + ((lParam & endSession.critical) === 0 ? silenceMs : Infinity);
    // Windows gets its answer first.
    setImmediate(this.onGoingDown);
    return 0;
  }
}

/** Shown by Windows itself. The launcher knows no other language than that of the system. */
function reason(): string {
  const isKorean = Intl.DateTimeFormat().resolvedOptions().locale.startsWith('ko');
  return isKorean ? '게임 서버를 세이브하고 종료하는 중입니다' : 'Game servers are being saved and stopped';
}
