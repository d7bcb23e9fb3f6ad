import fs from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FileLog } from '../../../src/core/fileLog.js';
import { useTempFolder } from '../node/support/tempFolder.js';

const at = useTempFolder();
const text = (name = 'core.log'): string => fs.readFileSync(at('logs', name), 'utf8');
let log: FileLog;
beforeEach(() => {
  log = new FileLog(at());
});

describe('a line', () => {
  test('has its time, level, tag, text and data', () => {
    log.write('warn', 'priority', 'not lowered', { shortfall: 'nice' });
    log.write('info', 'core', 'ready');
    const [first, second] = text().split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn \[priority\] not lowered \{"shortfall":"nice"\}$/);
    expect(second).toMatch(/ info \[core\] ready \{\}$/);
  });

  test('is one line, whatever is in it', () => {
    log.write('info', 'x', 'text', { detail: 'two\nlines', korean: '서버' });
    expect(text().trimEnd().split('\n')).toHaveLength(1);
    expect(text()).toContain('서버');
  });

  test.each(['password', 'restPassword', 'token', 'Token', 'secretKey', 'webhook', 'webhookUrl'])(
    'never shows what is under %s, to nobody',
    (name) => {
      const heard: unknown[] = [];
      log.onLine((...line) => heard.push(line));
      log.write('info', 'x', 'text', { [name]: 'hunter2', id: 'demo' });
      expect(text()).not.toContain('hunter2');
      expect(text()).toContain('demo');
      expect(heard).toEqual([['info', 'x', 'text', { [name]: '…', id: 'demo' }]]);
    },
  );

  test('never shows a secret further down either', () => {
    log.write('info', 'x', 'text', { request: { params: { password: 'hunter2' } } });
    expect(text()).not.toContain('hunter2');
  });

  test('never shows a known secret, wherever it stands, to nobody', () => {
    const heard: unknown[] = [];
    log.onLine((...line) => heard.push(line));
    log.redactWith((said) => said.replaceAll('hunter2', '***'));
    const data = { error: 'no hunter2', list: ['hunter2', { deep: 'a hunter2 b' }], hunter2: 1, id: 'demo' };
    log.write('warn', 'rcon', 'refused hunter2', data);
    expect(text()).not.toContain('hunter2');
    const said = { error: 'no ***', list: ['***', { deep: 'a *** b' }], '***': 1, id: 'demo' };
    expect(heard).toEqual([['warn', 'rcon', 'refused ***', said]]);
  });

  test('that cannot be written as JSON does not throw', () => {
    const data: Record<string, unknown> = { id: 'demo' };
    data.self = data;
    log.write('info', 'x', 'text', data);
  });
});

describe('the file', () => {
  test('is for this user alone, and goes on with the next core', () => {
    log.write('info', 'x', 'first');
    new FileLog(at()).write('info', 'x', 'second');
    expect(text().trimEnd().split('\n')).toHaveLength(2);
    if (process.platform !== 'win32') expect(fs.statSync(at('logs', 'core.log')).mode & 0o777).toBe(0o600);
  });

  test('is put aside at 2 MB; one older file is kept, and no line is lost', () => {
    const long = 'x'.repeat(100_000);
    const files = (): string[] => fs.readdirSync(at('logs')).sort();
    for (let n = 0; n < 15; n++) log.write('info', 'x', `line ${n} ${long}`);
    expect(files()).toEqual(['core.log']);
    for (let n = 15; n < 35; n++) log.write('info', 'x', `line ${n} ${long}`);
    expect(files()).toEqual(['core.log', 'core.log.1']);
    for (const name of files()) expect(fs.statSync(at('logs', name)).size).toBeLessThanOrEqual(2 * 1024 * 1024);
    const kept = (text('core.log.1') + text()).match(/line \d+/g);
    expect(kept).toEqual(Array.from({ length: 35 }, (_, n) => `line ${n}`));
    for (let n = 35; n < 80; n++) log.write('info', 'x', `line ${n} ${long}`);
    expect(files()).toEqual(['core.log', 'core.log.1']);
    expect(text()).toContain('line 79');
  });

  test('counts what an earlier core has written', () => {
    fs.writeFileSync(at('logs', 'core.log'), 'old '.repeat(500_000));
    log = new FileLog(at());
    log.write('info', 'x', 'y'.repeat(200_000));
    expect(text('core.log.1')).toMatch(/^old /);
    expect(text()).not.toContain('old');
  });

  test('that cannot be written stops nothing: who listens still hears', () => {
    const heard: string[] = [];
    log.onLine((_, __, said) => heard.push(said));
    const full = vi.spyOn(fs, 'appendFileSync').mockImplementation(() => {
      throw new Error('no space');
    });
    log.write('error', 'x', 'important');
    full.mockRestore();
    expect(heard).toEqual(['important']);
    log.write('info', 'x', 'again');
    expect(text()).toContain('again');
  });

  test('is begun anew when somebody has removed it', () => {
    for (let n = 0; n < 20; n++) log.write('info', 'x', 'x'.repeat(100_000));
    fs.rmSync(at('logs', 'core.log'));
    for (let n = 0; n < 5; n++) log.write('info', 'x', `after ${'x'.repeat(100_000)}`);
    expect(text()).toContain('after');
  });
});
