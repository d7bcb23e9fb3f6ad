import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Players } from '../../../../src/extension/games/players.js';
import { peakText, playerRows, statsFrom } from '../../../../src/extension/games/playersText.js';
import type { Requests, ServerView } from '../../../../src/shared/contract.js';
import { Failure } from '../../../../src/shared/failure.js';
import { noon, reader, view } from '../fixtures.js';
import { forgetAll, user, type FakePick } from './fakeWindow.js';

vi.mock('vscode', async () => (await import('./fakeWindow.js')).fakeVscode);

type Stats = Requests['server/playerStats']['result'];
const hour = 3_600_000;
const ann = { name: 'Ann', id: 'steam_1', since: noon - hour };
const played = { name: 'Bob', sessions: 3, playedMs: 2 * hour, lastAt: noon - 30 * hour, online: false };
const midnight = new Date(noon).setHours(0, 0, 0, 0);
const stats: Stats = {
  days: [
    { from: midnight - 24 * hour, peak: 9, at: noon - 20 * hour },
    { from: midnight, peak: 5, at: noon - hour },
  ],
  players: [{ ...played, name: 'Ann', online: true }, { ...played, name: 'Cid', lastAt: noon - 50 * hour }, played],
};

describe('the rows', () => {
  const text = (...[known]: [Parameters<typeof playerRows>[0]]): string[] =>
    playerRows(known, noon, reader).map(({ label, description }) =>
      [label, description].filter(Boolean).join(': ').replaceAll('\u202f', ' '),
    );

  test('those who are on, then those of the last days, the latest first and nobody twice', () => {
    expect(text({ online: [ann, { ...ann, name: 'Zoe', since: null }], stats })).toEqual([
      'Ann: since 11:00 AM (1 h 0 min)',
      'Zoe',
      'Last 7 days',
      'Bob: 3 sessions · 2 h 0 min played · last seen Nov 21, 06:00 AM',
      'Cid: 3 sessions · 2 h 0 min played · last seen Nov 20, 10:00 AM',
    ]);
  });

  test('nobody, not known, and not known yet are three things', () => {
    expect(text({ online: [], stats: undefined })).toEqual(['Nobody is online.']);
    expect(text({ online: { text: 'This game does not tell who is on.' }, stats: undefined })).toEqual([
      'This game does not tell who is on.',
    ]);
    expect(text({ online: undefined, stats: undefined })).toEqual([]);
  });

  test('a name is text, and no icon', () => {
    expect(text({ online: [{ ...ann, name: '$(flame) Ann', since: null }], stats: undefined })).toEqual([
      '\\$(flame) Ann',
    ]);
  });

  test('the most of today, where somebody was on', () => {
    expect(peakText(stats, noon, reader)?.replaceAll('\u202f', ' ')).toBe('Most today: 5, at 11:00 AM');
    expect(peakText({ days: [{ from: midnight, peak: 0, at: midnight }], players: [] }, noon, reader)).toBeUndefined();
    expect(peakText({ days: stats.days.slice(0, 1), players: [] }, noon, reader)).toBeUndefined();
    expect(peakText(undefined, noon, reader)).toBeUndefined();
    expect(noon - statsFrom(noon)).toBeGreaterThan(6 * 24 * hour);
    expect(new Date(statsFrom(noon)).getHours()).toBe(0);
  });
});

describe('the list', () => {
  let asked: [method: string, params: unknown][];
  let reported: unknown[];
  let answers: Record<string, () => Promise<unknown>>;
  const all = ['players', 'action.kick', 'action.ban', 'action.unban'];
  const survival = view({ id: 'survival', name: 'Survival', capabilities: all });
  const write = (): void => undefined;
  const players = new Players({
    client: {
      request: async (method: string, params: unknown) => {
        asked.push([method, params]);
        return await answers[method]!();
      },
    },
    reporter: { failure: async (error) => void reported.push(error) },
    reader,
    log: { error: write, warn: write, info: write, debug: write },
  });

  beforeEach(() => {
    forgetAll();
    [asked, reported] = [[], []];
    answers = {
      'server/players': async () => [ann],
      'server/playerStats': async () => stats,
      'server/action': async () => null,
    };
  });

  async function opened(server: ServerView = survival): Promise<{ pick: FakePick; shown: Promise<void> }> {
    const shown = players.show([server]);
    const pick = user.quickPicks.at(-1)!;
    await vi.waitFor(() => expect(pick.busy).toBe(false));
    return { pick, shown };
  }
  async function choose(name: string, ...picks: string[]): Promise<void> {
    user.picks = picks;
    const { pick, shown } = await opened();
    pick.choose(name);
    await shown;
  }
  const actions = (): unknown[] => asked.filter(([method]) => method === 'server/action').map(([, params]) => params);

  test('is there at once and busy, and Escape does not wait for answers', async () => {
    answers['server/players'] = () => new Promise(() => undefined);
    const shown = players.show([survival]);
    const [pick] = user.quickPicks;
    expect(pick).toMatchObject({ title: 'Players of Survival', busy: true, placeholder: 'Asking who is on…' });
    pick!.hide();
    await shown;
    expect(user.lists).toEqual([]);
  });

  test('a game that does not tell, and one that does not run, are told in words', async () => {
    answers['server/players'] = () => Promise.reject(new Failure('unsupported', { what: 'players' }));
    const { pick } = await opened();
    expect(pick.items[0]).toMatchObject({ label: 'This game does not tell who is on.' });
    answers['server/players'] = () => Promise.reject(new Failure('timeout'));
    expect((await opened()).pick.items[0]).toMatchObject({ label: 'Survival did not answer in time.' });
    asked = [];
    const stopped = (await opened({ ...survival, state: 'stopped' })).pick;
    expect(stopped.items[0]).toMatchObject({ label: 'Survival is not running.' });
    expect(asked.map(([method]) => method)).toEqual(['server/playerStats']);
  });

  test('who is on is shown also where nothing of earlier days is known', async () => {
    answers['server/playerStats'] = () => Promise.reject(new Failure('unsupported'));
    const { pick } = await opened();
    expect(pick.items.map(({ label }) => label)).toEqual(['Ann']);
    expect(pick.placeholder).toBe('Choose a player to see what can be done');
  });

  test('a row that only says something cannot be chosen', async () => {
    answers['server/players'] = async () => [];
    const { pick } = await opened();
    pick.choose('Nobody is online.');
    expect(pick.isHidden).toBe(false);
  });

  test('offers what the game can: those who are on leave, the others come back', async () => {
    await choose('Ann');
    await choose('Bob');
    const offered = user.lists.map(({ items }) => items.map(({ label }) => label));
    expect(offered).toEqual([
      ['Kick…', 'Ban…', 'Copy Name'],
      ['Unban', 'Copy Name'],
    ]);
    const { pick, shown } = await opened({ ...survival, capabilities: ['players'] });
    pick.choose('Ann');
    await shown;
    expect(user.lists.at(-1)!.items.map(({ label }) => label)).toEqual(['Copy Name']);
  });

  test('kicks by what the game knows them by, with a reason where there is one', async () => {
    user.types = ['griefing', ''];
    await choose('Ann', 'Kick…');
    answers['server/players'] = async () => [{ ...ann, id: null }];
    await choose('Ann', 'Kick…');
    expect(actions()).toEqual([
      { id: 'survival', name: 'kick', args: { player: 'steam_1', reason: 'griefing' } },
      { id: 'survival', name: 'kick', args: { player: 'Ann' } },
    ]);
    expect(user.status).toEqual(['Ann was kicked.', 'Ann was kicked.']);
  });

  test('a ban is asked about once more', async () => {
    user.types = ['', ''];
    user.presses = [undefined, 'Ban'];
    await choose('Ann', 'Ban…');
    expect(actions()).toEqual([]);
    await choose('Ann', 'Ban…');
    expect(actions()).toEqual([{ id: 'survival', name: 'ban', args: { player: 'steam_1' } }]);
    expect(user.said[0]!.slice(0, 2)).toEqual(['warning', 'Ban Ann from Survival?']);
    expect(user.said[0]![2]).toMatchObject({ modal: true });
  });

  test('Escape at the reason does nothing', async () => {
    user.types = [undefined];
    await choose('Ann', 'Kick…');
    expect(actions()).toEqual([]);
  });

  test('the words of the game are shown instead of ours', async () => {
    answers['server/action'] = async () => 'No such player';
    await choose('Bob', 'Unban');
    expect(user.status).toEqual([]);
    expect(user.said).toEqual([['information', 'Survival: No such player']]);
  });

  test('what the game cannot be told is no fault of servers.json', async () => {
    answers['server/action'] = () => Promise.reject(new Failure('invalid-definition', { field: 'reason' }));
    user.types = ['"quoted"'];
    await choose('Ann', 'Kick…');
    expect(user.said).toEqual([['error', 'Survival: The game does not take this reason.']]);
    answers['server/action'] = () => Promise.reject(new Failure('timeout'));
    await choose('Bob', 'Unban');
    expect(reported).toMatchObject([{ code: 'timeout' }]);
  });

  test('copies the name as it is', async () => {
    answers['server/players'] = async () => [{ ...ann, name: 'A$(b)' }];
    await choose('A\\$(b)', 'Copy Name');
    expect(user.copied).toEqual(['A$(b)']);
  });
});
