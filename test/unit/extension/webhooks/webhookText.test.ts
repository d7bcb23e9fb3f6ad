import { describe, expect, test } from 'vitest';
import { webhookActions } from '../../../../src/extension/webhooks/webhookActions.js';
import { webhookRows } from '../../../../src/extension/webhooks/webhookSettings.js';
import { testText, webhookState } from '../../../../src/extension/webhooks/webhookText.js';
import type { WebhookStatus } from '../../../../src/shared/contract.js';
import { noon, reader, t } from '../fixtures.js';
import { status } from './fakeWebhooks.js';

describe('how a webhook does', () => {
  const said = (change: Partial<WebhookStatus>): string => {
    const { icon, text } = webhookState(webhookRows([status(change)], [])[0]!, noon, reader);
    return `${icon}: ${text}`;
  };

  test.each<[Partial<WebhookStatus>, string]>([
    [{}, 'pass: Ready'],
    [{ detail: 'discord.com: 204' }, 'pass: Works'],
    [{ detail: 'discord.com: 204', waiting: 2, uncertain: 1 }, 'pass: Works · 2 waiting · 1 may not have arrived'],
    [{ enabled: false, isPaused: true }, 'circle-slash: Switched off'],
    [{ hasAddress: false, dropped: 3 }, 'warning: Its address is missing · 3 never arrived'],
    [
      { isPaused: true, nextAt: noon + 60_000, detail: 'discord.com: 404 $(bug)', waiting: 5 },
      'error: Paused until 12:01 PM · discord.com: 404 \\$(bug) · 5 waiting',
    ],
    [{ isPaused: true }, 'error: Paused'],
    [
      { nextAt: noon + 60_000, detail: 'discord.com: timeout' },
      'clock: Tried again at 12:01 PM · discord.com: timeout',
    ],
    [{ nextAt: noon - 1, detail: 'discord.com: 204' }, 'pass: Works'],
  ])('%j', (change, text) => {
    expect(said(change)).toBe(text);
  });

  test('one that is only in the settings is not in force', () => {
    const [row] = webhookRows([], [{ name: 'a', kind: 'generic', enabled: true }]);
    expect(webhookState(row!, noon, reader)).toEqual({
      icon: 'warning',
      text: 'Not in force: its entry in the settings is not right',
    });
    expect(webhookActions(row!, t).map(({ action }) => action)).toEqual(['switch', 'edit', 'remove']);
  });

  test('one that is set elsewhere can be tried, and gets an address', () => {
    const actions = (change: Partial<WebhookStatus>) =>
      webhookActions(webhookRows([status(change)], [])[0]!, t).map(({ label }) => label);
    expect(actions({})).toEqual(['Send Test Message', 'Change Address…']);
    expect(actions({ hasAddress: false })).toEqual(['Enter Address…']);
  });
});

describe('what a test has shown', () => {
  const said = (code: number | null, kind: 'discord' | 'generic' = 'discord') =>
    testText({ name: 'alarm', kind }, { status: code, detail: 'host: what it said' }, t);

  test('the real answer of who answered', () => {
    expect(said(204)).toEqual({ isFine: true, isAddress: false, text: 'alarm: Discord answered 204.' });
    expect(said(200, 'generic').text).toBe('alarm: the receiver answered 200.');
  });

  test.each([
    [404, true, 'did not take the test message (host: what it said). The address is wrong, or the webhook was deleted'],
    [401, true, 'The address is wrong'],
    [302, true, 'The address is wrong'],
    [429, false, 'It wants to be left alone'],
    [503, false, 'trouble of its own'],
    [400, false, 'alarm did not take the test message (host: what it said).'],
    [null, true, 'alarm was not reached (host: what it said). Look whether the address is right'],
  ])('%s', (code, isAddress, words) => {
    expect(said(code)).toMatchObject({ isFine: false, isAddress });
    expect(said(code).text).toContain(words);
  });
});
