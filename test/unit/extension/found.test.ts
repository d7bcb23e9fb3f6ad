import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newPassword } from '../../../src/extension/setup/newPassword.js';
import { smallestEdit } from '../../../src/extension/setup/smallestEdit.js';
import { connectedSentence, foundGroups, lacksSettings, type Found } from '../../../src/extension/text/foundText.js';
import { t } from './fixtures.js';

const found = (change: Partial<Found> = {}): Found => ({
  definition: { id: 'palworld', name: 'Palworld', game: 'palworld', launch: { command: '/srv/pal/PalServer.sh' } },
  ...{ pid: null, missing: [] },
  ...change,
});

describe('what was found', () => {
  test('is shown in two parts, with what each lacks in words', () => {
    const running = found({ pid: 7, missing: ['console', 'exit-code', 'rest', 'password'] });
    const [first, second, third] = foundGroups([found({ missing: ['rcon'] }), running], t);
    expect([first?.title, second?.title, third]).toEqual(['Running now', 'Installed', undefined]);
    expect(first?.items).toMatchObject([
      {
        label: 'Palworld',
        description:
          'Palworld, process 7 · from its next start on: console, how it ended · not set up in the game: REST API, password',
        detail: '/srv/pal/PalServer.sh',
      },
    ]);
    expect(second?.items[0]?.description).toBe('Palworld · not set up in the game: RCON');
    expect(foundGroups([running], t).map(({ title }) => title)).toEqual(['Running now']);
  });

  test('what java runs is told by its folder', () => {
    const launch = { command: '/usr/bin/java', args: ['-jar', 'server.jar'], cwd: '/srv/mc' };
    const [group] = foundGroups([found({ definition: { id: 'a', name: 'A', game: 'minecraft', launch } })], t);
    expect(group?.items[0]?.detail).toBe('/srv/mc /usr/bin/java -jar server.jar');
  });

  test('one sentence says what all of them lack', () => {
    const one = found({ pid: 1, missing: ['console', 'exit-code'] });
    expect(connectedSentence([one, one], t)).toMatch(
      /^Connected: Palworld, Palworld\. Until the next start from here .*no exit code\.$/,
    );
    expect(connectedSentence([{ ...one, missing: ['console', 'ctrl-c'] }], t)).toContain('no stop by Ctrl+C');
    expect(connectedSentence([found({ missing: ['rest'] })], t)).toBeUndefined();
    expect(connectedSentence([], t)).toBeUndefined();
    expect([['rest'], ['console'], []].map((missing) => lacksSettings(found({ missing })))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test('an edit makes one text of the other, and splits no line end and no character', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r\n', '\n', '😀', '😁'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = smallestEdit(before, after);
      if (edit === undefined) return before === after;
      expect(before.slice(0, edit.from) + edit.text + before.slice(edit.to)).toBe(after);
      expect([edit.from, edit.to].some((at) => /[\r\ud800-\udbff]$/.test(before.slice(0, at)))).toBe(false);
      return true;
    }),
  );
  expect(smallestEdit('On=False,X', 'On=True,X')).toEqual({ from: 3, to: 7, text: 'Tru' });
});

test('a password is 24 letters and digits, another one each time', () => {
  const all = Array.from({ length: 200 }, newPassword);
  expect(all.filter((one) => !/^[A-Za-z0-9]{24}$/.test(one))).toEqual([]);
  expect(new Set(all).size).toBe(200);
});
