import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actionTitle, failureText } from '../../../src/extension/failures.js';
import type { ErrorCode } from '../../../src/shared/contract.js';
import type { FailureData } from '../../../src/shared/failure.js';
import { t } from './fixtures.js';
import { readJson, root } from './manifest.js';
import { placeholdersOf, usedTexts } from './usedTexts.js';

type Texts = Record<string, string>;
const english = readJson('l10n/bundle.l10n.json') as Texts;
const korean = readJson('l10n/bundle.l10n.ko.json') as Texts;
const nls = { en: readJson('package.nls.json') as Texts, ko: readJson('package.nls.ko.json') as Texts };
const used = usedTexts(join(root, 'src/extension'));
const keys = [...new Set(used.map(({ key }) => key))].filter((key) => key !== undefined).sort();

/** Words that mean nothing to those who use the panel, and Korean ones with another meaning here. */
const inner = /\b(core|launcher|adopt\w*|degraded|hung|baseline|saturated)\b/i;
const foreign = /(?<!다중 )모니터(?!링)|베이스라인|런처|코어 프로세스/;

describe('texts of the code', () => {
  test('each is a literal that gets as many values as it has places', () => {
    expect(used.filter(({ key }) => key === undefined).map(({ at }) => at)).toEqual([]);
    // The texts for a view go there with their places open, and are filled in there.
    const filledIn = used.filter(({ at, given }) => !(at.startsWith('panels/') && given === 0));
    expect(filledIn.filter(({ placeholders, given }) => placeholders !== given).map(({ at }) => at)).toEqual([]);
  });

  test('none is untranslated, none is translated for nothing', () => {
    expect(Object.keys(korean).sort()).toEqual(keys);
    expect(Object.keys(english).sort()).toEqual(keys);
  });

  test('each is translated with the same places, and in the words agreed on', () => {
    for (const [key, text] of Object.entries(korean)) {
      expect(placeholdersOf(text), key).toEqual(placeholdersOf(key));
      expect(english[key], key).toBe(key);
      // A core of the CPU is one that people know.
      if (!/\bcores?\b/.test(key)) expect(key).not.toMatch(inner);
      expect(text, key).not.toMatch(foreign);
      expect(text, key).toMatch(/[가-힣]|^(CPU( \{0\})?|[{}()0-9:, %KMGTBms]+)$/);
    }
  });
});

describe('texts of the manifest', () => {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const named = [...new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]))].sort();

  test('none is untranslated, none is translated for nothing', () => {
    expect(Object.keys(nls.en).sort()).toEqual(named);
    expect(Object.keys(nls.ko).sort()).toEqual(named);
  });

  test('the welcome view offers, in this order: find, add, demo', () => {
    for (const texts of Object.values(nls)) {
      const commands = [...texts['welcome.empty']!.matchAll(/\(command:(.+?)\)/g)].map((match) => match[1]);
      expect(commands).toEqual(['gameServers.find', 'gameServers.add', 'gameServers.addDemo']);
    }
  });

  test('no inner words', () => {
    for (const [key, words] of Object.entries(nls.en)) {
      // A core of the CPU is one that people know.
      if (!/^settings\.(cpuScale|budget)/.test(key)) expect(words).not.toMatch(inner);
    }
    for (const words of Object.values(nls.ko)) expect(words).not.toMatch(foreign);
  });
});

describe('failures', () => {
  const show = (code: ErrorCode, data = {}): string => failureText(code, data, 'My Server', t).text;

  test('each says what is wrong with its data', () => {
    expect(show('command-not-found', { command: '/x/y' })).toBe('My Server cannot start: /x/y does not exist.');
    expect(show('start-failed', { exitCode: 3, signal: null })).toBe('My Server did not start: exit code 3');
    expect(show('start-failed', { exitCode: null, signal: 'SIGSEGV' })).toBe(
      'My Server did not start: ended by SIGSEGV',
    );
    expect(show('start-failed', { detail: 'EAGAIN' })).toBe('My Server did not start: EAGAIN');
    expect(show('start-failed')).toBe('My Server did not start: see its console');
    expect(show('io', { file: '/x', line: 12, detail: 'broken' })).toContain('line 12');
    expect(show('io', { file: '/x', detail: 'ENOSPC' })).toBe('Reading or writing failed: /x, ENOSPC');
    expect(show('io', { file: '/x', detail: 'ENOENT' })).toBe('My Server: /x does not exist.');
    expect(show('invalid-definition', { field: 'name', detail: 'too long' })).toMatch(/name: too long$/);
  });

  test('each says what a game did not do, and when it is asked again', () => {
    const now = 1_000_000;
    const when = (data: FailureData): string => failureText('unreachable', data, 'My Server', t, now).text;
    expect(when({})).toContain('Monitoring does not answer');
    expect(when({ method: 'server/save' })).toContain('Monitoring does not answer');
    expect(when({ port: 25575 })).toBe('The console of My Server does not answer on port 25575.');
    expect(when({ port: 8212, via: 'rest', retryAt: now + 4200 })).toBe(
      'My Server does not answer on port 8212 (REST API). It is asked again in 5 s.',
    );
    expect(when({ retryAt: now })).toBe('The game of My Server does not answer.');
    expect(show('timeout')).toBe('My Server did not answer in time.');
    expect(show('timeout', { isSent: true })).toBe(
      'My Server did not answer in time. It may have done it all the same.',
    );
    expect(show('auth-rejected', { via: 'rcon' })).toBe('My Server refused the password (RCON).');
    expect(show('bad-reply')).toBe('My Server gave an answer that makes no sense.');
    expect(show('bad-reply', { status: 500, detail: 'oops' })).toMatch(/no sense: HTTP 500, oops$/);
    expect(show('io', { what: 'save', detail: 'disk full' })).toBe('My Server could not save: disk full');
    expect(show('unsupported', { method: 'x' })).toBe('My Server cannot do this.');
    expect(show('unsupported', { what: 'save' })).toBe('My Server cannot be told to save.');
    expect(show('unsupported', { what: 'announce' })).toBe('The players of My Server cannot be told anything.');
    expect(show('unsupported', { what: 'announce-characters' })).toBe(
      'My Server can show its players only English letters, digits and punctuation. Nothing was sent.',
    );
    expect(failureText('unsupported', { what: 'players' }, 'My Server', t)).toEqual({
      text: 'My Server does not tell who is on.',
      actions: ['set-up-connection'],
    });
  });

  test('one that this window does not know is told as it is', () => {
    expect(show('moon-phase' as ErrorCode)).toBe('My Server: moon-phase');
  });

  test('buttons have titles', () => {
    expect(actionTitle('force-kill', t)).toBe('Force Kill…');
    expect(failureText('stop-timeout', {}, '', t).actions).toEqual(['keep-waiting', 'force-kill']);
    expect(failureText('command-not-found', {}, '', t).actions).toEqual(['edit-definition']);
  });
});
