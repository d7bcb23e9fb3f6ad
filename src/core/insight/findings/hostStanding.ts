/** The PC at a measurement. Percent; null: not known. cores: how many there are. */
export interface HostAt {
  readonly cpu: number | null;
  readonly memoryUsed: number | null;
  readonly memoryTotalBytes: number | null;
  readonly pressureCpu?: number | null;
  readonly pressureIo?: number | null;
  readonly cores?: number | null;
}

const smoothMs = 60_000;
const fullPercent = 90;
/** Percent of the time in which something waits for a CPU, or for a disk, from which on that is felt. */
const waitingPercent = 40;
/** A server that uses most of what is used has itself to blame. */
const ownShare = 0.5;
const oneCorePercent = 90;

/** Whether the PC has time left, over about a minute, and whose doing it is where it has not. */
export class HostStanding {
  private cpu = NaN;
  private pressureCpu = NaN;
  private pressureIo = NaN;
  private own = NaN;
  private cores = NaN;
  private thread = NaN;
  freeBytes = NaN;

  /** own: percent of one core that the server uses; thread: its busiest thread's; NaN: not known. ms: what this stands for. */
  add(ms: number, host: HostAt | undefined, own: number, thread: number): void {
    const share = 1 - Math.exp(-ms / smoothMs);
    this.own = mixed(this.own, own, share);
    this.thread = thread;
    if (host === undefined) return;
    this.cpu = mixed(this.cpu, host.cpu ?? NaN, share);
    this.pressureCpu = mixed(this.pressureCpu, host.pressureCpu ?? NaN, share);
    this.pressureIo = mixed(this.pressureIo, host.pressureIo ?? NaN, share);
    this.cores = host.cores ?? NaN;
    this.freeBytes = (host.memoryTotalBytes ?? NaN) * (1 - (host.memoryUsed ?? NaN) / 100);
  }

  /** The PC is full, and this server is not why. */
  get isFullOfOthers(): boolean {
    const isFull = this.cpu >= fullPercent || this.pressureCpu >= waitingPercent;
    return isFull && !(this.own / this.cores >= ownShare * this.cpu);
  }

  get isDiskBusy(): boolean {
    return this.pressureIo >= waitingPercent;
  }

  /** The server has one core's worth to do at least, in one thread as far as that is known. */
  get isOneCoreFull(): boolean {
    return Number.isNaN(this.thread) ? this.own >= oneCorePercent : this.thread >= oneCorePercent;
  }
}

function mixed(old: number, value: number, share: number): number {
  if (Number.isNaN(value)) return old;
  return Number.isNaN(old) ? value : old + (value - old) * share;
}
