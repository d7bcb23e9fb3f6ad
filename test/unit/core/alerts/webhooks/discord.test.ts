import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordMost, discordPayload, type DiscordPayload } from '../../../../../src/core/alerts/webhooks/discord.js';
import type { Message } from '../../../../../src/core/alerts/webhooks/message.js';
import { anyText, checkLimits } from './support/discordLimits.js';
import { message } from './support/messages.js';

const none = { dropped: 0, uncertain: 0 };
const payloadOf = (...messages: Message[]): DiscordPayload =>
  discordPayload({ messages, missed: none }, () => 'missed');
const titleOf = (title: string): string => payloadOf(message({ title })).embeds[0]!.title;

const anyMessage = fc
  .record({
    title: anyText,
    text: anyText,
    serverName: anyText,
    fields: fc.array(fc.record({ name: anyText, value: anyText }), { maxLength: 30 }),
    kind: fc.constantFrom('raised', 'again', 'resolved', 'test'),
    severity: fc.constantFrom('warning', 'error'),
    at: fc.oneof(fc.integer(), fc.double()),
  } as const)
  .map(({ serverName, severity, ...parts }) => message({ ...parts, alert: { serverName, severity } }));

describe('the documented limits', () => {
  test('whatever the texts are', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { minLength: 1, maxLength: 12 }),
        anyText,
        fc.nat(2),
        (messages, note, dropped) => {
          const payload = discordPayload({ messages, missed: { dropped, uncertain: 0 } }, () => note);
          checkLimits(payload);
          expect(payload.embeds).toHaveLength(Math.min(discordMost, messages.length));
          expect(payload.allowed_mentions).toEqual({ parse: [] });
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  test('are made use of', () => {
    const long = 'x'.repeat(9000);
    const fields = Array.from({ length: 30 }, (_, index) => ({ name: `f${String(index)}`, value: 'v' }));
    const [embed] = payloadOf(message({ title: long, text: long, fields })).embeds;
    expect([embed!.title.length, embed!.description!.length, embed!.fields.length]).toEqual([256, 4096, 25]);
    const wide = payloadOf(message({ text: 't', fields: [{ name: long, value: long }] })).embeds[0]!.fields[0]!;
    expect([wide.name.length, wide.value.length]).toEqual([256, 1024]);
  });

  test('short facts stay where a long text is cut, also in ten at once', () => {
    const fields = [
      { name: 'Restart', value: '1/3' },
      { name: 'Players online', value: '4' },
    ];
    const all = Array.from({ length: 10 }, () => message({ title: 'x'.repeat(300), text: 'y'.repeat(5000), fields }));
    const payload = payloadOf(...all);
    checkLimits(payload);
    for (const embed of payload.embeds) {
      expect(embed.fields.map(({ value }) => value)).toEqual(['1/3', '4']);
      expect(embed.description!.length).toBeGreaterThan(100);
    }
  });

  test('what one message does not need, the next ones have', () => {
    const [, long] = payloadOf(message(), message({ text: 'y'.repeat(5000) })).embeds;
    expect(long!.description).toHaveLength(4096);
  });
});

describe('texts', () => {
  test('are cut between characters as they are read', () => {
    const family = '👨‍👩‍👧‍👦';
    const title = titleOf(family.repeat(100));
    expect(title).toBe(`${family.repeat(23)}…`);
    expect(titleOf('e\u0301'.repeat(300))).toBe(`${'e\u0301'.repeat(127)}…`);
  });

  test('are never formatted, linked or taken for a mention, and no escape is cut in two', () => {
    expect(titleOf('my_server **x** [a](b) <@1>')).toBe('my\\_server \\*\\*x\\*\\* \\[a\\](b) \\<\\@1\\>');
    expect(titleOf('# a\n- b - c')).toBe('\\# a\n\\- b - c');
    expect(titleOf('*'.repeat(256))).toBe(`${'\\*'.repeat(127)}…`);
  });

  test('an empty one is left out or shown as nothing', () => {
    const fields = [{ name: '', value: ' \u200B ' }];
    const [embed] = payloadOf(message({ title: '  ', text: '\n', fields, alert: { serverName: '' } })).embeds;
    expect(embed).toMatchObject({
      title: '–',
      fields: [{ name: '–', value: '–' }],
      footer: { text: 'Game Server Panel' },
    });
    expect(embed).not.toHaveProperty('description');
  });
});

test('colours tell how bad it is', () => {
  const colours = payloadOf(
    message(),
    message({ alert: { severity: 'error' } }),
    message({ kind: 'resolved', alert: { severity: 'error' } }),
    message({ kind: 'test' }),
  ).embeds.map(({ color }) => color);
  expect(new Set(colours).size).toBe(4);
});

test('what never came is told above', () => {
  const missed = { dropped: 3, uncertain: 1 };
  expect(discordPayload({ messages: [message()], missed }, (it) => JSON.stringify(it)).content).toContain(
    '"dropped":3',
  );
  expect(payloadOf(message())).not.toHaveProperty('content');
});
