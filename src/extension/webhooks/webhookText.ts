import type { Requests, WebhookStatus } from '../../shared/contract.js';
import { withoutIcons } from '../text/alertTitle.js';
import { moment } from '../text/format.js';
import type { Reader, Translate } from '../translate.js';
import type { WebhookKind } from './address.js';
import type { WebhookRow } from './webhookSettings.js';

type Answer = Requests['alert/test']['result'];

export function kindLabel(kind: WebhookKind, t: Translate): string {
  // The name is the same in every language.
  return kind === 'discord' ? 'Discord' : t('Generic JSON');
}

/** How it does. icon: a codicon. */
export function webhookState({ status }: WebhookRow, now: number, reader: Reader): { icon: string; text: string } {
  const { t } = reader;
  if (status === undefined) return { icon: 'warning', text: t('Not in force: its entry in the settings is not right') };
  if (!status.enabled) return { icon: 'circle-slash', text: t('Switched off') };
  const counts = countsOf(status, t);
  if (!status.hasAddress) return { icon: 'warning', text: joined(t('Its address is missing'), ...counts) };
  const { isPaused, nextAt, detail } = status;
  if (isPaused || (nextAt !== null && nextAt > now)) {
    const until = nextAt === null ? undefined : moment(nextAt, now, reader);
    const state = isPaused ? pausedText(until, t) : t('Tried again at {0}', until ?? '?');
    return { icon: isPaused ? 'error' : 'clock', text: joined(state, ...saidOf(detail), ...counts) };
  }
  return { icon: 'pass', text: joined(detail === null ? t('Ready') : t('Works'), ...counts) };
}

function pausedText(until: string | undefined, t: Translate): string {
  return until === undefined ? t('Paused') : t('Paused until {0}', until);
}

/** Technical, and from outside. */
function saidOf(detail: string | null): string[] {
  return detail === null || detail === '' ? [] : [withoutIcons(detail)];
}

function countsOf({ waiting, dropped, uncertain }: WebhookStatus, t: Translate): string[] {
  return [
    ...(waiting > 0 ? [t('{0} waiting', waiting)] : []),
    ...(dropped > 0 ? [t('{0} never arrived', dropped)] : []),
    ...(uncertain > 0 ? [t('{0} may not have arrived', uncertain)] : []),
  ];
}

function joined(...parts: string[]): string {
  return parts.join(' · ');
}

/** What a test has shown. isAddress: another address may help. */
export interface TestText {
  readonly isFine: boolean;
  readonly isAddress: boolean;
  readonly text: string;
}

export function testText({ name, kind }: Pick<WebhookRow, 'name' | 'kind'>, answer: Answer, t: Translate): TestText {
  const { status, detail } = answer;
  if (status !== null && status >= 200 && status < 300) {
    const who = kind === 'discord' ? kindLabel(kind, t) : t('the receiver');
    return { isFine: true, isAddress: false, text: t('{0}: {1} answered {2}.', name, who, status) };
  }
  const advice = adviceOn(status, t);
  if (status === null) {
    return {
      isFine: false,
      isAddress: true,
      text: joinedSentences(t('{0} was not reached ({1}).', name, detail), advice),
    };
  }
  const text = joinedSentences(t('{0} did not take the test message ({1}).', name, detail), advice);
  return { isFine: false, isAddress: isAboutAddress(status), text };
}

/** Moved, not allowed, or not there: as the monitoring itself takes it when it pauses a webhook. */
function isAboutAddress(status: number): boolean {
  return (status >= 300 && status < 400) || [401, 403, 404, 405, 410].includes(status);
}

function adviceOn(status: number | null, t: Translate): string | undefined {
  if (status === null) return t('Look whether the address is right and the receiver runs.');
  if (isAboutAddress(status)) return t('The address is wrong, or the webhook was deleted there.');
  if (status === 429) return t('It wants to be left alone for a while; what waits for it is sent later.');
  if (status >= 500) return t('The receiver has trouble of its own; what waits for it is sent later.');
  return undefined;
}

function joinedSentences(...sentences: (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
