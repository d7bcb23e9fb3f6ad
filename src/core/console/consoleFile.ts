import fs from 'node:fs';
import path from 'node:path';
import { errorCode } from '../../node/files.js';
import { messageOf } from '../../shared/failure.js';
import type { ConsoleFollower, ConsolePlace, ConsoleReader, FileRangePort, Log } from '../ports.js';
import { ConsoleEncoding } from './consoleEncoding.js';
import { makeRoom, olderFile } from './consoleFiles.js';
import { ConsoleTail } from './consoleTail.js';
import { dropCopy, dropCut, hasHappened, makeCopyFolder, noteCut, putInPlace, type Cut } from './cut.js';
import { copyHead } from './headCopy.js';
import { lastLines } from './history.js';
import { Leftover } from './leftover.js';
import type { ConsoleLimits } from './limits.js';
import { pauseAfter } from './retry.js';

/** A file that cannot be cut is spoken of when it is this large. */
const warnBytes = 100 * 1024 * 1024;
/** So often a leftover is tried to be finished before the file is read on without knowing: about half a minute. */
const heldTimes = 3;

export interface ConsoleTools {
  readonly ranges: FileRangePort;
  readonly log: Log;
  limits(): ConsoleLimits;
  /** Milliseconds that never go back. */
  now(): number;
  /** From one cut of a file to the next, milliseconds: a flood must not make this process copy without end. */
  readonly restMs: number;
  /** One at a time over all files. */
  inTurn(work: () => Promise<void>): Promise<void>;
  isClosing(): boolean;
  /** See systemEncodings. */
  systemEncodings(): readonly string[];
}

/** One server's console file: who follows it, and when its older part moves to files of its own. */
export class ConsoleFile {
  readonly encoding: ConsoleEncoding;
  private readonly followers = new Map<ConsoleTail, ConsoleFollower>();
  private readonly id: string;
  private isRotating = false;
  private cutting: { bytes: number; done: Promise<void> } | undefined;
  private restUntil = -Infinity;
  private failures = 0;
  private cannotCut: boolean;
  private hasWarned = false;
  private timer: NodeJS.Timeout | undefined;
  /** Between a start's begin and the opening of its reader: what was cut off meanwhile. */
  private begun: { cut: number; bytes: number } | undefined;
  private readonly leftover: Leftover;
  /** A place noted by an earlier core, for as long as it is not known whether the file was cut after that. */
  private resumed: { noted: ConsolePlace; note: (place: ConsolePlace) => void } | undefined;

  constructor(
    private readonly file: string,
    private readonly tools: ConsoleTools,
  ) {
    this.encoding = new ConsoleEncoding(() => tools.systemEncodings());
    this.id = path.basename(path.dirname(file));
    this.cannotCut = !tools.ranges.canCollapse;
    this.leftover = new Leftover(file, {
      ranges: tools.ranges,
      limits: () => tools.limits(),
      isBusy: () => this.isRotating,
      isClosing: () => tools.isClosing(),
      decided: (cut, isGone) => {
        this.decided(cut, isGone);
      },
      failed: (error, times) => {
        if (times === 1) this.tell('warn', 'an unfinished cut could not be finished', { error: messageOf(error) });
        if (times > heldTimes) this.letGo();
      },
    });
  }

  get size(): number {
    return fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  get busy(): Promise<void> | undefined {
    return this.cutting?.done;
  }

  open(offset: number, follower: ConsoleFollower): ConsoleReader {
    const { begun } = this;
    this.begun = undefined;
    const isBehind = begun !== undefined && begun.bytes > 0;
    const events = {
      seen: (size: number) => {
        this.seen(size);
      },
      flooded: (skipped: number) => {
        this.tell('warn', 'a server prints faster than can be read', { skipped });
      },
    };
    const from = Math.max(0, isBehind ? offset - begun.bytes : offset);
    const tail = new ConsoleTail(this.file, from, events, () => this.tools.now(), this.encoding);
    if (isBehind) follower.moved(begun.cut, begun.bytes);
    if (this.cutting !== undefined) tail.hold(this.cutting.bytes);
    else if (this.resumed !== undefined) tail.hold(this.leftover.bytes);
    this.followers.set(tail, follower);
    return {
      get isHeld(): boolean {
        return tail.isHeld;
      },
      read: () => tail.read(),
      finish: () => tail.finish(),
      dispose: () => {
        this.followers.delete(tail);
        tail.dispose();
        // Whoever noted the place has no use for it any more.
        if (this.followers.size === 0) this.resumed = undefined;
      },
    };
  }

  /** See ConsolePort.begin. Where a file cannot be cut while it is written to, it is put aside here. */
  begin(): number {
    try {
      const { rotateBytes, keepFiles } = this.tools.limits();
      // A start is a new place.
      this.letGo();
      if (!this.isRotating) {
        this.leftover.finish();
        if (this.size >= rotateBytes) {
          makeRoom(this.file, 1, keepFiles);
          fs.renameSync(this.file, olderFile(this.file, 1));
        }
      }
    } catch (error) {
      this.tell('warn', 'the console file could not be put aside', { error: messageOf(error) });
    }
    this.hasWarned = false;
    this.begun = { cut: 0, bytes: 0 };
    return this.size;
  }

  resume(noted: ConsolePlace, note: (place: ConsolePlace) => void): void {
    if (this.isRotating) return;
    this.resumed = { noted, note };
    this.finishLeftover();
  }

  tail(count: number): string[] {
    if (!this.isRotating) this.finishLeftover();
    return this.lastLines(count);
  }

  /** See ConsolePort. */
  lastLines(count: number, from?: number): string[] {
    return lastLines(this.file, count, from, this.encoding.copy());
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.leftover.dispose();
  }

  private finishLeftover(): void {
    try {
      this.leftover.finish();
    } catch {
      // Told, and tried again by itself.
    }
  }

  /** Moves what was noted by the core that left this cut, unless it has done so itself: the place, or whoever follows. */
  private decided(cut: Cut | undefined, isGone: boolean): void {
    const { resumed } = this;
    if (resumed === undefined || cut === undefined) {
      this.letGo();
      return;
    }
    this.resumed = undefined;
    const bytes = isGone && cut.cut !== resumed.noted.cut ? cut.bytes : 0;
    if (bytes > 0 && this.followers.size === 0) resumed.note({ cut: cut.cut, offset: resumed.noted.offset - bytes });
    this.moveAll(cut, bytes);
  }

  /** Nothing is there to be decided, or it is waited for no longer. */
  private letGo(): void {
    if (this.resumed === undefined) return;
    this.resumed = undefined;
    for (const tail of this.followers.keys()) tail.release(0);
  }

  private seen(size: number): void {
    if (size < this.tools.limits().rotateBytes || this.isRotating || this.tools.isClosing()) return;
    if (this.cannotCut) {
      this.warn(size);
      return;
    }
    const waitMs = this.restUntil - this.tools.now();
    if (waitMs <= 0) void this.rotate();
    else this.lookAgain(waitMs);
  }

  /** Also after the server's end, when nobody looks at the file any more. */
  private lookAgain(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.seen(this.size);
    }, ms).unref();
  }

  private async rotate(): Promise<void> {
    this.isRotating = true;
    try {
      await this.tools.inTurn(() => this.rotateNow());
      this.failures = 0;
    } catch (error) {
      this.failures++;
      if (this.failures === 1) {
        this.tell('warn', 'the console file could not be cut', { error: messageOf(error), code: errorCode(error) });
      }
    } finally {
      this.isRotating = false;
      const { failures } = this;
      const rest = failures > 0 ? pauseAfter(failures) : this.tools.restMs;
      this.restUntil = this.tools.now() + rest;
      this.seen(this.size);
    }
  }

  private async rotateNow(): Promise<void> {
    this.leftover.finish();
    try {
      const isClosing = (): boolean => this.tools.isClosing();
      const copied = await copyHead(this.file, makeCopyFolder(this.file), this.tools.limits(), isClosing);
      if (copied === undefined || copied.bytes === 0 || isClosing()) return;
      const cut = { ...copied, cut: Date.now() };
      noteCut(this.file, cut);
      await this.cutOff(cut);
    } finally {
      dropCopy(this.file);
    }
  }

  /** Nobody reads while it is not known whether the head is there; whoever follows has read it before. */
  private async cutOff(cut: Cut): Promise<void> {
    for (const follower of [...this.followers.values()]) follower.look();
    for (const tail of this.followers.keys()) tail.hold(cut.bytes);
    let done = (): void => undefined;
    this.cutting = { bytes: cut.bytes, done: new Promise((resolve) => (done = resolve)) };
    try {
      const outcome = await this.tools.ranges.collapseHead(this.file, cut.bytes);
      const isGone = outcome === 'done' || (outcome === 'failed' && hasHappened(this.file, cut));
      this.moveAll(cut, isGone ? cut.bytes : 0);
      if (!isGone) dropCut(this.file);
      if (isGone) putInPlace(this.file, cut, this.tools.limits().keepFiles);
      else if (outcome === 'failed') throw new Error('its head could not be taken off');
      else this.giveUp();
    } finally {
      this.moveAll(cut, 0);
      this.cutting = undefined;
      done();
    }
    if (!this.cannotCut) this.tell('info', 'cut', { bytes: cut.bytes, pieces: cut.pieces });
  }

  private giveUp(): void {
    this.cannotCut = true;
    this.tell('info', 'the console file cannot be cut here while the server runs: its next start puts it aside', {});
  }

  private moveAll(cut: Cut, bytes: number): void {
    for (const [tail, follower] of this.followers) {
      tail.release(bytes);
      if (bytes > 0) follower.moved(cut.cut, bytes);
    }
    if (this.begun !== undefined && bytes > 0) this.begun = { cut: cut.cut, bytes: this.begun.bytes + bytes };
  }

  private warn(size: number): void {
    if (this.hasWarned || size < warnBytes) return;
    this.hasWarned = true;
    this.tell('warn', 'the console file grows and cannot be cut here while the server runs', { size });
    const megabytes = Math.floor(size / 1024 / 1024);
    const text = `This file has ${megabytes} MB and cannot be cut while the server runs; its next start begins a new one.`;
    fs.appendFileSync(this.file, `[Game Server Panel] ${text}\n`);
  }

  private tell(level: 'info' | 'warn', text: string, data: Record<string, unknown>): void {
    this.tools.log.write(level, 'console', text, { id: this.id, ...data });
  }
}
