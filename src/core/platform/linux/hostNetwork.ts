import fs from 'node:fs';
import { numberAt, openKept, readKept } from './procFile.js';

const colon = 58;
const newline = 10;
const space = 32;
/** Which interfaces are there changes with cables and containers, not from round to round. */
const sortedEveryMs = 60_000;
/** A mean over some seconds says as much of a network, for less. */
const everyMs = 5000;
/** Of the numbers behind an interface's name: bytes received, and bytes sent. */
const received = 0;
const sent = 8;

/** Bytes per second; null at the first reading, and where they cannot be told. */
export interface NetworkRates {
  readonly netIn: number | null;
  readonly netOut: number | null;
}

const unknown: NetworkRates = { netIn: null, netOut: null };

/**
 * What goes over the machine's own cables and radios, from /proc/net/dev through a descriptor that stays open. What a bridge or a
 * container's interface carries goes over those as well, or does not leave the machine. Where there are none, as in
 * a container, every interface but the loopback counts.
 */
export class HostNetwork {
  private readonly fd: number | undefined;
  private counted: ReadonlySet<string> = new Set();
  private known = '';
  private sortedAt = -Infinity;
  private at = NaN;
  private lastIn = NaN;
  private lastOut = NaN;
  private last = unknown;
  /** The interfaces of the latest reading, and where the numbers of each begin. */
  private readonly names: string[] = [];
  private readonly places: number[] = [];

  constructor(
    file = '/proc/net/dev',
    private readonly isReal = (name: string): boolean => fs.existsSync(`/sys/class/net/${name}/device`),
  ) {
    this.fd = openKept(file);
  }

  /** now: milliseconds of a clock that nobody sets. Rates since the latest reading, which is made each five seconds. */
  read(now = performance.now()): NetworkRates {
    if (now - this.at < everyMs) return this.last;
    return (this.last = this.measure(now));
  }

  private measure(now: number): NetworkRates {
    const bytes = this.fd === undefined ? undefined : readKept(this.fd);
    if (bytes === undefined) return unknown;
    this.find(bytes);
    const isSame = this.sort(now);
    let into = 0;
    let out = 0;
    for (let n = 0; n < this.names.length; n++) {
      if (!this.counted.has(this.names[n] ?? '')) continue;
      const at = this.places[n] ?? 0;
      into += columnAt(bytes, at, received);
      out += columnAt(bytes, at, sent);
    }
    const seconds = (now - this.at) / 1000;
    const rates = { netIn: (into - this.lastIn) / seconds, netOut: (out - this.lastOut) / seconds };
    this.at = now;
    this.lastIn = into;
    this.lastOut = out;
    // Another set of interfaces has other sums, and one that was reset has less than before.
    const isKnown = isSame && this.counted.size > 0 && rates.netIn >= 0 && rates.netOut >= 0 && seconds > 0;
    return isKnown ? rates : unknown;
  }

  private find(bytes: Buffer): void {
    const { names, places } = this;
    names.length = 0;
    places.length = 0;
    for (let line = 0; line < bytes.length;) {
      const found = bytes.indexOf(newline, line);
      const end = found < 0 ? bytes.length : found;
      const mark = bytes.indexOf(colon, line);
      // The two lines of headings have none.
      if (mark >= 0 && mark < end) {
        while (bytes[line] === space) line++;
        names.push(bytes.toString('latin1', line, mark));
        places.push(mark + 1);
      }
      line = end + 1;
    }
  }

  /** Looks which interfaces count, where that is due. True where those are the same as before. */
  private sort(now: number): boolean {
    const known = this.names.join('/');
    if (now - this.sortedAt < sortedEveryMs && known === this.known) return true;
    this.sortedAt = now;
    this.known = known;
    const others = this.names.filter((name) => name !== 'lo');
    const real = others.filter((name) => this.isReal(name));
    const counted = new Set(real.length > 0 ? real : others);
    const isSame = isEqual(counted, this.counted);
    this.counted = counted;
    return isSame;
  }
}

/** The n-th number (0-based), however many blanks stand before each. */
function columnAt(bytes: Buffer, start: number, n: number): number {
  let at = start;
  for (let passed = 0; ; passed++) {
    while (bytes[at] === space) at++;
    if (passed === n) return numberAt(bytes, at, 0);
    while (at < bytes.length && bytes[at] !== space && bytes[at] !== newline) at++;
  }
}

function isEqual(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  if (some.size !== others.size) return false;
  for (const one of some) if (!others.has(one)) return false;
  return true;
}
