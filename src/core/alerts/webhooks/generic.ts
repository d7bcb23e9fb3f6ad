import type { Message, Missed } from './message.js';

/** As described in docs/webhooks.md. A change that breaks a reader raises `version`. */
export interface GenericPayload extends Pick<Message, 'id' | 'at' | 'kind' | 'language'> {
  readonly version: 1;
  readonly alert: Message['alert'] & Pick<Message, 'title' | 'text' | 'fields'>;
  readonly missed: Missed;
}

/** One message each: whoever reads it needs no list. */
export function genericPayload(message: Message, missed: Missed): GenericPayload {
  const { id, at, kind, language, alert, title, text, fields } = message;
  return { version: 1, id, at, kind, language, alert: { ...alert, title, text, fields }, missed };
}
