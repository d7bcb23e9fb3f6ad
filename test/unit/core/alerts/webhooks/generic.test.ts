import fs from 'node:fs';
import { expect, test } from 'vitest';
import { genericPayload } from '../../../../../src/core/alerts/webhooks/generic.js';
import { message } from './support/messages.js';

function keysOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? [key, ...keysOf(inner as object).map((name) => `${key}.${name}`)]
      : [key],
  );
}

test('it is what the document shows', () => {
  const text = fs.readFileSync('docs/webhooks.md', 'utf8');
  const example = JSON.parse(/```json\n([^`]+)```/.exec(text)![1]!) as object;
  const payload = genericPayload(message({ fields: [{ name: 'a', value: 'b' }] }), { dropped: 0, uncertain: 0 });
  expect(keysOf(payload).sort()).toEqual(keysOf(example).sort());
});

test('texts go out as they are, with what never came', () => {
  const told = message({ language: 'ko', title: '서바이벌 "충돌"', text: '**x**' });
  const payload = genericPayload(told, { dropped: 3, uncertain: 1 });
  expect(JSON.parse(JSON.stringify(payload))).toMatchObject({
    ...{ version: 1, id: told.id, kind: 'raised', language: 'ko', missed: { dropped: 3, uncertain: 1 } },
    alert: { id: told.alert.id, title: '서바이벌 "충돌"', text: '**x**' },
  });
});
