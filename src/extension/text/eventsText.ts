import type { Requests } from '../../shared/contract.js';
import type { EventKind } from '../../shared/events.js';
import type { Reader, Translate } from '../translate.js';
import { eventText } from './eventText.js';

type HistoryEvent = Requests['history/events']['result'][number];

interface Span {
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The oldest first. */
  readonly events: readonly HistoryEvent[];
  /** Of a server; undefined where it is not in the list any more. */
  readonly name: (id: string) => string | undefined;
}

/** What is told by another event as well, a moment later. */
const repeated = new Set<EventKind>(['save-begun', 'incident']);

export function isWorthTelling(kind: EventKind): boolean {
  return !repeated.has(kind);
}

/** A line for each event: "2026-11-22 23:10:05  Survival: Crashed (SIGSEGV)". */
export function eventsText({ from, to, events, name }: Span, reader: Reader): string {
  const { t } = reader;
  const lines = events.flatMap(({ at, id, kind, data }) => {
    const who = name(id) ?? ownerText(id, t);
    const text = eventText({ kind, name: who, data }, reader);
    return text === undefined ? [] : [`${stamp(at)}  ${oneLine(t('{0}: {1}', who, text))}`];
  });
  const title = t('Events from {0} to {1}', stamp(from), stamp(to));
  return [title, '', ...(lines.length === 0 ? [t('Nothing has happened.')] : lines), ''].join('\n');
}

/** "Events 2026-11-22 23.10.txt": the title of the tab, and a name under which it can be saved anywhere. */
export function eventsName(from: number, t: Translate): string {
  return `${t('Events')} ${stamp(from).slice(0, 16).replace(':', '.')}.txt`;
}

/** In the same form in every language, so that lines stand below each other. */
function stamp(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

function ownerText(id: string, t: Translate): string {
  if (id === 'host') return t('This PC');
  return id === 'monitor' ? t('Monitoring') : id;
}

/** Names and reasons come from outside: none begins a line of its own, or turns one around. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
