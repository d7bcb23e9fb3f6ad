import type { Batch, Message, Missed, Wording } from './message.js';

/**
 * As documented for executing a webhook. They are met in UTF-16 units: by whatever unit a receiver counts, it counts no more.
 * The total is over the texts of all embeds together.
 */
const limits = { content: 2000, embeds: 10, total: 6000, title: 256, description: 4096, footer: 2048 } as const;
const fieldLimits = { count: 25, name: 256, value: 1024 } as const;

/** More than these messages in one request are not taken. */
export const discordMost = limits.embeds;

/** In the footer, which must leave room for what has happened to it. */
const serverNameMost = 80;
/** What is left of a field's value has to say something. */
const shortestValue = 16;
/** Where a text is needed and there is none: an empty one is refused, and the whole request with it. */
const nothing = '–';
const colours = { error: 0xd13438, warning: 0xf2a900, resolved: 0x2e8b57, test: 0x4f7cac } as const;

interface Field {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

interface Embed {
  readonly title: string;
  readonly description?: string;
  readonly color: number;
  readonly fields: readonly Field[];
  readonly timestamp?: string;
  readonly footer: { readonly text: string };
}

export interface DiscordPayload {
  readonly content?: string;
  readonly embeds: readonly Embed[];
  readonly allowed_mentions: { readonly parse: readonly never[] };
}

/** missedText: how the number of messages that never came is told; asked only where there are some. Takes `discordMost` messages. */
export function discordPayload({ messages, missed }: Batch, missedText: (missed: Missed) => string): DiscordPayload {
  const embeds: Embed[] = [];
  const taken = messages.slice(0, limits.embeds);
  let left: number = limits.total;
  for (const [index, message] of taken.entries()) {
    // What one leaves over, the next ones have.
    const embed = embedOf(message, Math.floor(left / (taken.length - index)));
    left -= sizeOf(embed);
    embeds.push(embed);
  }
  const isMissed = missed.dropped + missed.uncertain > 0;
  const content = isMissed ? shown(missedText(missed), limits.content) : '';
  // Names of players and last lines of a console stand in these texts: nobody is to be called by them.
  return { ...(content === '' ? {} : { content }), embeds, allowed_mentions: { parse: [] } };
}

/** most: for all its texts together, at least 600. */
function embedOf(message: Message, most: number): Embed {
  const title = shown(message.title, limits.title) || nothing;
  const serverName = shown(message.alert.serverName, serverNameMost);
  const footer = serverName === '' ? 'Game Server Panel' : `${serverName} · Game Server Panel`;
  let left = most - title.length - footer.length;
  const wanted = fieldsOf(message.fields, Number.MAX_SAFE_INTEGER);
  // Short facts are worth more than the end of a long text.
  const forFields = Math.min(lengthOf(wanted), Math.floor(left / 2));
  const description = shown(message.text, Math.min(limits.description, left - forFields));
  left -= description.length;
  const time = new Date(message.at);
  return {
    title,
    ...(description === '' ? {} : { description }),
    color:
      message.kind === 'resolved' || message.kind === 'test' ? colours[message.kind] : colours[message.alert.severity],
    fields: fieldsOf(message.fields, left),
    ...(Number.isNaN(time.getTime()) ? {} : { timestamp: time.toISOString() }),
    footer: { text: footer },
  };
}

function fieldsOf(fields: Wording['fields'], most: number): Field[] {
  const fitting: Field[] = [];
  let left = most;
  for (const field of fields.slice(0, fieldLimits.count)) {
    const name = shown(field.name, fieldLimits.name) || nothing;
    const room = Math.min(fieldLimits.value, left - name.length);
    const value = room < 1 ? '' : shown(field.value, room) || nothing;
    const whole = shown(field.value, fieldLimits.value) || nothing;
    if (value === '' || (value !== whole && room < shortestValue)) continue;
    left -= name.length + value.length;
    fitting.push({ name, value, inline: value.length <= 40 });
  }
  return fitting;
}

function sizeOf({ title, description = '', fields, footer }: Embed): number {
  return title.length + description.length + footer.text.length + lengthOf(fields);
}

function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** What would be formatted, linked or taken for a mention. At a line's beginning some more would. */
const markup = /^[\\*_~`|[\]<>@]$/;
const lineMarkup = /^[#>+-]$/;

/**
 * As it reads, whatever it holds, and no longer than most: cut between what a reader takes for characters. Empty where
 * nothing of it can be seen.
 */
function shown(text: string, most: number): string {
  // An escape makes it longer, never shorter: what is further back has no room anyway.
  const raw = wellFormed(text.trim().slice(0, most + 1)).trimEnd();
  if (!/[^\s\p{Cc}\p{Cf}]/u.test(raw)) return '';
  const parts: string[] = [];
  let length = 0;
  let isLineStart = true;
  for (const { segment } of graphemes.segment(raw)) {
    const isEscaped = markup.test(segment) || (isLineStart && lineMarkup.test(segment));
    const part = isEscaped ? `\\${segment}` : segment;
    length += part.length;
    parts.push(part);
    if (length > most) return cut(parts, length, most);
    isLineStart = segment === '\n' || segment === '\r\n' || (isLineStart && segment.trim() === '');
  }
  return parts.join('');
}

function cut(parts: string[], length: number, most: number): string {
  if (most < 1) return '';
  let left = length;
  while (left > most - 1) left -= parts.pop()?.length ?? left;
  return `${parts.join('').trimEnd()}…`;
}

/** Half of a pair cannot be sent. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
