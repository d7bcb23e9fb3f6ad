import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { becomeFirstChoice, oomScore } from '../../../../src/core/platform/linux/oomScore.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const scoreOf = (text: string): string => {
  fs.writeFileSync(at('score'), text);
  expect(becomeFirstChoice(at('score'))).toBeUndefined();
  return fs.readFileSync(at('score'), 'latin1').trim();
};

describe('the first choice of the kernel when memory runs out', () => {
  test('is what is raised to it, from wherever it stands below', () => {
    expect(scoreOf('0\n')).toBe('500');
    expect(scoreOf('300\n')).toBe('500');
    expect(scoreOf('-900\n')).toBe('500');
  });

  test('stays what is an earlier choice already', () => {
    expect(scoreOf('1000\n')).toBe('1000');
  });

  test('is not what the system refuses, and it says why', () => {
    expect(becomeFirstChoice(at('nothing'))).toMatch(/^oom_score_adj: .*ENOENT/);
    fs.mkdirSync(at('folder'));
    expect(becomeFirstChoice(at('folder'))).toMatch(/^oom_score_adj: /);
    // Takes what is written, and does not keep it.
    if (process.platform === 'linux') expect(becomeFirstChoice('/dev/null')).toMatch(/^oom_score_adj: stays 0$/);
  });

  test('is read back as it stands, and not known where nobody tells', () => {
    fs.writeFileSync(at('score'), '-200\n');
    expect(oomScore(at('score'))).toBe(-200);
    fs.writeFileSync(at('score'), 'none');
    expect([oomScore(at('score')), oomScore(at('nothing'))]).toEqual([null, null]);
  });

  test.runIf(process.platform === 'linux')('is this process in the real file, and again as it was', () => {
    const file = '/proc/self/oom_score_adj';
    const before = fs.readFileSync(file, 'latin1');
    try {
      expect(becomeFirstChoice()).toBeUndefined();
      expect(Number(fs.readFileSync(file, 'latin1'))).toBeGreaterThanOrEqual(500);
      // What a child inherits, it may give back: as the launcher does.
      const told = execFileSync('sh', [
        '-c',
        'cat /proc/$$/oom_score_adj; echo 0 > /proc/$$/oom_score_adj; cat /proc/$$/oom_score_adj',
      ]);
      const [inherited, given] = told.toString().trim().split('\n');
      expect(Number(inherited)).toBeGreaterThanOrEqual(500);
      expect(given).toBe('0');
    } finally {
      fs.writeFileSync(file, before.trim());
    }
  });
});
