import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Consoles } from '../../../../src/core/console/consoles.js';
import { noteCut, makeCopyFolder, type Cut } from '../../../../src/core/console/cut.js';
import { copyHead } from '../../../../src/core/console/headCopy.js';
import type { CollapseOutcome, ConsolePlace, ConsoleReader, FileRangePort } from '../../../../src/core/ports.js';
import { until } from '../../../core/support/bench.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const file = (): string => at('console.log');
const megabyte = 1024 * 1024;
const block = 64 * 1024;
const limits = { rotateBytes: megabyte, keepFiles: 5 };

/** As the file system does it: in the same file, which others have open. */
function collapse(bytes: number): void {
  const rest = fs.readFileSync(file()).subarray(bytes);
  fs.truncateSync(file());
  fs.writeFileSync(file(), rest, { flag: 'r+' });
}

/** A disk that does as it is told. */
class FakeRanges implements FileRangePort {
  readonly canCollapse = true;
  answer: CollapseOutcome | 'nothing' = 'done';
  /** What happens at the disk, whatever is answered. */
  does = true;
  calls: number[] = [];
  /** While it runs. */
  meanwhile = (): void => undefined;
  strayEnds = true;
  /** How long it was waited for each time, milliseconds. */
  waits: number[] = [];
  prepare = (): void => undefined;

  async collapseHead(_: string, bytes: number): Promise<CollapseOutcome> {
    this.calls.push(bytes);
    this.meanwhile();
    if (this.does) collapse(bytes);
    this.meanwhile();
    if (this.answer === 'nothing') return await new Promise(() => undefined);
    return this.answer;
  }

  endStray(_: string, waitMs: number): boolean {
    this.waits.push(waitMs);
    return this.strayEnds;
  }
}

let ranges = new FakeRanges();
let logged: string[] = [];
let now = 0;
let next = 0;
const opened: Consoles[] = [];
beforeEach(() => {
  ranges = new FakeRanges();
  logged = [];
  now = 0;
  next = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const consoles of opened.splice(0)) consoles.dispose();
});

function made(restMs = 0): Consoles {
  const log = { write: (level: string, _: string, text: string) => logged.push(`${level} ${text}`) };
  const consoles = new Consoles({ ranges, log, limits: () => limits, now: () => now, restMs });
  opened.push(consoles);
  return consoles;
}

/** Prints so many numbered lines of 32 bytes. */
function print(bytes: number): void {
  let text = '';
  for (let n = 0; n < bytes / 32; n++) text += `${String(next++).padStart(31, '0')}\n`;
  fs.appendFileSync(file(), text);
}

/** A server's reader, with what its owner does. */
class Follower {
  readonly numbers: number[] = [];
  skipped = 0;
  place: ConsolePlace;
  readonly reader: ConsoleReader;

  constructor(consoles: Consoles, offset: number) {
    this.place = { offset, cut: 0 };
    this.reader = consoles.open(file(), offset, {
      look: () => {
        this.look();
      },
      moved: (cut, bytes) => {
        this.place = { offset: Math.max(0, this.place.offset - bytes), cut };
      },
    });
  }

  look(): void {
    for (;;) {
      now += 10_000;
      const news = this.reader.read();
      this.numbers.push(...news.lines.map(Number));
      this.skipped += news.skippedBytes;
      if (!news.hasMore) return;
    }
  }
}

const olderNames = (): string[] => fs.readdirSync(at()).filter((name) => name !== 'console.log');

/** Fails where a number is missing or doubled; answers the first and the last. */
function kept(): [number, number] {
  const numbers = olderNames().map((name) => Number(/^console\.(\d+)\.log$/.exec(name)?.[1]));
  const names = numbers.sort((a, b) => b - a).map((number) => `console.${number}.log`);
  const all = [...names, 'console.log'].map((name) => fs.readFileSync(at(name), 'latin1')).join('');
  const lines = all.trimEnd().split('\n').slice(1).map(Number);
  expect(lines).toEqual(lines.map((_, index) => lines[0]! + index));
  return [lines[0]!, lines.at(-1)!];
}

const rotated = async (times: number): Promise<void> => {
  await until(`${times} cuts`, () => logged.filter((line) => line === 'info cut').length >= times, 10_000);
};

describe('a console that grows', () => {
  test('is cut at its limit, in whole blocks; what was read goes on where it was', async () => {
    const consoles = made();
    print(3 * 32);
    const follower = new Follower(consoles, consoles.begin(file()));
    print(megabyte - 4 * 32);
    follower.look();
    expect(ranges.calls).toEqual([]);
    print(32 * 32);
    follower.look();
    await rotated(1);
    expect(ranges.calls).toEqual([megabyte]);
    expect(fs.statSync(at('console.1.log')).size).toBe(megabyte);
    expect(fs.statSync(at('console.1.log')).mode & 0o777).toBe(0o600);
    expect(follower.place).toEqual({ offset: 0, cut: expect.any(Number) as number });
    print(320);
    follower.look();
    expect(follower.numbers).toEqual(Array.from({ length: next - 3 }, (_, n) => n + 3));
    expect(kept()).toEqual([1, next - 1]);
    expect(olderNames()).toEqual(['console.1.log']);
  });

  test('keeps five older files, the oldest goes', async () => {
    const consoles = made();
    const follower = new Follower(consoles, 0);
    for (let n = 1; n <= 7; n++) {
      print(megabyte + 128 * 1024);
      follower.look();
      await rotated(n);
      await until('the end of it', () => consoles.busy(file()) === undefined);
    }
    expect(olderNames()).toEqual([1, 2, 3, 4, 5].map((number) => `console.${number}.log`));
    const [, last] = kept();
    expect(last).toBe(next - 1);
  });

  test('what the server prints while it is copied and while it is cut is in none of both twice', async () => {
    const consoles = made();
    const follower = new Follower(consoles, 0);
    ranges.meanwhile = () => {
      print(32 * 100);
    };
    print(megabyte);
    const printing = setInterval(() => {
      print(32 * 33);
    }, 1);
    follower.look();
    await rotated(1);
    clearInterval(printing);
    follower.look();
    expect(kept()[1]).toBe(next - 1);
    expect(follower.numbers).toEqual(Array.from({ length: next }, (_, n) => n));
  });

  test('after a flood only the newest is copied, and older files do not join on to it', async () => {
    fs.writeFileSync(at('console.1.log'), 'of long ago\n');
    fs.writeFileSync(at('console.4.log'), 'of longer ago\n');
    const consoles = made();
    const follower = new Follower(consoles, 0);
    print(20 * megabyte);
    follower.look();
    await rotated(1);
    const sizes = olderNames().map((name) => fs.statSync(at(name)).size);
    expect(sizes).toHaveLength(5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1.25 * megabyte);
    const [first, last] = kept();
    expect(last).toBe(next - 1);
    expect((last - first) * 32).toBeGreaterThan(4.8 * megabyte);
    follower.look();
    expect(follower.numbers.at(-1)).toBe(next - 1);
  });

  test('in the middle of a flood one piece is copied, and nothing older is kept', async () => {
    for (const name of ['console.1.log', 'console.4.log']) fs.writeFileSync(at(name), 'of long ago\n');
    const consoles = made(3_600_000);
    const follower = new Follower(consoles, 0);
    print(4 * megabyte);
    const printing = setInterval(() => {
      print(256 * 1024);
    }, 5);
    follower.look();
    await rotated(1);
    clearInterval(printing);
    expect(ranges.calls[0]).toBeGreaterThan(4 * megabyte);
    expect(olderNames()).not.toContain('console.4.log');
    expect(kept()[1]).toBe(next - 1);
    // What came while it was copied is there as well, so how much it is depends on the machine; never all of it.
    expect(kept()[0]).toBeGreaterThan(0);
  });

  test('what nobody has looked at yet is read before it goes', async () => {
    const follower = new Follower(made(), 0);
    print(megabyte);
    follower.look();
    print(megabyte);
    await rotated(1);
    expect(ranges.calls).toEqual([2 * megabyte - block]);
    follower.look();
    expect(follower.numbers).toEqual(Array.from({ length: next }, (_, n) => n));
  });

  test('rests between two cuts, and looks again by itself: nobody else does after the server’s end', async () => {
    const consoles = made(50);
    const follower = new Follower(consoles, 0);
    print(megabyte + block);
    ranges.meanwhile = () => {
      print(megabyte);
    };
    follower.look();
    follower.reader.dispose();
    await rotated(1);
    ranges.meanwhile = () => undefined;
    expect(ranges.calls).toHaveLength(1);
    await until('a timer', () => {
      now += 50;
      return ranges.calls.length === 2;
    });
    await rotated(2);
    expect(kept()[1]).toBe(next - 1);
  });

  test('that nobody can cut is put aside at the next start, with a word when it is large', () => {
    ranges = Object.assign(new FakeRanges(), { canCollapse: false });
    const consoles = made();
    const follower = new Follower(consoles, consoles.begin(file()));
    print(2 * megabyte);
    follower.look();
    fs.truncateSync(file(), 101 * megabyte);
    follower.look();
    follower.look();
    expect(logged.filter((line) => line.includes('cannot be cut'))).toHaveLength(1);
    expect(fs.readFileSync(file(), 'latin1').slice(-200)).toMatch(/\[Game Server Panel\] This file has 101 MB/);
    expect(ranges.calls).toEqual([]);
    expect(consoles.begin(file())).toBe(0);
    expect(olderNames()).toEqual(['console.1.log']);
    expect(fs.existsSync(file())).toBe(false);
  });

  test('is tried once only where the file system cannot do it', async () => {
    ranges.answer = 'unsupported';
    ranges.does = false;
    const follower = new Follower(made(), 0);
    print(2 * megabyte);
    follower.look();
    await until('an attempt', () => ranges.calls.length === 1);
    await until('the copy to be gone', () => olderNames().length === 0);
    print(megabyte);
    follower.look();
    expect(ranges.calls).toHaveLength(1);
    expect(follower.numbers).toEqual(Array.from({ length: next }, (_, n) => n));
  });

  test('a small one stays at the next start', () => {
    print(3200);
    expect(made().begin(file())).toBe(3200);
    expect(olderNames()).toEqual([]);
  });
});

describe('trouble', () => {
  test.each<[string, boolean]>([
    ['that changed nothing', false],
    ['behind which it was done all the same', true],
  ])('a failure %s: the file tells', async (_, does) => {
    ranges.answer = 'failed';
    ranges.does = does;
    const consoles = made();
    const follower = new Follower(consoles, 0);
    print(2 * megabyte + 32);
    follower.look();
    await until('an attempt', () => ranges.calls.length === 1);
    await until('its end', () => consoles.busy(file()) === undefined);
    print(32);
    follower.look();
    expect(follower.numbers).toEqual(Array.from({ length: next }, (_, n) => n));
    expect(olderNames()).toHaveLength(does ? 2 : 0);
    expect(kept()).toEqual([1, next - 1]);
  });

  test('a full disk leaves everything as it was, is told once, and tried again later', async () => {
    const consoles = made();
    const follower = new Follower(consoles, 0);
    print(2 * megabyte + 32);
    const open = fs.promises.open.bind(fs.promises);
    let room = 1;
    const full = vi.spyOn(fs.promises, 'open').mockImplementation(async (name, flags, mode) => {
      const handle = await open(name, flags, mode);
      const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<never>;
      return Object.assign(handle, {
        write: async (...args: unknown[]) => {
          if (room-- > 0) return await write(...args);
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        },
      });
    });
    const before = fs.readFileSync(file());
    follower.look();
    await until('the failure', () => logged.includes('warn the console file could not be cut'));
    await until('nothing left of it', () => olderNames().length === 0);
    expect(fs.readFileSync(file()).equals(before)).toBe(true);
    expect(ranges.calls).toEqual([]);
    expect(room).toBeLessThan(0);
    full.mockRestore();
    now += 30_000;
    follower.look();
    expect(ranges.calls).toEqual([]);
    now += 30_000;
    follower.look();
    await rotated(1);
    expect(kept()).toEqual([1, next - 1]);
    expect(logged.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  test('a server that ends while its console is cut has its last words', async () => {
    const consoles = made();
    const follower = new Follower(consoles, 0);
    print(megabyte + 32);
    ranges.answer = 'nothing';
    ranges.meanwhile = () => undefined;
    follower.look();
    await until('the cut', () => ranges.calls.length === 1);
    print(64);
    follower.look();
    expect(follower.numbers.at(-1)).toBe(next - 3);
    expect(follower.reader.finish().lines.map(Number)).toEqual([next - 2, next - 1]);
  });

  test('a start while it is cut knows where its lines begin', async () => {
    const consoles = made();
    const before = new Follower(consoles, 0);
    print(megabyte + 320);
    before.look();
    const offset = consoles.begin(file());
    expect(offset).toBe(megabyte + 320);
    await rotated(1);
    print(32);
    const after = new Follower(consoles, offset);
    after.look();
    expect(after.numbers).toEqual([next - 1]);
    expect(after.place).toEqual({ offset: 320, cut: expect.any(Number) as number });
  });
});

describe('a core that died', () => {
  let cut: Cut;
  const note = vi.fn<(place: ConsolePlace) => void>();

  /** Three pieces are copied and noted; nothing has been cut yet. */
  beforeEach(async () => {
    note.mockReset();
    fs.writeFileSync(at('console.1.log'), Buffer.alloc(0));
    print(megabyte);
    fs.renameSync(file(), at('console.1.log'));
    print(3 * megabyte + 320);
    const copied = await copyHead(file(), makeCopyFolder(file()), limits, () => false);
    cut = { ...copied!, cut: 77 };
    expect(cut).toEqual({ cut: 77, bytes: 3 * megabyte, pieces: 3, isGap: false });
  });

  const resume = (noted: ConsolePlace = { offset: megabyte, cut: 0 }): void => made().resume(file(), noted, note);
  const whole = (): void => {
    expect(kept()).toEqual([1, next - 1]);
    expect(olderNames().every((name) => /^console\.\d+\.log$/.test(name))).toBe(true);
  };

  test('while it copied: the copy is of no use, and goes though nobody prints any more', async () => {
    resume();
    expect(note).not.toHaveBeenCalled();
    expect(olderNames()).toEqual(['console.1.log']);
    const follower = new Follower(made(), 0);
    follower.look();
    await rotated(1);
    whole();
  });

  test('before the cut: nothing has happened', () => {
    noteCut(file(), cut);
    resume();
    expect(note).not.toHaveBeenCalled();
    expect(olderNames()).toEqual(['console.1.log']);
    whole();
  });

  test('right after the cut: the pieces are put in place, offsets are moved first', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    note.mockImplementation(() => {
      expect(olderNames()).toEqual(['console.1.log', 'console.cut']);
    });
    resume({ offset: 3 * megabyte + 64, cut: 5 });
    expect(note.mock.calls).toEqual([[{ offset: 64, cut: 77 }]]);
    expect(olderNames()).toHaveLength(4);
    whole();
    resume({ offset: 64, cut: 77 });
    expect(note).toHaveBeenCalledOnce();
  });

  test('after offsets were moved: they are not moved twice', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    resume({ offset: 64, cut: 77 });
    expect(note).not.toHaveBeenCalled();
    whole();
  });

  test('a start whose first lines are gone is known to have some in older files', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    resume({ offset: 500, cut: 0 });
    expect(note.mock.calls).toEqual([[{ offset: 500 - 3 * megabyte, cut: 77 }]]);
    const follower = new Follower(made(), 500 - 3 * megabyte);
    follower.look();
    expect(follower.numbers.at(-1)).toBe(next - 1);
  });

  test('at any step of putting the pieces in place', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    // One step, then another death, until nothing is left to do.
    for (let steps = 1; fs.existsSync(at('console.cut')); steps++) {
      expect(steps).toBeLessThan(50);
      let left = 1;
      const rename = fs.renameSync.bind(fs);
      const dying = vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        if (left-- <= 0) throw new Error('dead');
        rename(from, to);
      });
      resume({ offset: 0, cut: 77 });
      dying.mockRestore();
    }
    expect(logged.filter((line) => line.startsWith('warn')).length).toBeGreaterThanOrEqual(3);
    whole();
  });

  test('when all was in place but its folder: it goes, and so does what an offset counts', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    fs.renameSync(at('console.1.log'), at('console.4.log'));
    for (const [piece, number] of [
      [0, 3],
      [1, 2],
      [2, 1],
    ] as const)
      fs.renameSync(at('console.cut', String(piece)), at(`console.${number}.log`));
    resume({ offset: 3 * megabyte + 64, cut: 0 });
    expect(note.mock.calls).toEqual([[{ offset: 64, cut: 77 }]]);
    whole();
  });

  test.each([
    ['before the cut', false],
    ['after it', true],
  ])('while it took away the folder of a cut, %s: at any step', (_, isGone) => {
    noteCut(file(), cut);
    if (isGone) collapse(cut.bytes);
    // What was left by any order of deletion: one more is gone each time, until nothing is left to do.
    const remove = fs.rmSync.bind(fs);
    const dying = vi.spyOn(fs, 'rmSync').mockImplementation((name, options) => {
      if (!fs.existsSync(name) || !fs.statSync(name).isDirectory()) {
        remove(name, options);
        return;
      }
      const [first] = fs.readdirSync(name);
      if (first === undefined) fs.rmdirSync(name);
      else remove(path.join(String(name), first));
      throw new Error('dead');
    });
    let noted: ConsolePlace = { offset: 3 * megabyte + 64, cut: 0 };
    note.mockImplementation((place) => (noted = place));
    for (let deaths = 0; olderNames().some((name) => !name.endsWith('.log')); deaths++) {
      expect(deaths).toBeLessThan(10);
      resume(noted);
    }
    dying.mockRestore();
    expect(noted).toEqual(isGone ? { offset: 64, cut: 77 } : { offset: 3 * megabyte + 64, cut: 0 });
    whole();
  });

  test.each([
    ['with nothing in it', []],
    ['with pieces that are in the console file, too', ['0', '2']],
  ])('and left a folder without its note, %s: it goes at once, and is in no later cut’s way', async (_, left) => {
    noteCut(file(), cut);
    for (const name of fs.readdirSync(at('console.cut'))) if (!left.includes(name)) fs.rmSync(at('console.cut', name));
    resume();
    expect(note).not.toHaveBeenCalled();
    expect(olderNames()).toEqual(['console.1.log']);
    const follower = new Follower(made(), 0);
    follower.look();
    await rotated(1);
    whole();
  });

  test('and whose note cannot be read: nothing is thrown away', () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    fs.writeFileSync(at('console.cut', 'cut.json'), '{');
    resume();
    expect(logged).toEqual(['warn an unfinished cut could not be finished']);
    expect(fs.readdirSync(at('console.cut'))).toEqual(['0', '1', '2', 'cut.json']);
  });

  describe('whose helper still runs and does not end', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      noteCut(file(), cut);
      ranges.strayEnds = false;
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    /** The core that comes next, and the follower that it brings. */
    function next(noted: ConsolePlace): { consoles: Consoles; follower: Follower } {
      const consoles = made();
      consoles.resume(file(), noted, note);
      const follower = new Follower(consoles, noted.offset);
      follower.place = noted;
      return { consoles, follower };
    }

    test.each<[string, boolean, number, ConsolePlace]>([
      ['the cut has happened', true, 0, { offset: 64, cut: 77 }],
      ['the cut has happened, and was taken account of', true, 77, { offset: 3 * megabyte + 64, cut: 77 }],
      ['it has not', false, 0, { offset: 3 * megabyte + 64, cut: 0 }],
    ])('nothing is decided or read until it has ended; then by itself, once: %s', (_, happens, known, place) => {
      const { follower } = next({ offset: 3 * megabyte + 64, cut: known });
      const first = 4 * 32_768 + 2;
      follower.look();
      expect(follower.numbers).toEqual([]);
      expect(olderNames()).toEqual(['console.1.log', 'console.cut']);
      vi.advanceTimersByTime(5000);
      if (happens) collapse(cut.bytes);
      print(32);
      follower.look();
      expect(follower.numbers).toEqual([]);
      ranges.strayEnds = true;
      vi.advanceTimersByTime(10_000);
      expect(ranges.waits).toEqual([2000, 20, 20]);
      expect(vi.getTimerCount()).toBe(0);
      expect(note).not.toHaveBeenCalled();
      expect(follower.place).toEqual(place);
      follower.look();
      if (known === 0) expect(follower.numbers).toEqual(Array.from({ length: 9 }, (_, n) => first + n));
      expect(follower.numbers.at(-1) ?? 0).toBeLessThanOrEqual(first + 8);
      expect(logged).toEqual(['warn an unfinished cut could not be finished']);
      whole();
    });

    test('and the server has ended until it does: the place is nobody’s any more, the pieces are put in place', () => {
      const { follower } = next({ offset: 0, cut: 0 });
      follower.reader.dispose();
      collapse(cut.bytes);
      ranges.strayEnds = true;
      vi.advanceTimersByTime(5000);
      expect(note).not.toHaveBeenCalled();
      expect(follower.place).toEqual({ offset: 0, cut: 0 });
      whole();
    });

    test('a look at the console finishes it as well, and is enough', async () => {
      const { consoles, follower } = next({ offset: 3 * megabyte + 64, cut: 0 });
      collapse(cut.bytes);
      ranges.strayEnds = true;
      await consoles.tail(file(), 1, () => undefined);
      expect(follower.place).toEqual({ offset: 64, cut: 77 });
      vi.advanceTimersByTime(3_600_000);
      expect(follower.place).toEqual({ offset: 64, cut: 77 });
      expect(ranges.waits).toHaveLength(2);
      whole();
    });

    test('a server is not kept from being read for ever', () => {
      const { follower } = next({ offset: 3 * megabyte + 64, cut: 0 });
      vi.advanceTimersByTime(34_999);
      follower.look();
      expect(follower.numbers).toEqual([]);
      vi.advanceTimersByTime(1);
      follower.look();
      expect(follower.numbers).toHaveLength(8);
      expect(olderNames()).toContain('console.cut');
    });

    test('nobody tries any more when the core ends', () => {
      const { consoles } = next({ offset: 0, cut: 0 });
      consoles.dispose();
      expect(vi.getTimerCount()).toBe(0);
      consoles.resume(file(), { offset: 0, cut: 0 }, note);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  test('and nobody adopts the server: the last lines are there all the same', async () => {
    noteCut(file(), cut);
    collapse(cut.bytes);
    const lines = await made().tail(file(), 100, () => undefined);
    expect(lines.map(Number)).toEqual(Array.from({ length: 100 }, (_, n) => next - 100 + n));
    whole();
  });

  test('and the console file was deleted meanwhile: what was copied is kept', () => {
    noteCut(file(), cut);
    fs.writeFileSync(file(), '');
    resume();
    expect(olderNames().map((name) => path.basename(name))).toHaveLength(4);
  });
});
