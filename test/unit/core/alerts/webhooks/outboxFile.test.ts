import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StoredTarget } from '../../../../../src/core/alerts/webhooks/outbox.js';
import { OutboxFile } from '../../../../../src/core/alerts/webhooks/outboxFile.js';
import { alertRules } from '../../../../../src/shared/alert.js';
import { useTempFolder } from '../../../node/support/tempFolder.js';
import { message } from './support/messages.js';

const at = useTempFolder();
const logged: string[] = [];
const open = (): OutboxFile => {
  fs.mkdirSync(at('.'), { recursive: true });
  logged.length = 0;
  return new OutboxFile(at('.'), { write: (_, __, text) => logged.push(text) });
};
const none: StoredTarget = { entries: [], dropped: 0, uncertain: 0, failures: 0, notBefore: 0, isPaused: false };

describe('outbox.json', () => {
  test('is read as it was written, whatever the rule, the kind and the name of the target', () => {
    const rules = [...alertRules, 'test'] as const;
    const waiting = rules.map((rule) => ({ message: message({ alert: { rule } }), state: 'waiting' as const }));
    const kinds = (['raised', 'again', 'resolved', 'test'] as const).map((kind) => message({ kind, language: 'ko' }));
    const sending = kinds.map((one) => ({ message: one, state: 'sending' as const }));
    const fields = [{ name: '서버', value: '"서바이벌"\n' }];
    const stored = Object.fromEntries([
      ['a', { ...none, entries: waiting, dropped: 3, uncertain: 1, failures: 7, notBefore: 1e13, isPaused: true }],
      ['__proto__', { ...none, entries: [...sending, { message: message({ fields }), state: 'waiting' as const }] }],
      ['constructor', none],
    ]);
    const file = open();
    expect(file.read()).toEqual({});
    file.keep(() => stored);
    file.flush();
    const read = open().read();
    expect(Object.keys(read)).toEqual(['a', '__proto__', 'constructor']);
    expect(Object.entries(read)).toEqual(Object.entries(stored));
    expect(fs.statSync(at('outbox.json')).mode & 0o777).toBe(0o600);
    expect(logged).toEqual([]);
  });

  test.each(['{"version": 1, "targets": [{}]}', '{"version": 2, "targets": []}', '{"vers'])(
    'that holds %s is set aside',
    (text) => {
      const file = open();
      fs.writeFileSync(at('outbox.json'), text);
      expect(file.read()).toEqual({});
      expect(fs.readdirSync(at('.'))).toEqual([expect.stringMatching(/^outbox\.broken-.*\.json$/)]);
      expect(logged).toEqual(['outbox.json could not be read and was set aside']);
    },
  );
});
