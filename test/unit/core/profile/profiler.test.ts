import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Profiler } from '../../../../src/core/profile/profiler.js';
import { failing } from '../../node/support/failing.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const seconds = 0.2;

interface Recording {
  nodes: { callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
}
const read = (file: string): Recording => JSON.parse(fs.readFileSync(file, 'utf8')) as Recording;

function burnInTest(untilAt: number): number {
  let sum = 0;
  while (performance.now() < untilAt) sum += Math.sqrt(sum + 1);
  return sum;
}

describe('a recording of where the time goes', () => {
  test('is a file that says so, and nothing beside it', async () => {
    const file = at('one.cpuprofile');
    const recording = new Profiler().record(0.5, file);
    const timer = setInterval(() => burnInTest(performance.now() + 20), 30);
    await recording;
    clearInterval(timer);
    const { nodes, samples, timeDeltas } = read(file);
    expect(nodes.map(({ callFrame }) => callFrame.functionName)).toContain('burnInTest');
    expect(samples.length).toBeGreaterThan(20);
    expect(timeDeltas).toHaveLength(samples.length);
    expect(fs.readdirSync(at())).toEqual(['one.cpuprofile']);
    if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('replaces an older one, and nothing else', async () => {
    const older = at('older.cpuprofile');
    fs.writeFileSync(older, 'x');
    await new Profiler().record(seconds, older);
    expect(read(older).nodes.length).toBeGreaterThan(0);
    const save = at('world.sav');
    fs.writeFileSync(save, 'precious');
    const begun = performance.now();
    await expect(new Profiler().record(5, save)).rejects.toSatisfy(failing('io'));
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(fs.readFileSync(save, 'utf8')).toBe('precious');
    fs.mkdirSync(at('folder.cpuprofile'));
    await expect(new Profiler().record(seconds, at('folder.cpuprofile'))).rejects.toSatisfy(failing('io'));
  });

  test('does not follow a link to a file of another kind', async () => {
    if (process.platform === 'win32') return;
    fs.writeFileSync(at('world.sav'), 'precious');
    fs.symlinkSync(at('world.sav'), at('link.cpuprofile'));
    await expect(new Profiler().record(seconds, at('link.cpuprofile'))).rejects.toSatisfy(failing('io'));
    expect(fs.readFileSync(at('world.sav'), 'utf8')).toBe('precious');
  });

  test('of another file that has come meanwhile is not written over it', async () => {
    const file = at('late');
    const recording = new Profiler().record(0.5, file);
    setTimeout(() => {
      fs.writeFileSync(file, 'precious');
    }, 100);
    await expect(recording).rejects.toSatisfy(failing('io'));
    expect(fs.readFileSync(file, 'utf8')).toBe('precious');
    expect(fs.readdirSync(at())).toEqual(['late']);
  });

  test('needs a place: an absolute path, in a folder that exists', async () => {
    await expect(new Profiler().record(seconds, 'one.cpuprofile')).rejects.toSatisfy(failing('invalid-definition'));
    const nowhere = path.join(at(), 'nowhere', 'one.cpuprofile');
    await expect(new Profiler().record(seconds, nowhere)).rejects.toSatisfy(failing('io'));
  });

  test('is one at a time, and the next one after it', async () => {
    const profiler = new Profiler();
    const first = profiler.record(seconds, at('one.cpuprofile'));
    await expect(profiler.record(seconds, at('two.cpuprofile'))).rejects.toSatisfy(failing('busy'));
    await first;
    await profiler.record(seconds, at('two.cpuprofile'));
    expect(fs.readdirSync(at()).sort()).toEqual(['one.cpuprofile', 'two.cpuprofile']);
  });

  test('called off, it ends at once and leaves nothing', async () => {
    const profiler = new Profiler();
    const controller = new AbortController();
    const begun = performance.now();
    const recording = profiler.record(60, at('one.cpuprofile'), controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(recording).rejects.toSatisfy(failing('cancelled'));
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(fs.readdirSync(at())).toEqual([]);
    await profiler.record(seconds, at('two.cpuprofile'));
  });
});
