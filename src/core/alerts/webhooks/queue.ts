import { mergedOf, weightOf, type Message } from './message.js';

/** sending: its request may be under way; see Outbox for what a restart makes of that. */
export interface Entry {
  readonly message: Message;
  readonly state: 'waiting' | 'sending';
}

/** How many messages wait for one target at most. */
const queueMost = 100;

/** Waiting messages with one more, oldest first, at most `queueMost`; and how many had to go for it. */
export function queuedWith(entries: readonly Entry[], message: Message): { entries: Entry[]; dropped: number } {
  const place = message.kind === 'test' ? -1 : entries.findIndex((entry) => isWaiting(entry, message.alert.id));
  const earlier = entries[place];
  if (earlier !== undefined) {
    const merged: Entry = { message: mergedOf(earlier.message, message), state: 'waiting' };
    return { entries: entries.with(place, merged), dropped: 0 };
  }
  const all: Entry[] = [...entries, { message, state: 'waiting' }];
  if (all.length <= queueMost) return { entries: all, dropped: 0 };
  const least = leastOf(all);
  return { entries: all.filter((entry) => entry !== least), dropped: 1 };
}

/** It is of that alert, and not under way: what is cannot be changed any more. */
export function isWaiting({ message, state }: Entry, alert: string): boolean {
  return state === 'waiting' && message.kind !== 'test' && message.alert.id === alert;
}

/** Of those that wait: the least severe, of these the oldest. */
function leastOf(entries: readonly Entry[]): Entry | undefined {
  let least: Entry | undefined;
  for (const entry of entries) {
    if (entry.state !== 'waiting') continue;
    if (least === undefined || weightOf(entry.message) < weightOf(least.message)) least = entry;
  }
  return least;
}
