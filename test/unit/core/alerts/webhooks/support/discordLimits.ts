import fc from 'fast-check';
import { expect } from 'vitest';
import type { DiscordPayload } from '../../../../../../src/core/alerts/webhooks/discord.js';

/** Every kind of text that a server's name, a player or a console can bring, also far too long. */
const unit = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '한글',
    '👨‍👩‍👧‍👦',
    'e\u0301\u0323',
    '*',
    '\\',
    '\uD83D',
    '\n# ',
    ' ',
    '\u200B',
    '@everyone',
    '[a](http://b)',
  ),
);
export const anyText = fc
  .tuple(fc.array(unit, { maxLength: 6 }), fc.constantFrom(1, 1, 50, 700))
  .map(([parts, times]) => {
    return parts.join('').repeat(times);
  });

/** As documented; a text counts as what is left when the space around it is gone, in whatever unit is more. */
export function checkLimits({ content, embeds }: DiscordPayload): void {
  const within = (part: string, most: number): void => {
    expect(part.trim().length).toBeGreaterThan(0);
    expect(part.length).toBeLessThanOrEqual(most);
    expect(part).not.toMatch(/\p{Surrogate}/u);
  };
  if (content !== undefined) within(content, 2000);
  expect(embeds.length).toBeLessThanOrEqual(10);
  let total = 0;
  for (const { title, description, fields, footer, timestamp, color } of embeds) {
    within(title, 256);
    if (description !== undefined) within(description, 4096);
    within(footer.text, 2048);
    expect(fields.length).toBeLessThanOrEqual(25);
    for (const { name, value } of fields) {
      within(name, 256);
      within(value, 1024);
    }
    if (timestamp !== undefined) expect(new Date(timestamp).toISOString()).toBe(timestamp);
    expect(color).toBeLessThanOrEqual(0xffffff);
    const texts = [title, description ?? '', footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
    total += texts.join('').length;
  }
  expect(total).toBeLessThanOrEqual(6000);
}
