import type { Wording } from './message.js';
import { causeOf, exitText, numberOf, quoted, textOf, type Told, type Words } from './told.js';

type Field = Wording['fields'][number];

/** Facts of a few words each. What is not known is left out: nothing is not the same as not known. */
export function fieldsOf(told: Told, words: Words): Field[] {
  const { alert } = told;
  const { fields } = words.texts;
  if (alert.rule === 'webhook-paused') {
    const target: Field = { name: fields.target, value: textOf(alert.data.target) };
    const answer: Field = { name: fields.answer, value: quoted(textOf(alert.data.detail)) };
    return told.kind === 'resolved' || answer.value === '' ? [target] : [target, answer];
  }
  // Of the PC, or of the monitoring itself.
  if (alert.serverName === '') return [];
  const all: readonly (readonly [string, string | undefined])[] = [
    [fields.server, alert.serverName],
    [fields.cause, causeText(told, words)],
    [fields.restart, restartText(told, words)],
    [hasEnded(told) ? words.texts.playersThen : words.texts.playersNow, playersText(told, words)],
    [fields.lastSave, lastSaveText(told, words)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function hasEnded({ alert, kind }: Told): boolean {
  return alert.rule === 'crash' && kind !== 'resolved';
}

function causeText({ alert, kind, view }: Told, { texts }: Words): string | undefined {
  const { rule, data } = alert;
  const exit = rule === 'gave-up' ? view?.exit : rule === 'crash' || rule === 'restarted' ? data : undefined;
  if (kind === 'resolved' || exit === undefined || exit === null) return undefined;
  return texts.causes[causeOf(exit.cause)](exitText(exit, texts));
}

/** Which restart of how many, and when it comes. */
function restartText({ alert, kind, view, now }: Told, { texts, values }: Words): string | undefined {
  const { rule, data } = alert;
  if (kind === 'resolved') return undefined;
  if (rule === 'restarted') {
    const [attempt, max] = [numberOf(data.attempt), numberOf(data.max)];
    return attempt === null || max === null ? undefined : texts.restart(attempt, max, undefined);
  }
  if (view === undefined || (rule !== 'crash' && rule !== 'gave-up')) return undefined;
  const { used, max, nextAt } = view.restarts;
  if (view.state !== 'restarting' || nextAt === null)
    return used === 0 ? undefined : texts.restart(used, max, undefined);
  // It counts as used when it begins.
  return texts.restart(Math.min(used + 1, max), max, values.duration(Math.max(1000, nextAt - now)));
}

/** Of a crash: how many it has thrown out. */
function playersText(told: Told, { texts, values }: Words): string | undefined {
  const then = numberOf(told.alert.data.players);
  if (hasEnded(told)) return then === null ? undefined : texts.players(values.count(then), undefined);
  const { online, max } = told.view?.players ?? { online: null, max: null };
  return online === null
    ? undefined
    : texts.players(values.count(online), max === null ? undefined : values.count(max));
}

function lastSaveText({ view, now }: Told, { texts, values }: Words): string | undefined {
  const lastAt = view?.save.lastAt ?? null;
  return lastAt === null ? undefined : texts.ago(values.roughly(Math.max(1000, now - lastAt)));
}
