import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordPayload } from '../../../../../src/core/alerts/webhooks/discord.js';
import { messageOf, type MessageKind, type Telling } from '../../../../../src/core/alerts/webhooks/message.js';
import type { Told } from '../../../../../src/core/alerts/webhooks/told.js';
import { missedText, testWording, wordingOf } from '../../../../../src/core/alerts/webhooks/wording.js';
import { alertRules, type AlertRule } from '../../../../../src/shared/alert.js';
import type { Alert, ServerView } from '../../../../../src/shared/contract.js';
import { alert as anAlert, noon, view } from '../../../extension/fixtures.js';
import { anyText, checkLimits } from './support/discordLimits.js';

type Kind = Told['kind'];

const languages = ['en', 'ko'] as const;
const kinds: readonly Kind[] = ['raised', 'again', 'resolved'];
const minute = 60_000;
const gigabyte = 1024 ** 3;

/** As the core raises them. */
const dataOf: Readonly<Record<AlertRule, Record<string, unknown>>> = {
  crash: { code: 1, signal: null, cause: 'crash', exitAt: noon, players: 3, restarts: true },
  restarted: { cause: 'crash', attempt: 2, max: 3 },
  'gave-up': { used: 3, windowSeconds: 600 },
  'stop-timeout': { graceSeconds: 90 },
  hung: { reason: 'counters-flat log-silent' },
  'api-degraded': { via: 'rest', is: 'silent', since: noon - 6 * minute },
  'save-overdue': { lastAt: noon - 25 * minute, intervalMs: 10 * minute },
  'save-failed': { reason: 'Disk quota exceeded' },
  'tick-rate-low': { rate: 12.4, usual: 20, players: 5 },
  anomaly: {
    ...{ kind: 'cpu-high', metric: 'cpu', cause: 'unknown', begin: noon - 90_000, peak: 312, low: 120.4, high: 170 },
    ...{ players: 5, by: 'robust' },
  },
  leak: {
    ...{ kind: 'leak', metric: 'memory', cause: 'bug', begin: noon - 190 * minute, peak: 3e9, low: 2e9, high: 2e9 },
    ...{ bytesPerHour: 52 * 1024 ** 2, hoursLeft: 5.5 },
  },
  'disk-nearly-full': { freeBytes: 8 * gigabyte, totalBytes: 100 * gigabyte },
  'host-cpu-saturated': { percent: 97, minutes: 10 },
  'low-memory': { usedPercent: 92 },
  'over-budget': { cpuPercent: 6, memoryBytes: 210 * 1024 ** 2, intervalMs: 10_000 },
  'history-stopped': { trouble: 'disk-full', folder: '/home/kim/data', file: 'metrics.db' },
  'history-damaged': { found: 'database-broken', aside: '/home/kim/data/metrics.broken.db' },
  'webhook-paused': { target: 'discord', detail: 'discord.com: 404 Unknown Webhook', until: noon + 8 * minute },
};
const ofMonitor = new Set<AlertRule>([
  ...(['host-cpu-saturated', 'low-memory', 'over-budget', 'history-stopped', 'history-damaged'] as const),
  'webhook-paused',
]);

function alertOf(rule: AlertRule, change: Partial<Alert> = {}): Alert {
  const owner = ofMonitor.has(rule) ? { server: 'monitor', serverName: '' } : { server: 'pal', serverName: 'Survival' };
  return anAlert({ rule, ...owner, firstAt: noon, lastAt: noon, data: dataOf[rule], ...change });
}

interface Case {
  readonly alert?: Partial<Alert>;
  readonly kind?: Kind;
  readonly telling?: Partial<Telling>;
  readonly view?: ServerView | undefined;
  readonly now?: number;
}

function told(rule: AlertRule, { alert, kind = 'raised', telling, view: seen, now = noon }: Case = {}): Told {
  const reason = kind === 'raised' ? 'new' : kind === 'again' ? 'again' : 'over';
  const how = { reason, times: 1, ...telling } as const;
  return { alert: alertOf(rule, alert), kind, telling: how, view: seen, now };
}

const worded = (rule: AlertRule, of: Case = {}, language: 'en' | 'ko' = 'en') => wordingOf(told(rule, of), language);

const restarting = view({
  state: 'restarting',
  restarts: { used: 0, max: 3, nextAt: noon + 5000 },
  save: { ...view().save, lastAt: noon - 12 * minute },
});

describe('a crash', () => {
  test('is told with its cause, who was on, how old the last save is, and the restart to come', () => {
    expect(worded('crash', { view: restarting })).toEqual({
      language: 'en',
      title: 'Survival crashed',
      text: 'It crashed (exit 1). It restarts in 5 s.',
      fields: [
        { name: 'Server', value: 'Survival' },
        { name: 'Cause', value: 'Crashed (exit 1)' },
        { name: 'Restart', value: '1/3, in 5 s' },
        { name: 'Players online', value: '3' },
        { name: 'Last save', value: '12 min ago' },
      ],
    });
    expect(worded('crash', { view: restarting }, 'ko')).toEqual({
      language: 'ko',
      title: 'Survival: 크래시',
      text: '크래시가 났습니다(종료 코드 1). 5초 뒤 재시작합니다.',
      fields: [
        { name: '서버', value: 'Survival' },
        { name: '원인', value: '크래시 (종료 코드 1)' },
        { name: '재시작', value: '1/3, 5초 뒤' },
        { name: '접속 중이던 플레이어', value: '3명' },
        { name: '마지막 세이브', value: '12분 전' },
      ],
    });
  });

  test.each([
    ['oom', 'Survival ran out of memory', 'Survival: 메모리 부족으로 종료됨'],
    ['killed-outside', 'Survival was ended from outside', 'Survival: 외부에서 종료됨'],
    ['unknown', 'Survival ended, cause not known', 'Survival: 종료됨, 원인 알 수 없음'],
    ['start-failed', 'Survival could not be started', 'Survival: 시작하지 못함'],
  ])('by its cause: %s', (cause, en, ko) => {
    const of = { alert: { data: { ...dataOf.crash, cause, code: null, signal: 'SIGKILL' } } };
    expect([worded('crash', of).title, worded('crash', of, 'ko').title]).toEqual([en, ko]);
  });

  test('what is not known is left out, nobody is nobody', () => {
    const names = (players: unknown): string[] =>
      worded('crash', { alert: { data: { ...dataOf.crash, players } } }).fields.map(({ name }) => name);
    expect(names(null)).toEqual(['Server', 'Cause']);
    const of = { alert: { data: { ...dataOf.crash, players: 0 } } };
    expect(worded('crash', of).fields).toContainEqual({ name: 'Players online', value: '0' });
  });

  test('that nobody restarts says so', () => {
    const of = { alert: { data: { ...dataOf.crash, restarts: false } }, view: view({ state: 'crashed' }) };
    expect(worded('crash', of).text).toBe('It crashed (exit 1). It stays off until somebody starts it.');
    expect(worded('crash', of, 'ko').text).toBe('크래시가 났습니다(종료 코드 1). 직접 시작할 때까지 꺼져 있습니다.');
    expect(worded('crash', of).fields.map(({ name }) => name)).not.toContain('Restart');
  });

  test('that has come back says which restart it was', () => {
    const back = view({
      restarts: { used: 2, max: 3, nextAt: null },
      players: { ...view().players, online: 1, max: 32 },
    });
    const of: Case = { view: back, kind: 'again', alert: { count: 2, firstAt: noon - 3 * minute } };
    expect(worded('crash', of).fields).toContainEqual({ name: 'Restart', value: '2/3' });
    expect(worded('crash', of).text).toContain('It is running again.');
    // Who was on when it ended, not who is on now.
    expect(worded('crash', of).fields).toContainEqual({ name: 'Players online', value: '3' });
    const over = worded('crash', { ...of, kind: 'resolved' });
    expect(over).toMatchObject({ title: 'Resolved: Survival crashed', text: '2 times in 3 min. It is running again.' });
    expect(over.fields).toContainEqual({ name: 'Players online', value: '1/32' });
    expect(over.fields.map(({ name }) => name)).not.toContain('Cause');
  });
});

describe('how often', () => {
  const loop = { count: 5, firstAt: noon - 12 * minute };

  test('and how often since it was told last', () => {
    const of: Case = { kind: 'again', telling: { times: 3 }, alert: loop };
    expect(worded('hung', of).text).toContain('5 times in 12 min, 3 of them since the last message.');
    expect(worded('hung', of, 'ko').text).toContain('12분 동안 5회 발생했고, 그중 3회는 지난 메시지 이후입니다.');
  });

  test('what was never told has no last message', () => {
    expect(worded('hung', { kind: 'again', telling: { times: 5 }, alert: loop }).text).toMatch(/5 times in 12 min\.$/);
    expect(worded('hung', { telling: { times: 5 }, alert: loop }).text).toMatch(/5 times in 12 min\.$/);
  });

  test('once is not counted', () => {
    expect(worded('hung').text).not.toContain('times');
  });
});

test('what was held back says so, and when it was', () => {
  const of: Case = { telling: { reason: 'held' }, now: noon + 3 * 60 * minute };
  expect(worded('save-failed', of).text).toMatch(/Held back during the quiet hours; it last happened 3 h ago\.$/);
  expect(worded('save-failed', of, 'ko').text).toMatch(/방해 금지 시간에 보류된 알림입니다\. 마지막 발생: 3시간 전\.$/);
});

test('what has become worse because nobody looked says for how long', () => {
  const of: Case = {
    kind: 'again',
    telling: { reason: 'worse', times: 0 },
    alert: { activeSince: noon - 15 * minute },
  };
  expect(worded('hung', of).text).toMatch(/Nobody has acknowledged it for 15 min\.$/);
  expect(worded('hung', of, 'ko').text).toMatch(/15분 동안 아무도 확인하지 않았습니다\.$/);
});

test('what lasted says how long, what happened at a moment does not', () => {
  const of: Case = { kind: 'resolved', now: noon + 20 * minute };
  expect(worded('low-memory', of)).toMatchObject({
    title: 'Resolved: The PC is low on memory',
    text: 'It lasted 20 min.',
  });
  expect(worded('low-memory', of, 'ko')).toMatchObject({
    title: '[해결됨] PC 메모리 부족',
    text: '20분 동안 이어졌습니다.',
  });
  expect(worded('save-failed', of).text).toBe('');
});

test.each([
  ['restarted', 'Survival was restarted', 'It crashed.'],
  ['gave-up', 'Survival was not restarted again', '3 restarts in 10 min did not help.'],
  ['stop-timeout', 'Survival has not stopped', 'It has not stopped within 1 min 30 s. Its world may still be saving.'],
  ['hung', 'Survival is not responding', 'It uses neither CPU nor storage any more. It has printed nothing for long.'],
  ['api-degraded', 'The game of Survival does not answer', 'No answer for 6 min.'],
  ['save-overdue', 'Survival has not saved for long', 'It has not saved for 25 min; it does so every 10 min.'],
  ['save-failed', 'Survival could not save', 'The game says: Disk quota exceeded'],
  ['tick-rate-low', 'Survival runs slowly', '12 ticks a second; usual are 20.'],
  [
    'anomaly',
    'Survival: CPU usage anomaly',
    'CPU 312 %, expected 120 to 170 % for 5 players at this hour, for 1 min 30 s. It is more than its players explain.',
  ],
  [
    'leak',
    'Survival: memory leak suspected',
    'Memory has grown by 52 MB an hour for 3 h 10 min, whoever plays. If it goes on like this, the PC has none left in about 5 h 30 min.',
  ],
  ['disk-nearly-full', 'The disk of Survival is nearly full', '8.0 GB of 100 GB are free.'],
  ['host-cpu-saturated', 'The PC is very busy', 'CPU: 97 % for 10 min.'],
  [
    'over-budget',
    'Monitoring is over its budget',
    'It uses 6.0 % of one core and 210 MB of memory, and measures every 10 s',
  ],
  ['history-stopped', 'The history is not saved', 'The disk is full'],
  ['history-damaged', 'The history was damaged', 'What could be read was recovered.'],
  ['webhook-paused', 'Messages to discord are paused', 'It is tried again in 8 min'],
] as const)('%s in words', (rule, title, text) => {
  const said = worded(rule);
  expect(said.title).toBe(title);
  expect(said.text).toContain(text);
});

describe('variants', () => {
  test.each([
    ['api-degraded', { is: 'refused', since: noon }, 'Survival refuses the password', ''],
    ['save-overdue', { lastAt: null, intervalMs: null }, 'Survival has not saved for long', ''],
    ['save-failed', { reason: 'timeout' }, 'Survival could not save', 'No answer in time.'],
    ['anomaly', { metric: 'memory' }, 'Survival: memory usage anomaly', ''],
    ['anomaly', { metric: 'newer', peak: 90, low: 5, high: 9.5 }, 'Survival: anomaly', ''],
    ['hung', { reason: null }, 'Survival is not responding', ''],
    ['hung', { reason: 'of a newer kind' }, 'Survival is not responding', 'of a newer kind'],
    ['crash', {}, 'Survival crashed', 'It ended, and nobody was told how.'],
    ['gave-up', { used: 1, windowSeconds: 60 }, 'Survival was not restarted again', '1 restart in 1 min did not help.'],
  ] as const)('%s %j', (rule, data, title, text) => {
    const said = worded(rule, { alert: { data } });
    expect(said.title).toBe(title);
    expect(said.text.startsWith(text)).toBe(true);
    if (text === '') expect(said.text).toBe('');
  });

  test('what was given up names how it ended, and how often it was tried', () => {
    const exit = { code: null, signal: 'SIGSEGV', cause: 'crash', at: noon } as const;
    const failed = view({ state: 'failed', exit, restarts: { used: 3, max: 3, nextAt: null } });
    const said = worded('gave-up', { view: failed });
    expect(said.fields).toContainEqual({ name: 'Cause', value: 'Crashed (SIGSEGV)' });
    expect(said.fields).toContainEqual({ name: 'Restart', value: '3/3' });
    expect(said.text).toMatch(/It stays off until somebody starts it\.$/);
  });

  test('a target that fails is told with what it said', () => {
    expect(worded('webhook-paused').fields).toEqual([
      { name: 'Webhook', value: 'discord' },
      { name: 'Answer', value: 'discord.com: 404 Unknown Webhook' },
    ]);
  });
});

test('folders, and the name of whoever owns them, are told to nobody', () => {
  for (const rule of alertRules)
    for (const language of languages) expect(JSON.stringify(worded(rule, {}, language))).not.toContain('kim');
});

describe('both languages', () => {
  const cases = alertRules.flatMap((rule) => kinds.map((kind) => [rule, kind] as const));

  test.each(cases)('%s, %s', (rule, kind) => {
    const of: Case = { kind, telling: { times: 2 }, view: restarting, alert: { count: 4, firstAt: noon - minute } };
    const [en, ko] = [worded(rule, of), worded(rule, of, 'ko')];
    for (const said of [en, ko]) {
      const whole = JSON.stringify(said);
      expect(whole).not.toMatch(/undefined|null|NaN|Infinity|\[object|\{\d\}/);
      expect(said.title).not.toBe('');
      // The words of the code are not those of the interface.
      expect(whole).not.toMatch(/\b(hung|launcher|baseline|saturated|degraded|adopt)\b/i);
    }
    expect(JSON.stringify(en)).not.toMatch(/\p{Script=Hangul}/u);
    expect(ko.title).toMatch(/\p{Script=Hangul}/u);
    expect(ko.text === '').toBe(en.text === '');
    expect(ko.fields).toHaveLength(en.fields.length);
    if (rule !== 'webhook-paused') for (const { name } of ko.fields) expect(name).toMatch(/\p{Script=Hangul}/u);
  });

  test('no Korean particle depends on how a name ends', () => {
    for (const rule of alertRules) {
      const titles = ['Survival', '서버', '숲'].map((serverName) =>
        ofMonitor.has(rule) ? '' : worded(rule, { alert: { serverName } }, 'ko').title.replace(serverName, '{0}'),
      );
      expect(new Set(titles).size).toBe(1);
      if (titles[0] !== '') expect(titles[0]).toMatch(/^\{0\}: /);
    }
  });

  test('they are the words of the window', () => {
    const bundle = JSON.parse(fs.readFileSync('l10n/bundle.l10n.ko.json', 'utf8')) as Record<string, string>;
    const crash = (cause: string): Case => ({ alert: { data: { ...dataOf.crash, cause } } });
    const alike: [AlertRule, Case][] = [
      ...['crash', 'oom', 'killed-outside', 'unknown', 'start-failed'].map((cause): [AlertRule, Case] => [
        'crash',
        crash(cause),
      ]),
      ...(['gave-up', 'stop-timeout', 'hung', 'save-overdue', 'save-failed'] as const).map(
        (rule): [AlertRule, Case] => [rule, {}],
      ),
      ...(['low-memory', 'history-stopped', 'history-damaged', 'restarted', 'tick-rate-low'] as const).map(
        (rule): [AlertRule, Case] => [rule, {}],
      ),
      ...(['disk-nearly-full', 'host-cpu-saturated', 'over-budget', 'api-degraded'] as const).map(
        (rule): [AlertRule, Case] => [rule, {}],
      ),
    ];
    for (const [rule, of] of alike) {
      const english = worded(rule, of).title.replace('Survival', '{0}');
      expect(bundle[english]).toBe(worded(rule, of, 'ko').title.replace('Survival', '{0}'));
    }
  });
});

test('a test names its target', () => {
  expect(testWording('my_hook', 'en').fields).toEqual([{ name: 'Webhook', value: 'my_hook' }]);
  expect(testWording('my_hook', 'ko').title).toBe('테스트 메시지');
});

test('what never came is told in numbers', () => {
  expect(missedText({ dropped: 3, uncertain: 1 }, 'en')).toBe(
    'Messages that were given up: 3. Messages that may not have arrived: 1.',
  );
  expect(missedText({ dropped: 3, uncertain: 0 }, 'ko')).toBe('보내지 못한 메시지: 3개.');
});

describe('Discord takes them', () => {
  const names = [
    ...[
      'cause',
      'code',
      'signal',
      'players',
      'restarts',
      'used',
      'windowSeconds',
      'graceSeconds',
      'reason',
      'is',
      'since',
    ],
    ...[
      'lastAt',
      'intervalMs',
      'rate',
      'usual',
      'metric',
      'value',
      'low',
      'high',
      'hoursLeft',
      'freeBytes',
      'totalBytes',
    ],
    ...[
      'percent',
      'minutes',
      'usedPercent',
      'cpuPercent',
      'memoryBytes',
      'trouble',
      'found',
      'target',
      'detail',
      'until',
    ],
    ...['attempt', 'max'],
  ];
  const value = fc.oneof(
    anyText,
    fc.double(),
    fc.integer(),
    fc.constantFrom(null, true, 'crash', 'cpu', '__proto__'),
    fc.object(),
  );
  const hostile = fc.record({
    rule: fc.constantFrom(...alertRules),
    kind: fc.constantFrom(...kinds),
    reason: fc.constantFrom(...(['new', 'again', 'worse', 'over', 'held'] as const)),
    times: fc.nat(5),
    count: fc.integer({ min: 1, max: 9 }),
    serverName: anyText,
    data: fc.dictionary(fc.constantFrom(...names), value),
    language: fc.constantFrom(...languages),
    seen: fc.constantFrom(undefined, restarting, view({ state: 'failed' })),
  });

  test('whatever the names and the data are', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 10 }), fc.nat(2), (all, dropped) => {
        const messages = all.map(({ rule, kind, reason, times, count, serverName, data, language, seen }) => {
          const alert = anAlert({ rule, serverName, data, count });
          const wording = wordingOf({ alert, kind, telling: { reason, times }, view: seen, now: noon }, language);
          return messageOf(alert, kind satisfies MessageKind, noon, wording);
        });
        const missed = { dropped, uncertain: 1 };
        checkLimits(discordPayload({ messages, missed }, (it) => missedText(it, 'ko')));
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
