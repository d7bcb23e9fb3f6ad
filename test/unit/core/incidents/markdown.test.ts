import { describe, expect, test } from 'vitest';
import { markdown } from '../../../../src/core/incidents/markdown.js';
import type { Incident } from '../../../../src/core/incidents/record.js';
import { texts } from '../../../../src/core/incidents/texts.js';
import { thinned } from '../../../../src/core/incidents/sampleTable.js';
import { crashedAt, incident, point } from './fixtures.js';

const file = '/data/incidents/pal/1.json';
const shown = (change: Partial<Incident> = {}, language: 'en' | 'ko' = 'en'): string =>
  markdown(incident(change), file, language);
const exit = (change: Partial<Incident['exit']>): Pick<Incident, 'exit'> => ({
  exit: { code: null, signal: null, cause: 'crash', at: crashedAt, ...change },
});

/** The text of one "- **What:** value" line. */
function fact(text: string, what: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.startsWith(`- **${what}:** `))
    ?.slice(what.length + 8);
}

describe('what happened', () => {
  test('in words and numbers', () => {
    const text = shown();
    expect(text.split('\n')[0]).toBe('# Crash of Pal World');
    expect(text.split('\n')[2]).toMatch(/November 22, 2026.*14:03:12 · Palworld$/);
    expect(fact(text, 'How it ended')).toBe('It crashed: signal SIGSEGV (invalid memory access).');
    expect(fact(text, 'Ran for')).toBe('2 h 10 min');
    expect(fact(text, 'Players online')).toBe('2: Alice, Bob');
    expect(fact(text, 'World')).toBe('Last save 4 min before the end: what was played since then may be lost.');
    expect(fact(text, 'Restart')).toBe('It stays off until somebody starts it.');
    expect(fact(text, 'Memory')).toBe('8.0 GB at the end, 3.0 GB 4 min 58 s before');
    expect(fact(text, 'CPU')).toBe('120 % of one core at the end, 80 % of one core 4 min 58 s before');
    expect(fact(text, 'PC')).toBe('CPU 55 %, memory 70 % of 16.0 GB');
  });

  test.each([
    [{ code: 3 }, 'exit code 3 (fatal error of the Unreal engine)'],
    [{ code: 1 }, 'exit code 1.'],
    [{ code: 139 }, 'exit code 139 (SIGSEGV: invalid memory access)'],
    [{ code: 3_221_225_477 }, 'exit code 3221225477 (invalid memory access)'],
    [{ code: -1_073_741_819 }, 'exit code -1073741819 (invalid memory access)'],
    [{ signal: 'SIGSTKFLT' }, 'signal SIGSTKFLT.'],
    [{ cause: 'unknown' }, 'nobody was told how: exit code not known.'],
    [{ cause: 'oom', signal: 'SIGKILL' }, 'Memory ran out, and the system ended it: signal SIGKILL'],
  ] as const)('%j', (how, words) => {
    expect(fact(shown(exit(how)), 'How it ended')).toContain(words);
  });

  test('an exit code means what it means for its game', () => {
    expect(fact(shown({ ...exit({ code: 3 }), game: 'demo' }), 'How it ended')).toBe('It crashed: exit code 3.');
  });

  test('a kill for want of memory while it started', () => {
    const text = shown({ ...exit({ cause: 'start-failed', signal: 'SIGKILL' }), byOom: true });
    expect(fact(text, 'How it ended')).toContain('the system ended a program because memory ran out');
    expect(shown(exit({ cause: 'oom', signal: 'SIGKILL' }))).not.toContain('At the same time');
  });

  test('what follows', () => {
    const at = crashedAt + 5000;
    expect(fact(shown({ next: { is: 'restart', at, used: 1, max: 3 } }), 'Restart')).toBe(
      'It comes back by itself at 14:03:17 (1 of 3 restarts used before that).',
    );
    expect(fact(shown({ next: { is: 'gave-up', at: null, used: 3, max: 3 } }), 'Restart')).toBe(
      'It stays off: restarting did not help (3 tried).',
    );
  });

  test('a save under way; nobody on; nothing known', () => {
    expect(fact(shown({ isSaving: true }), 'World')).toMatch(/^A save was running.* Last save 4 min before/);
    expect(fact(shown({ isSaving: true, lastSaveAt: null }), 'World')).toBe(
      'A save was running: it may be incomplete.',
    );
    expect(fact(shown({ lastSaveAt: null }), 'World')).toBe('not known: no save was seen');
    // Known no more exactly than consoles are looked at.
    expect(fact(shown({ lastSaveAt: crashedAt - 2000 }), 'World')).toMatch(/^Last save a few seconds before the end/);
    expect(fact(shown({ players: [] }), 'Players online')).toBe('nobody');
    expect(fact(shown({ players: null }), 'Players online')).toBe('not known');
  });

  test('nobody watched: not known, and never 0', () => {
    const unwatched = { isWatched: false, players: null, isSaving: null, lastSaveAt: null, samples: null };
    const text = shown(unwatched);
    for (const what of ['Players online', 'World', 'Memory', 'CPU', 'PC']) {
      expect(fact(text, what), what).toBe('not known: nobody watched');
    }
    expect(text).toContain('## The last five minutes\n\nnot known: nobody watched');
    expect(fact(text, 'Ran for')).toBe('2 h 10 min');
    const unknown = shown({ ...unwatched, ...exit({ cause: 'unknown' }), writtenAt: crashedAt + 86_400_000 });
    expect(fact(unknown, 'Ran for')).toBe('not known');
    expect(unknown).toMatch(/between November 22, .* and November 23, /);
  });

  test('a measurement that was not made is –', () => {
    const text = shown({ samples: [point(2, { cpu: null, memory: null, hostCpu: null })] });
    expect(fact(text, 'Memory')).toBe('– at the end');
    expect(text).toMatch(/\| 14:03:10 \| – \| – \| 2 \|/);
  });
});

describe('what the game says', () => {
  test('its report, the line, and the memory of Java', () => {
    const report = {
      kind: 'unreal' as const,
      file: '/srv/`Pal`/x.xml',
      type: 'Assert',
      message: 'Index < Num\n```',
      lines: ['Pal!Tick()'],
    };
    const text = shown({ report, said: 'Fatal `error`', outOfMemory: 'java.lang.OutOfMemoryError: heap' });
    expect(text).toContain('**Crash report of the Unreal engine, Assert** (``/srv/`Pal`/x.xml``)');
    expect(text).toContain('````text\nIndex < Num\n```\nPal!Tick()\n````');
    expect(text).toContain('In its console: `` Fatal `error` ``');
    expect(text).toContain('its own limit, `-Xmx`, not that of the PC): `java.lang.OutOfMemoryError: heap`');
    expect(text).toContain('- Report of the game: ');
  });

  test('nothing', () => {
    expect(shown()).toContain('## What the game says\n\nNothing: it left no crash report that is known here.');
  });
});

describe('what comes from outside stays text', () => {
  test('names', () => {
    const text = shown({ name: '[x](http://evil) <b>`*_#|$', players: ['![i](u)', 'a\n# b'] });
    expect(text.split('\n')[0]).toBe('# Crash of \\[x\\](http://evil) \\<b\\>\\`\\*\\_\\#\\|\\$');
    expect(fact(text, 'Players online')).toBe('2: \\!\\[i\\](u), a \\# b');
  });

  test('lines: no fence of theirs ends the block, no colour or control character is left', () => {
    const esc = String.fromCharCode(27);
    const text = shown({ lines: ['```', `${esc}[31mred${esc}[0m\u0007 \tok`, '`````'] });
    expect(text).toContain('## Last lines\n\n``````text\n```\nred \tok\n`````\n``````\n');
    expect(shown({ lines: [] })).toContain('## Last lines\n\nNone: it printed nothing that reached this panel.');
  });
});

describe('the last five minutes', () => {
  const rows = (text: string): string[] => text.split('\n').filter((line) => /^\| \d/.test(line));
  const series = (count: number) =>
    Array.from({ length: count }, (_, n) => point(count - n, { cpu: n === 150 ? 999 : 50 + (n % 7), memory: n }));

  test('a row each, of up to a hundred; columns of which nothing is known are not there', () => {
    const text = shown({ samples: series(100) });
    expect(rows(text)).toHaveLength(100);
    expect(text).toContain(
      '| Time | CPU (one core) | Memory | Players | Threads | Read | Written | PC CPU | PC memory |',
    );
    expect(shown({ samples: [point(2, { tickRate: 20 })] })).toContain('| Ticks/s |');
    expect(text).not.toContain('all of them are in the file');
  });

  test('of more at most sixty, with the ends and what stands out, in their order', () => {
    const samples = series(300);
    const kept = thinned(samples);
    expect(kept.length).toBeLessThanOrEqual(60);
    expect(kept.length).toBeGreaterThan(30);
    expect(kept).toEqual(expect.arrayContaining([samples[0], samples[150], samples[299]]));
    expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((a, b) => a - b));
    expect(shown({ samples })).toContain(`${kept.length} of 300 measurements`);
  });

  test('none yet', () => {
    expect(shown({ samples: [] })).toContain('None: it ended before the first measurement.');
  });
});

describe('in Korean', () => {
  test('everything but what comes from outside', () => {
    const text = shown({ next: { is: 'restart', at: crashedAt + 5000, used: 0, max: 3 }, isSaving: true }, 'ko');
    expect(text.split('\n')[0]).toBe('# Pal World 크래시 보고서');
    expect(text.split('\n')[2]).toContain('2026년 11월 22일');
    expect(fact(text, '종료 원인')).toBe('크래시가 났습니다: SIGSEGV 신호, 잘못된 메모리 접근.');
    expect(fact(text, '가동 시간')).toBe('2시간 10분');
    expect(fact(text, '접속 중이던 플레이어')).toBe('2명: Alice, Bob');
    expect(fact(text, '월드')).toContain('마지막 세이브는 종료 4분 전입니다');
    expect(fact(text, '재시작')).toContain('14:03:17에 자동으로 재시작합니다');
    expect(fact(text, 'PC')).toBe('CPU 55%, 메모리 16.0GB 중 70%');
    for (const word of ['What', 'Last', 'not known', 'Players', '모니터 ', '저장']) expect(text).not.toContain(word);
  });

  test('the same signals and codes have words in both languages', () => {
    expect(Object.keys(texts.ko.signals)).toEqual(Object.keys(texts.en.signals));
    expect(Object.keys(texts.ko.exitCodes)).toEqual(Object.keys(texts.en.exitCodes));
  });
});
