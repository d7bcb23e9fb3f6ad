import fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ExitLog } from '../../../src/launcher/exitLog.js';
import type { ProcessExit } from '../../../src/shared/launcherProtocol.js';
import { useTempFolder } from '../node/support/tempFolder.js';

const at = useTempFolder();
const file = (): string => at('run', 'exits.jsonl');
const exit = (n: number, padding = ''): ProcessExit => ({
  ...{ id: `server${padding}`, nonce: `n${n}`, pid: n, code: null, signal: 'SIGKILL', at: 1000 + n },
});
const kept = (): ProcessExit[] =>
  fs
    .readFileSync(file(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ProcessExit);
beforeEach(() => {
  fs.mkdirSync(at('run'));
});

describe('the exits', () => {
  test('are appended, a line each, also by the next launcher', () => {
    const log = new ExitLog(at());
    log.append(exit(1));
    log.append(exit(2));
    new ExitLog(at()).append(exit(3));
    expect(kept()).toEqual([exit(1), exit(2), exit(3)]);
    if (process.platform !== 'win32') expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('are on the disk when append is over', () => {
    new ExitLog(at()).append(exit(1));
    expect(kept()).toHaveLength(1);
  });

  test('are left alone while they are few', () => {
    const many = Array.from({ length: 1500 }, (_, n) => JSON.stringify(exit(n)));
    fs.writeFileSync(file(), `${many.join('\n')}\n`);
    expect(fs.statSync(file()).size).toBeLessThan(256 * 1024);
    new ExitLog(at());
    expect(kept()).toHaveLength(1500);
  });

  test('are trimmed to the newest 500 by the next launcher when there are too many', () => {
    const many = Array.from({ length: 3000 }, (_, n) => JSON.stringify(exit(n, 'x'.repeat(40))));
    fs.writeFileSync(file(), `${many.join('\n')}\n`);
    expect(fs.statSync(file()).size).toBeGreaterThan(256 * 1024);
    const log = new ExitLog(at());
    expect(kept().map(({ pid }) => pid)).toEqual(Array.from({ length: 500 }, (_, n) => 2500 + n));
    log.append(exit(1));
    expect(kept()).toHaveLength(501);
    expect(fs.readdirSync(at('run'))).toEqual(['exits.jsonl']);
  });

  test('that cannot be written are no reason to fail', () => {
    const log = new ExitLog(at());
    fs.rmSync(at('run'), { recursive: true });
    log.append(exit(1));
    expect(fs.existsSync(file())).toBe(false);
  });
});
