import { describe, expect, test } from 'vitest';
import { alertActionTitle, commandOf, listActions } from '../../../src/extension/alerts/alertActions.js';
import { alertText } from '../../../src/extension/text/alertText.js';
import { alertTitle } from '../../../src/extension/text/alertTitle.js';
import type { Alert } from '../../../src/shared/contract.js';
import { alert, noon, reader, t } from './fixtures.js';

const ofHistory = (rule: Alert['rule'], data: Alert['data']): Alert =>
  alert({ rule, data, server: 'monitor', serverName: '' });
const stopped = (trouble: string): Alert =>
  ofHistory('history-stopped', { trouble, folder: '/data', file: 'metrics.db' });

describe('alerts of the history', () => {
  test.each([
    ['disk-full', 'Free some space for /data'],
    ['read-only', 'writing to /data is not allowed'],
    ['failing', 'the disk of /data reports errors'],
    ['unreadable', 'look at metrics.db in /data'],
    ['newer', 'Update the extension'],
  ])('%s says what to do', (trouble, text) => {
    expect(alertText(stopped(trouble), undefined, noon, reader)).toContain(text);
  });

  test.each([
    [{ found: 'database-damaged', aside: 'metrics.db-damaged-1' }, 'The damaged file is kept as metrics.db-damaged-1.'],
    [{ found: 'journal-damaged', aside: null }, 'What could be read was recovered.'],
    [{ found: 'database-foreign', aside: 'metrics.db-damaged-1' }, 'It is kept as metrics.db-damaged-1'],
    [{ found: 'database-missing' }, 'metrics.db was gone'],
  ])('%o says what became of it', (data, text) => {
    expect(alertText(ofHistory('history-damaged', data), undefined, noon, reader)).toContain(text);
  });

  test('offer the log of the monitoring', () => {
    const one = stopped('disk-full');
    expect(alertTitle(one, reader)).toBe('The history is not saved');
    const [first] = listActions(one);
    expect(first && [alertActionTitle(first, t), commandOf[first]]).toEqual(['Show Log', 'gameServers.showLog']);
  });
});
