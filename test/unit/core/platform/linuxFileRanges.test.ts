import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { LinuxFileRanges } from '../../../../src/core/platform/linux/linuxFileRanges.js';
import { until } from '../../../core/support/bench.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const helpers = new Set<number>();
afterEach(() => {
  for (const pid of helpers) process.kill(pid, 'SIGKILL');
  helpers.clear();
});

/** A program that says and answers this. */
function program(body: string): LinuxFileRanges {
  fs.writeFileSync(at('program'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return new LinuxFileRanges(at('program'));
}

/** Shells of this process that wait for work. */
function waiting(): number[] {
  const children = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

describe.runIf(process.platform === 'linux')('taking a head off by a program', () => {
  test.each<[string, string, string]>([
    ['does it', 'exit 0', 'done'],
    ['cannot do it here', 'echo "fallocate: fallocate failed: Operation not supported" >&2; exit 1', 'unsupported'],
    ['does not know how', 'echo "fallocate: unrecognized option: collapse-range" >&2; exit 1', 'unsupported'],
    ['fails for now', 'echo "fallocate: fallocate failed: No space left on device" >&2; exit 1', 'failed'],
    ['is killed', 'kill -9 $$', 'failed'],
  ])('that %s', async (_, body, outcome) => {
    expect(await program(body).collapseHead(at('file'), 65_536)).toBe(outcome);
  });

  test('that does not exist', async () => {
    expect(await new LinuxFileRanges(at('none')).collapseHead(at('file'), 65_536)).toBe('unsupported');
  });

  test('gives it the length and the file, whatever is in its name', async () => {
    const name = at('a "$(touch x)" \\ 서버');
    expect(await program(`printf '%s|' "$@" >"${at('said')}"`).collapseHead(name, 131_072)).toBe('done');
    expect(fs.readFileSync(at('said'), 'utf8')).toBe(`--collapse-range|--offset|0|--length|131072|${name}|`);
    expect(await program('exit 0').collapseHead('a\nb', 65_536)).toBe('unsupported');
  });

  test('by a shell that was started before, one after the other; by a new one when that has gone', async () => {
    const ranges = program(`echo $PPID >>"${at('parents')}"`);
    const before = waiting();
    ranges.prepare();
    const [helper] = waiting().filter((pid) => !before.includes(pid));
    helpers.add(helper!);
    for (let n = 0; n < 3; n++) expect(await ranges.collapseHead(at('file'), 65_536)).toBe('done');
    const parents = (): number[] => fs.readFileSync(at('parents'), 'latin1').trim().split('\n').map(Number);
    expect(parents()).toEqual([helper, helper, helper]);
    expect(os.getPriority(helper)).toBe(os.getPriority());
    process.kill(helper!, 'SIGKILL');
    helpers.clear();
    await until('its end', () => !waiting().includes(helper!));
    expect(await ranges.collapseHead(at('file'), 65_536)).toBe('done');
    expect(parents()[3]).not.toBe(helper);
  });

  test('that an earlier process has left behind is ended; that of another file is not', async () => {
    fs.copyFileSync('/bin/sleep', at('collapser'));
    fs.chmodSync(at('collapser'), 0o755);
    // Its arguments are times to sleep: any file will do that is one.
    const [ours, other] = ['1001', '1002'].map((file) => spawn(at('collapser'), ['1000', file]));
    const ends: string[] = [];
    ours!.on('exit', () => ends.push('ours'));
    other!.on('exit', () => ends.push('other'));
    await until('both', () =>
      [ours, other].every((child) => fs.readFileSync(`/proc/${child!.pid ?? 0}/comm`, 'utf8') === 'collapser\n'),
    );
    // Whoever does not wait has told it to end all the same.
    new LinuxFileRanges('collapser').endStray('1001', 0);
    await until('its end', () => ends.length > 0);
    expect(new LinuxFileRanges('collapser').endStray('1001', 2000)).toBe(true);
    expect(ends).toEqual(['ours']);
    other!.kill('SIGKILL');
  });
});
