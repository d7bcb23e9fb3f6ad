import fs from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { Attention } from '../../../../src/core/alerts/attention.js';
import { attentionFile } from '../../../../src/core/alerts/attentionFile.js';
import { AwayBook } from '../../../../src/core/alerts/awayBook.js';
import { alertPolicy } from '../../../../src/core/alerts/policy.js';
import type { Alert } from '../../../../src/shared/contract.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const logged: string[] = [];
const file = (): ReturnType<typeof attentionFile> =>
  attentionFile(at(), { write: (level, _, text) => logged.push(`${level} ${text}`) });
const alert: Alert = {
  ...{ id: 'a1', rule: 'hung', server: 'demo', serverName: 'Demo', severity: 'warning', state: 'active' },
  ...{ firstAt: 1, lastAt: 2, count: 3, activeSince: 1, data: { reason: null } },
};

beforeEach(() => {
  logged.length = 0;
});

test('attention.json holds what was told, what waits, the language, and since when nobody has looked', () => {
  expect(file().read()).toBeUndefined();
  const attention = new Attention();
  attention.decide(alert, alertPolicy(), 5);
  attention.decide({ ...alert, id: 'a2' }, alertPolicy(), 6);
  const away = new AwayBook();
  for (const now of [1, 100_000, 200_000]) {
    away.came(now);
    away.left(now + 1);
  }
  const state = { version: 1, language: 'ko', attention: attention.state, away: away.state } as const;
  expect([state.attention.told.length, state.attention.held.length, state.away.absence?.open.length]).toEqual([
    1, 1, 1,
  ]);
  const kept = file();
  kept.keep(() => state);
  kept.dispose();
  expect(file().read()).toEqual(state);
  expect(fs.statSync(at('attention.json')).mode & 0o777).toBe(0o600);
});

test.each([
  ['half of one', '{"version":1,"language'],
  ['another version', '{"version":2}'],
  [
    'a held alert without a rule',
    `{"version":1,"language":null,"away":{"lastAt":null,"absence":null},"attention":
    {"told":[],"held":[["a1",{"alert":{},"reason":"cooldown","since":1,"until":2}]],"dropped":0}}`,
  ],
])('one that holds %s is set aside', (_, text) => {
  fs.writeFileSync(at('attention.json'), text);
  expect(file().read()).toBeUndefined();
  expect(fs.readdirSync(at('.'))).toEqual([expect.stringMatching(/^attention\.broken-.*Z\.json$/)]);
  expect(logged).toEqual(['warn attention.json could not be read and was set aside']);
});
