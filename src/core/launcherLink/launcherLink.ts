import os from 'node:os';
import { connect } from '../../node/coreConnection.js';
import { readToken, type Endpoints } from '../../node/endpoint.js';
import { launcherFlags } from '../../node/environment.js';
import { Peer } from '../../node/peer.js';
import { startDetached } from '../../node/startDetached.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type {
  CoreCommand,
  LaunchedProcess,
  LauncherNotifications,
  LauncherRequests,
  ProcessExit,
  SpawnRequest,
} from '../../shared/launcherProtocol.js';
import type { Disposable, Launch, Log, SpareStarter } from '../ports.js';

const connectMs = 2000;
const startMs = 15_000;
const retryMs = 5000;
/** A launcher that has left because the PC goes down is replaced only when the PC has not. */
const goneDownMs = 30_000;

export interface LauncherOptions {
  /** The launcher's bundle. */
  script: string;
  dataDir: string;
  endpoints: Endpoints;
  /** How the launcher starts this core again; null: not at all. */
  core: CoreCommand | null;
  log: Log;
}

export interface HostHandlers {
  /** False: this core does not see to the servers, being about to leave. */
  goingDown(): boolean;
  /** It has not gone down after all: there is a launcher again that knows nothing of it. */
  stays(): void;
}

/** The core's end of the launcher: finds one or starts one, and replaces one that died. */
export class LauncherLink implements Launch, Disposable {
  private peer: Peer | undefined;
  private spare: SpareStarter | undefined;
  private readonly launched = new Map<string, LaunchedProcess>();
  private readonly exitHandlers = new Set<(exit: ProcessExit) => void>();
  private readonly lostHandlers = new Set<() => void>();
  private host: HostHandlers | undefined;
  private retry: NodeJS.Timeout | undefined;
  private disposed = false;
  /** Until then, open() itself sees to it that there is one. */
  private isOpen = false;
  pid: number | null = null;
  /** The launcher has said that the PC goes down. */
  isHostGoing = false;

  constructor(private readonly options: LauncherOptions) {}

  /** Connects to the launcher of this directory, or starts one. To be called before this process lowers itself. */
  async open(): Promise<void> {
    await this.find();
    this.isOpen = true;
  }

  private async find(): Promise<void> {
    if (await this.tryConnect()) {
      if (!(await this.isTooLow())) return;
      await this.awaitDeparture();
    }
    this.startLauncher();
    await this.awaitLauncher();
  }

  /** From here on a new launcher is started by the spare, at normal priority. To be called just before lowering. */
  prepareSpare(make: (exec: string, args: readonly string[], cwd: string) => SpareStarter | undefined): void {
    this.spare = make(process.execPath, this.launcherArgs(), this.options.dataDir);
  }

  processes(): readonly LaunchedProcess[] {
    return [...this.launched.values()];
  }

  async spawn(request: SpawnRequest): Promise<LaunchedProcess> {
    const launched = (await this.request('process/spawn', request)) as LaunchedProcess;
    this.launched.set(launched.id, launched);
    return launched;
  }

  async write(id: string, line: string, encoding?: string): Promise<void> {
    await this.request('process/write', { id, line, ...(encoding === undefined ? {} : { encoding }) });
  }

  told(id: string, byCtrlC = false): void {
    // Another launcher's business where there is none now, and none of one that does not know the request.
    this.request('process/told', { id, ...(byCtrlC ? { byCtrlC } : {}) }).catch(() => undefined);
  }

  /** From here on what the launcher says of the PC is passed on; what it has said already, at once. */
  onHost(handlers: HostHandlers): void {
    this.host = handlers;
    if (this.isHostGoing) this.passOnGoingDown();
  }

  /** The PC goes down, and what could be done for the servers is done. */
  noteStopped(): void {
    // A launcher that has left already knows.
    this.request('host/stopped', {}).catch(() => undefined);
  }

  /** This core leaves on purpose. */
  async release(): Promise<void> {
    try {
      await this.peer?.request('launcher/release', {}, { timeoutMs: 2000 });
    } catch (error) {
      this.options.log.write('warn', 'launcher', 'release not heard', { error: messageOf(error) });
    }
  }

  onExit(handle: (exit: ProcessExit) => void): Disposable {
    this.exitHandlers.add(handle);
    return { dispose: () => this.exitHandlers.delete(handle) };
  }

  onLost(handle: () => void): Disposable {
    this.lostHandlers.add(handle);
    return { dispose: () => this.lostHandlers.delete(handle) };
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.retry);
    this.spare?.dispose();
    this.peer?.close();
  }

  /**
   * A launcher that could only be started by a core that had lowered itself already hands its niceness down to every
   * game. While it has none, it is replaced.
   */
  private async isTooLow(): Promise<boolean> {
    const { pid } = this;
    if (pid === null) return false;
    const nice = niceOf(pid);
    // On Windows a launcher makes itself normal whoever has started it, and no more than that.
    const own = process.platform === 'win32' ? Math.max(0, os.getPriority()) : os.getPriority();
    if (nice === null || nice <= own) return false;
    try {
      await this.request('launcher/leave', {});
      return true;
    } catch (error) {
      this.options.log.write('warn', 'launcher', 'servers start at low priority until these have ended', {
        nice,
        servers: [...this.launched.keys()],
        error: messageOf(error),
      });
      return false;
    }
  }

  private async awaitDeparture(): Promise<void> {
    const deadline = Date.now() + connectMs;
    while (this.peer !== undefined && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private async request(method: keyof LauncherRequests, params: object): Promise<unknown> {
    const { peer } = this;
    if (peer === undefined) throw new Failure('unreachable', { what: 'launcher' }, 'the launcher is being replaced');
    return await peer.request(method, params);
  }

  private async tryConnect(): Promise<boolean> {
    const { endpoints, core, log } = this.options;
    let peer: Peer | undefined;
    try {
      peer = new Peer(await connect(endpoints.launcher, connectMs), undefined);
      const exits = peer.on('process/exited', (params) => {
        this.noteExit(params as LauncherNotifications['process/exited']);
      });
      let isGoing = false;
      const goings = peer.on('host/goingDown', () => {
        isGoing = true;
        // It may come right behind the greeting, before that has been looked at.
        if (this.peer === peer) this.noteHost(true);
      });
      const hello = (await peer.request('launcher/hello', {
        token: readToken(endpoints.tokenFile),
        protocol: 1,
        core,
      })) as LauncherRequests['launcher/hello']['result'];
      this.launched.clear();
      for (const process of hello.processes) this.launched.set(process.id, process);
      this.pid = hello.pid;
      this.peer = peer;
      this.noteHost(isGoing || (hello.goingDown ?? false));
      peer.onClose(() => {
        exits.dispose();
        goings.dispose();
        this.lost();
      });
      return true;
    } catch (error) {
      peer?.close();
      if (!Failure.is(error, 'unreachable')) log.write('warn', 'launcher', 'no answer', { error: messageOf(error) });
      return false;
    }
  }

  private noteExit(exit: ProcessExit): void {
    if (this.launched.get(exit.id)?.nonce === exit.nonce) this.launched.delete(exit.id);
    for (const handle of this.exitHandlers) handle(exit);
  }

  private lost(): void {
    const { pid } = this;
    this.peer = undefined;
    this.pid = null;
    this.launched.clear();
    if (this.disposed || !this.isOpen) return;
    for (const handle of this.lostHandlers) handle();
    if (this.isHostGoing) {
      this.options.log.write('info', 'launcher', 'the launcher has left, as the PC goes down', { pid });
      this.retry = setTimeout(() => void this.replace(), goneDownMs);
      return;
    }
    this.options.log.write('error', 'launcher', 'the launcher is gone; starting another', { pid });
    void this.replace();
  }

  private noteHost(isGoing: boolean): void {
    const was = this.isHostGoing;
    this.isHostGoing = isGoing;
    if (isGoing) this.passOnGoingDown();
    else if (was) this.host?.stays();
  }

  private passOnGoingDown(): void {
    if (this.host?.goingDown() !== true) return;
    this.request('host/stopping', {}).catch((error: unknown) => {
      this.options.log.write('warn', 'launcher', 'not heard that the servers are seen to', { error: messageOf(error) });
    });
  }

  private async replace(): Promise<void> {
    if (this.disposed) return;
    try {
      this.startLauncher();
      await this.awaitLauncher();
      for (const handle of this.lostHandlers) handle();
    } catch (error) {
      this.options.log.write('error', 'launcher', 'could not be replaced', { error: messageOf(error) });
      this.retry = setTimeout(() => void this.replace(), retryMs);
    }
  }

  private startLauncher(): void {
    if (this.spare?.start() ?? false) return;
    const launcher = startDetached(process.execPath, this.launcherArgs(), this.options.dataDir);
    launcher.on('error', (error) => {
      this.options.log.write('error', 'launcher', 'could not be started', { error: error.message });
    });
  }

  private async awaitLauncher(): Promise<void> {
    const deadline = Date.now() + startMs;
    while (!(await this.tryConnect())) {
      if (this.disposed) return;
      if (Date.now() > deadline) throw new Failure('timeout', { what: 'launcher', ms: startMs });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private launcherArgs(): string[] {
    return [...launcherFlags, this.options.script, '--data-dir', this.options.dataDir];
  }
}

function niceOf(pid: number): number | null {
  try {
    return os.getPriority(pid);
  } catch {
    return null;
  }
}
