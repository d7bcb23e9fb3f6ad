import { spawn, type ChildProcess } from 'node:child_process';
import { cleanEnvironment } from '../node/environment.js';
import { SystemBus } from './systemBus.js';
import type { ShutdownWatch } from './shutdownWatch.js';

const rule = [
  "type='signal'",
  "sender='org.freedesktop.login1'",
  "path='/org/freedesktop/login1'",
  "interface='org.freedesktop.login1.Manager'",
  "member='PrepareForShutdown'",
].join(',');

/**
 * systemd's logind tells when the PC is about to go down and waits for those who hold a delay lock, by default 5 s. The
 * lock is a file descriptor, which Node cannot receive: `systemd-inhibit` holds it, for as long as its input is open,
 * which ends with this process however that ends. The signal is heard on the bus itself.
 */
export class LogindWatch implements ShutdownWatch {
  private bus: SystemBus | undefined;
  private inhibitor: ChildProcess | undefined;

  constructor(private readonly onGoingDown: () => void) {}

  hold(wanted: boolean): void {
    if (wanted) this.begin();
    else this.end();
  }

  private begin(): void {
    if (this.bus !== undefined) return;
    const bus = new SystemBus({
      rule,
      // Not before the bus has answered: without logind, starting the helper would be in vain.
      onReady: () => {
        this.inhibitor = this.startInhibitor();
      },
      onSignal: ({ member, body }) => {
        if (member === 'PrepareForShutdown' && body.some((byte) => byte !== 0)) this.onGoingDown();
      },
      onEnd: () => {
        if (this.bus === bus) this.end();
      },
    });
    this.bus = bus;
  }

  /**
   * Also where there is no bus, no logind or no such program, or one of them has ended: the next attempt is made when
   * something happens to a server, not by the clock.
   */
  private end(): void {
    const { bus, inhibitor } = this;
    this.bus = undefined;
    this.inhibitor = undefined;
    bus?.close();
    inhibitor?.stdin?.end();
  }

  private startInhibitor(): ChildProcess {
    const what = [
      '--what=shutdown',
      '--mode=delay',
      '--who=Game Server Panel',
      '--why=Saving and stopping game servers',
    ];
    const child = spawn('systemd-inhibit', [...what, 'cat'], {
      // A session of its own: only its input's end and the system end it.
      detached: true,
      env: cleanEnvironment(process.env),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    const ended = (): void => {
      if (this.inhibitor === child) this.end();
    };
    child.once('error', ended);
    child.once('exit', ended);
    return child;
  }
}
