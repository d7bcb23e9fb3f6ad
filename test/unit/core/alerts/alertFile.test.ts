import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlertFile } from '../../../../src/core/alerts/alertFile.js';
import type { Alert } from '../../../../src/shared/contract.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const logged: string[] = [];
const file = (): AlertFile => new AlertFile(at(), { write: (level, _, text) => logged.push(`${level} ${text}`) });
const alert: Alert = {
  ...{ id: 'a1', rule: 'crash', server: 'demo', serverName: 'Demo', severity: 'error' },
  ...{ firstAt: 1, lastAt: 2, count: 3, state: 'acknowledged' },
  data: { code: null, signal: 'SIGSEGV', restarts: false },
};

beforeEach(() => {
  logged.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('alerts.json', () => {
  test('is read as it was written', () => {
    const first = file();
    expect(first.read()).toEqual([]);
    first.keep(() => [alert, { ...alert, id: 'a2', state: 'active', rule: 'save-failed' }]);
    first.dispose();
    expect(file().read()).toEqual([alert, { ...alert, id: 'a2', state: 'active', rule: 'save-failed' }]);
    expect(logged).toEqual([]);
  });

  test('holds what is muted and what was told again; one of an earlier version has neither', () => {
    const all: Alert[] = [
      { ...alert, id: 'a2', state: 'muted', mutedUntil: null },
      { ...alert, id: 'a3', state: 'resolved', mutedUntil: 5 },
      { ...alert, id: 'a4', state: 'active', activeSince: 2, escalation: { step: 1, at: 3 } },
      alert,
    ];
    const kept = file();
    kept.keep(() => all);
    kept.dispose();
    expect(file().read()).toEqual(all);
    expect(JSON.parse(fs.readFileSync(at('alerts.json'), 'utf8'))).toMatchObject({ version: 1 });
  });

  test('is written at most once a second, as it is then', () => {
    const kept = file();
    let count = 0;
    for (let n = 0; n < 50; n++) kept.keep(() => [{ ...alert, count: ++count }]);
    vi.advanceTimersByTime(999);
    expect(fs.existsSync(at('alerts.json'))).toBe(false);
    vi.advanceTimersByTime(1);
    expect(file().read()).toMatchObject([{ count: 1 }]);
    kept.dispose();
    vi.advanceTimersByTime(60_000);
    expect(count).toBe(1);
  });

  test('a later change waits its second, whatever was changed before', () => {
    const kept = file();
    kept.keep(() => [alert]);
    for (const count of [2, 3, 4]) {
      vi.advanceTimersByTime(300);
      kept.keep(() => [{ ...alert, count }]);
    }
    vi.advanceTimersByTime(100);
    kept.keep(() => [{ ...alert, count: 5 }]);
    vi.advanceTimersByTime(999);
    expect(file().read()).toMatchObject([{ count: 4 }]);
    vi.advanceTimersByTime(1);
    expect(file().read()).toMatchObject([{ count: 5 }]);
  });

  test('is for this user only', () => {
    const kept = file();
    kept.keep(() => [alert]);
    kept.dispose();
    expect(fs.statSync(at('alerts.json')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['half of one', JSON.stringify({ version: 1, alerts: [alert] }).slice(0, 50)],
    ['zeroes', '\0'.repeat(100)],
    ['another version', JSON.stringify({ version: 2, alerts: [] })],
    ['a rule nobody knows', JSON.stringify({ version: 1, alerts: [{ ...alert, rule: 'moon' }] })],
    ['a list', '[]'],
  ])('that holds %s is set aside under a dated name', (_, text) => {
    fs.writeFileSync(at('alerts.json'), text);
    expect(file().read()).toEqual([]);
    const [name, ...more] = fs.readdirSync(at('.'));
    expect(more).toEqual([]);
    expect(name).toMatch(/^alerts\.broken-\d{4}-\d\d-\d\dT[\d-]+Z\.json$/);
    expect(fs.readFileSync(at(name!), 'utf8')).toBe(text);
    expect(logged).toEqual(['warn alerts.json could not be read and was set aside']);
  });

  test('that cannot be written is told in the log, and costs nothing else', () => {
    const kept = new AlertFile(at('missing'), { write: (level, _, text) => logged.push(`${level} ${text}`) });
    kept.keep(() => [alert]);
    kept.dispose();
    expect(logged).toEqual(['warn could not be written']);
  });
});
