import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { SaveFiles, savePlaceOf, type SavePlace } from '../../../../src/core/saves/saveFiles.js';
import { effective } from '../../../../src/shared/definition.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const begin = 1_800_000_000;
let now = begin * 1000;
afterEach(() => {
  vi.restoreAllMocks();
  now = begin * 1000;
});

/** A file that was written so many seconds after the beginning. */
function put(name: string, seconds: number, bytes = 100): void {
  const file = at(...name.split('/'));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, Buffer.alloc(bytes));
  fs.utimesSync(file, begin + seconds, begin + seconds);
}
const files = (place: Partial<SavePlace>): SaveFiles =>
  new SaveFiles({ own: [], folders: [], patterns: [], ...place }, () => now);
const seen = (seconds: number, bytes: number | null): unknown => ({ newestAt: (begin + seconds) * 1000, bytes });
const stats = (): { mock: { calls: unknown[][] } } => vi.spyOn(fs.promises, 'stat');

const palworld = 'Pal/Saved/SaveGames/0/*/Level.sav';

test("a game's pattern finds the newest, and what was written with it", async () => {
  put('Pal/Saved/SaveGames/0/OLD/Level.sav', -9000);
  put('Pal/Saved/SaveGames/0/NEW/Level.sav', 10, 5000);
  put('Pal/Saved/SaveGames/0/NEW/Players/1.sav', 9, 30);
  put('Pal/Saved/SaveGames/0/NEW/Players/2.sav', -500, 40);
  put('Pal/Saved/SaveGames/0/NEW/backup/world/x/Level.sav', 9, 9999);
  expect(await files({ folders: [at()], patterns: [palworld] }).look()).toEqual(seen(10, 5030));
});

test('the first folder with a match is it; none has none', async () => {
  put('server/world/level.dat', 5, 10);
  put('other/level.dat', 50, 20);
  const patterns = ['*/level.dat'];
  expect(await files({ folders: [at('server'), at()], patterns }).look()).toEqual(seen(5, 10));
  expect(await files({ folders: [at('server/world'), at()], patterns }).look()).toEqual(seen(50, 20));
  expect(await files({ folders: [at('gone')], patterns }).look()).toBeNull();
  expect(await files({ folders: [at()], patterns: ['../*/level.dat', '', 'server'] }).look()).toBeNull();
  expect(await files({}).look()).toBeNull();
});

test('names with signs that mean something elsewhere', async () => {
  put('a+(b)/w.x', 5);
  put('a+(b)/wax', 9);
  expect(await files({ folders: [at()], patterns: ['a+*/w.*'] }).look()).toEqual(seen(5, 200));
});

test("the definition's folders win, with all below them", async () => {
  put('saves/a/b/c.sav', 20, 7);
  put('saves/old.sav', -1000, 8);
  put('more/d.sav', -50, 9);
  put('world/level.dat', 500);
  const place = { own: [at('saves'), at('more')], folders: [at()], patterns: ['*/level.dat'] };
  expect(await files(place).look()).toEqual(seen(20, 16));
});

test('a definition says where', () => {
  const of = (folders: string[] | undefined, cwd: string | null): SavePlace => {
    const save = folders === undefined ? {} : { folders };
    const definition = { id: 'a', name: 'A', game: 'demo', launch: { command: 'a' }, save };
    return savePlaceOf(effective(definition), cwd, ['/srv/game', '/srv', '/']);
  };
  const absolute = path.resolve('/saves');
  expect(of([absolute, 'world', ''], path.resolve('/srv/game')).own).toEqual([
    absolute,
    path.resolve('/srv/game/world'),
  ]);
  expect(of(['world'], null).own).toEqual([]);
  expect(of(undefined, null)).toEqual({ own: [], folders: ['/srv/game', '/srv'], patterns: [] });
});

test('a save is seen each time that its file is written or replaced', async () => {
  for (const place of [{ own: [at('w')] }, { folders: [at()], patterns: ['*/level.dat'] }]) {
    put('w/level.dat', 0, 10);
    const saves = files(place);
    expect(await saves.look()).toEqual(seen(0, 10));
    put('w/level.dat', 300, 20);
    expect(await saves.look()).toEqual(seen(300, 20));
    put('w/level.tmp', 600, 30);
    fs.renameSync(at('w/level.tmp'), at('w/level.dat'));
    expect(await saves.look()).toEqual(seen(600, 30));
  }
});

test('a new autosave beside the others, and one in a new folder', async () => {
  put('saves/autosave1.sav', 0, 10);
  const saves = files({ own: [at('saves')] });
  await saves.look();
  put('saves/autosave2.sav', 300, 20);
  expect(await saves.look()).toEqual(seen(300, 20));
  put('saves/day2/autosave1.sav', 900, 30);
  expect(await saves.look()).toEqual(seen(900, 30));
});

test('of a game that gives each save a name of its own, the next one is seen', async () => {
  put('game/turn-1.sav', 0, 1);
  const saves = files({ folders: [at('game')], patterns: ['turn-*.sav', 'saves/turn-*.sav'] });
  expect(await saves.look()).toEqual(seen(0, 1));
  now += 30_000;
  put('game/turn-2.sav', 200, 30);
  expect(await saves.look()).toEqual(seen(200, 30));
  now += 30_000;
  put('game/turn-3.sav', 400, 50);
  expect(await saves.look()).toEqual(seen(400, 50));
});

test('what is not there yet is found when it is; a new world within ten minutes, at once where the old one goes', async () => {
  const saves = files({ folders: [at()], patterns: ['*/level.dat'] });
  expect(await saves.look()).toBeNull();
  put('one/level.dat', 1);
  expect(await saves.look()).toEqual(seen(1, 100));
  put('two/level.dat', 50);
  expect(await saves.look()).toEqual(seen(1, 100));
  now += 10 * 60_000;
  expect(await saves.look()).toEqual(seen(50, 100));
  fs.rmSync(at('two'), { recursive: true });
  expect(await saves.look()).toEqual(seen(1, 100));
  fs.rmSync(at('one'), { recursive: true });
  expect(await saves.look()).toBeNull();
});

test('a second look asks only for what is known', async () => {
  for (let n = 0; n < 300; n++) put(`w/region/${n}.mca`, n - 1000);
  put('w/level.dat', 0);
  const byPattern = files({ folders: [at()], patterns: ['*/level.dat'] });
  const own = files({ own: [at('w')] });
  await byPattern.look();
  await own.look();
  const asked = stats();
  await byPattern.look();
  expect(asked.mock.calls).toHaveLength(1);
  await own.look();
  expect(asked.mock.calls.length).toBeLessThan(70);
});

test('of ten thousand files two thousand are looked at, those that sort last, and their size is not known', async () => {
  fs.mkdirSync(at('saves'), { recursive: true });
  for (let n = 0; n < 10_000; n++) fs.writeFileSync(at('saves', `save-${String(n).padStart(5, '0')}.sav`), 'x');
  put('saves/save-09999.sav', 50);
  for (let n = 0; n < 9999; n++) fs.utimesSync(at('saves', `save-${String(n).padStart(5, '0')}.sav`), begin, begin);
  const asked = stats();
  expect(await files({ own: [at('saves')] }).look()).toEqual(seen(50, null));
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2000);
});

test('links in a circle, a folder that cannot be read, and a file where a folder should be', async () => {
  put('saves/a.sav', 5);
  fs.symlinkSync(at('saves'), at('saves', 'again'));
  fs.symlinkSync('self', at('saves', 'self'));
  fs.mkdirSync(at('saves', 'closed'));
  fs.chmodSync(at('saves', 'closed'), 0);
  const place = { own: [at('saves'), at('saves', 'a.sav'), at('saves', 'self')] };
  expect(await files(place).look()).toMatchObject({ newestAt: (begin + 5) * 1000 });
  expect(await files({ folders: [at()], patterns: ['*/*/*/*/a.sav', '*/a.sav/*'] }).look()).toMatchObject({
    newestAt: (begin + 5) * 1000,
  });
  fs.chmodSync(at('saves', 'closed'), 0o700);
});

test('a folder of saves that is a link is followed', async () => {
  put('disk/0/W/Level.sav', 5, 10);
  fs.mkdirSync(at('Pal', 'Saved'), { recursive: true });
  fs.symlinkSync(at('disk'), at('Pal', 'Saved', 'SaveGames'));
  expect(await files({ folders: [at()], patterns: [palworld] }).look()).toEqual(seen(5, 10));
  expect(await files({ own: [at('Pal', 'Saved', 'SaveGames')] }).look()).toEqual(seen(5, 10));
});

test('a file that vanishes between its name and its time', async () => {
  put('saves/a.sav', 5, 10);
  put('saves/b.sav', 9, 10);
  const real = fs.promises.stat;
  vi.spyOn(fs.promises, 'stat').mockImplementation((async (file: string) => {
    if (file.endsWith('b.sav')) fs.rmSync(file, { force: true });
    return await real(file);
  }) as typeof fs.promises.stat);
  expect(await files({ own: [at('saves')] }).look()).toEqual(seen(5, 10));
});

test('a disk that does not answer: nothing after five seconds, no second question until it has', async () => {
  put('saves/a.sav', 5, 10);
  const saves = files({ own: [at('saves')] });
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const real = fs.promises.stat;
  const asked = vi.spyOn(fs.promises, 'stat').mockImplementation((async (file: string) => {
    await held;
    return await real(file);
  }) as typeof fs.promises.stat);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const looking = saves.look();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await looking).toBeNull();
    expect(await saves.look()).toBeNull();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
  answer();
  await vi.waitFor(async () => {
    expect(await saves.look()).toEqual(seen(5, 10));
  });
});
