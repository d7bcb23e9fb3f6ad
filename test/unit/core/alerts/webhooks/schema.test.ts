import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { genericPayload } from '../../../../../src/core/alerts/webhooks/generic.js';
import { messageOf, testMessage, type Message } from '../../../../../src/core/alerts/webhooks/message.js';
import { testWording, wordingOf } from '../../../../../src/core/alerts/webhooks/wording.js';
import { alertRules } from '../../../../../src/shared/alert.js';
import { alert as anAlert, noon, view } from '../../../extension/fixtures.js';
import { faultsAgainst } from './support/jsonSchema.js';

interface Schema extends Readonly<Record<string, unknown>> {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema & { readonly examples?: readonly string[] }>>;
}

const schema = JSON.parse(fs.readFileSync('docs/webhook.schema.json', 'utf8')) as Schema;
const none = { dropped: 0, uncertain: 0 };

/** As it arrives. */
function payloadOf(message: Message): Record<string, unknown> {
  return JSON.parse(JSON.stringify(genericPayload(message, none))) as Record<string, unknown>;
}

function real(rule: (typeof alertRules)[number] = 'crash'): Message {
  const alert = anAlert({ rule, count: 3 });
  const telling = { reason: 'again', times: 2 } as const;
  return messageOf(alert, 'again', noon, wordingOf({ alert, kind: 'again', telling, view: view(), now: noon }, 'ko'));
}

describe('what is sent is what the schema says', () => {
  test.each([...alertRules])('%s', (rule) => {
    expect(faultsAgainst(schema, payloadOf(real(rule)))).toEqual([]);
  });

  test('a test message', () => {
    expect(faultsAgainst(schema, payloadOf(testMessage(noon, testWording('x', 'en'))))).toEqual([]);
  });

  test('the example in the document', () => {
    const text = fs.readFileSync('docs/webhooks.md', 'utf8');
    expect(faultsAgainst(schema, JSON.parse(/```json\n([^`]+)```/.exec(text)![1]!))).toEqual([]);
  });
});

test('it names every key that is sent, and each of them is required', () => {
  const look = (part: Schema, value: Record<string, unknown>): void => {
    expect(Object.keys(part.properties).sort()).toEqual(Object.keys(value).sort());
    expect([...part.required].sort()).toEqual(Object.keys(value).sort());
  };
  const payload = payloadOf(real());
  look(schema, payload);
  look(schema.properties.alert!, payload.alert as Record<string, unknown>);
  look(schema.properties.missed!, payload.missed as Record<string, unknown>);
});

test('it lists every rule that there is', () => {
  expect(schema.properties.alert!.properties.rule!.examples).toEqual([...alertRules, 'test']);
});

test.each([
  ['$.version: not 1', { version: 2 }],
  ['$.kind: none of raised,again,resolved,test', { kind: 'escalated' }],
  ['$.at: not integer', { at: 'now' }],
  ['$.missed.dropped: too small', { missed: { dropped: -1, uncertain: 0 } }],
  ['$.id: too short', { id: '' }],
  ['$.alert.title: missing', { alert: {} }],
])('it refuses what is otherwise: %s', (fault, change) => {
  expect(faultsAgainst(schema, { ...payloadOf(real()), ...change })).toContain(fault);
});
