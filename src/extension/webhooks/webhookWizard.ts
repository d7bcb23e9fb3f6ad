import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import {
  ask,
  askChoice,
  askSeveral,
  askText,
  back,
  type Answer,
  type Choice,
  type Question,
} from '../commands/wizard.js';
import { addressFault, type WebhookKind } from './address.js';
import { freeWebhookName, isTaken, isWebhookName } from './webhookSettings.js';
import { kindLabel } from './webhookText.js';

const { t } = vscode.l10n;

/** What is told beside the servers: of the PC and the monitoring. */
const monitorId = 'monitor';

interface Draft {
  readonly kind: WebhookKind;
  readonly address: string;
  readonly name: string;
  readonly severity: 'warning' | 'error';
  /** undefined: all. */
  readonly servers: readonly string[] | undefined;
}

export interface NewWebhook {
  readonly address: string;
  /** For the setting; the address is not in it. */
  readonly entry: {
    readonly name: string;
    readonly kind: WebhookKind;
    readonly severity?: 'error';
    readonly servers?: readonly string[];
  };
}

/** taken: what is in the setting already. undefined: given up. */
export async function askWebhook(
  taken: readonly unknown[],
  views: readonly Pick<ServerView, 'id' | 'name'>[],
): Promise<NewWebhook | undefined> {
  const start: Draft = { kind: 'discord', address: '', name: '', severity: 'warning', servers: undefined };
  const questions = [
    askKind,
    askAddress,
    askName(taken),
    askSeverity,
    ...(views.length === 0 ? [] : [askServers(views)]),
  ];
  const draft = await ask(t('Add Webhook'), start, questions);
  if (draft === undefined) return undefined;
  const { address, name, kind, severity, servers } = draft;
  const entry = {
    ...{ name, kind },
    ...(severity === 'error' ? { severity } : {}),
    ...(servers === undefined ? {} : { servers }),
  };
  return { address, entry };
}

const askKind: Question<Draft> = async ({ kind, address }, place) => {
  const items: Choice<WebhookKind>[] = [
    {
      label: kindLabel('discord', t),
      detail: t('Into a channel: Server Settings › Integrations › Webhooks › Copy Webhook URL'),
      value: 'discord',
    },
    {
      label: kindLabel('generic', t),
      detail: t('A POST to any address, for programs of your own; docs/webhooks.md has its fields'),
      value: 'generic',
    },
  ];
  const answer = await askChoice(place, { items, placeholder: t('What is told?'), active: kind });
  // The address of one kind is none of the other.
  return give(answer, (value) => ({ kind: value, address: value === kind ? address : '' }));
};

const askAddress: Question<Draft> = async ({ kind, address }, place) => {
  const answer = await askText(place, { ...addressBox(kind), value: address, isSecret: true });
  return give(answer, (value) => ({ address: value.trim() }));
};

/** The question for an address, here and where it is changed. */
export function addressBox(kind: WebhookKind): {
  prompt: string;
  placeholder: string;
  check: (text: string) => string | undefined;
} {
  const prompt =
    kind === 'discord'
      ? t('Address of the Discord webhook. It is a secret: whoever has it can write into the channel.')
      : t('Address (https://). It is kept as a secret, not in the settings.');
  const placeholder = kind === 'discord' ? 'https://discord.com/api/webhooks/…' : 'https://example.com/alerts';
  return { prompt, placeholder, check: (text) => addressFault(kind, text, t) };
}

const askName =
  (taken: readonly unknown[]): Question<Draft> =>
  async ({ name, kind }, place) => {
    const answer = await askText(place, {
      value: name === '' ? freeWebhookName(kind === 'discord' ? 'discord' : 'webhook', taken) : name,
      prompt: t('Name of the webhook, as you want to see it in the list'),
      check: (text) => {
        if (!isWebhookName(text.trim())) return t('1 to 40 letters, digits, - or _');
        return isTaken(text.trim(), taken) ? t('There is a webhook of this name already.') : undefined;
      },
    });
    return give(answer, (value) => ({ name: value.trim() }));
  };

const askSeverity: Question<Draft> = async ({ severity }, place) => {
  const items: Choice<Draft['severity']>[] = [
    { label: t('Warnings and errors'), value: 'warning' },
    { label: t('Only errors'), detail: t('What waits for a person'), value: 'error' },
  ];
  const answer = await askChoice(place, { items, placeholder: t('What should it be told?'), active: severity });
  return give(answer, (value) => ({ severity: value }));
};

const askServers =
  (views: readonly Pick<ServerView, 'id' | 'name'>[]): Question<Draft> =>
  async ({ servers }, place) => {
    const items: Choice<boolean>[] = [
      { label: t('All servers, and this PC'), detail: t('Also those that are added later'), value: true },
      { label: t('Choose servers…'), value: false },
    ];
    for (;;) {
      const placeholder = t('About which servers?');
      const answer = await askChoice(place, { items, placeholder, active: servers === undefined });
      if (answer === undefined || answer === back) return answer;
      if (answer) return { servers: undefined };
      const chosen = await askSeveral(place, {
        items: [
          ...views.map(({ id, name }) => ({ label: name, description: id, value: id })),
          { label: t('This PC and the monitoring'), value: monitorId },
        ],
        placeholder,
        selected: servers ?? [],
      });
      if (chosen !== back) return give(chosen, (value) => ({ servers: value }));
    }
  };

function give<T extends string | readonly string[]>(
  answer: Answer<T>,
  wrap: (value: T) => Partial<Draft>,
): Answer<Partial<Draft>> {
  return answer === undefined || answer === back ? answer : wrap(answer);
}
