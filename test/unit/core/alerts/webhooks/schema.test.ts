import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { genericPayload } from '../../../../../src/core/alerts/webhooks/generic.js';
import { messageOf, testMessage, type Message } from '../../../../../src/core/alerts/webhooks/message.js';
import { testWording, wordingOf } from '../../../../../src/core/alerts/webhooks/wording.js';
import { alertRules } from '../../../../../src/shared/alert.js';
import { alert as anAlert, noon, view } from '../../../extension/fixtures.js';
import { faultsOf, type Schema } from '../../../extension/jsonSchema.js';
import { readJson } from '../../../extension/manifest.js';

const schema = readJson('docs/webhook.schema.json') as Schema;
const { alert: ofAlert, missed: ofMissed } = schema.properties!;
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
    expect(faultsOf(payloadOf(real(rule)), schema)).toEqual([]);
  });

  test('a test message', () => {
    expect(faultsOf(payloadOf(testMessage(noon, testWording('x', 'en'))), schema)).toEqual([]);
  });

  test('the example in the document', () => {
    const text = fs.readFileSync('docs/webhooks.md', 'utf8');
    expect(faultsOf(JSON.parse(/```json\n([^`]+)```/.exec(text)![1]!), schema)).toEqual([]);
  });
});

test('it names every key that is sent, and each of them is required', () => {
  const payload = payloadOf(real());
  const parts: [Schema, unknown][] = [
    [schema, payload],
    [ofAlert!, payload.alert],
    [ofMissed!, payload.missed],
  ];
  for (const [{ properties = {}, required = [] }, part] of parts) {
    const sent = Object.keys(part as object).sort();
    expect([Object.keys(properties).sort(), [...required].sort()]).toEqual([sent, sent]);
  }
});

test('it lists every rule that there is', () => {
  expect(ofAlert!.properties!.rule!.examples).toEqual([...alertRules, 'test']);
});

test.each([
  ['.version: enum', { version: 2 }],
  ['.kind: enum', { kind: 'escalated' }],
  ['.at: type', { at: 'now' }],
  ['.missed.dropped: minimum', { missed: { dropped: -1, uncertain: 0 } }],
  ['.id: minLength', { id: '' }],
  ['.alert.title: required', { alert: {} }],
])('it refuses what is otherwise: %s', (fault, change) => {
  expect(faultsOf({ ...payloadOf(real()), ...change }, schema)).toContain(fault);
});
