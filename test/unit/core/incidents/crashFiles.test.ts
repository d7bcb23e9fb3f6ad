import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findReport, withParents } from '../../../../src/core/incidents/crashFiles.js';
import { gameRow, type CrashReports } from '../../../../src/shared/games.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const since = Date.now() - 60_000;

function write(content: string | Buffer, ageMs: number, ...parts: string[]): string {
  const file = at(...parts);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  const time = new Date(Date.now() - ageMs);
  fs.utimesSync(file, time, time);
  return file;
}

const of = (game: string): readonly CrashReports[] => gameRow(game)?.crashReports ?? [];
const context = (message: string): string => `<ErrorMessage>${message}</ErrorMessage>`;

test('Unreal: the newest of this start, from wherever in the game the server is started', async () => {
  write(context('yesterday'), 86_400_000, 'game', 'Pal/Saved/Crashes/UECC-1/CrashContext.runtime-xml');
  write(context('first'), 20_000, 'game', 'Pal/Saved/Crashes/UECC-2/CrashContext.runtime-xml');
  const file = write(context('last'), 5000, 'game', 'Pal/Saved/Crashes/UECC-3/CrashContext.runtime-xml');
  write('text', 0, 'game', 'Pal/Saved/Crashes/readme.txt');
  for (const folder of ['game', 'game/Pal', 'game/Pal/Binaries/Linux']) {
    const found = await findReport({ reports: of('palworld'), folders: [at(folder)], since });
    expect(found, folder).toMatchObject({ kind: 'unreal', file, message: 'last' });
  }
  expect(await findReport({ reports: of('ark-se'), folders: [at('game')], since })).toBeUndefined();
  expect(await findReport({ reports: of('valheim'), folders: [at('game')], since })).toBeUndefined();
  expect(await findReport({ reports: of('palworld'), folders: [at('game')], since: Date.now() })).toBeUndefined();
  expect(await findReport({ reports: of('palworld'), folders: [at('nowhere')], since })).toBeUndefined();
});

test('Unreal: UTF-16, and more of it than is read', async () => {
  const text = `\uFEFF${context('실패')}${'<x/>'.repeat(200_000)}`;
  write(Buffer.from(text, 'utf16le'), 0, 'FactoryGame/Saved/Crashes/x/CrashContext.runtime-xml');
  expect(await findReport({ reports: of('satisfactory'), folders: [at()], since })).toMatchObject({ message: '실패' });
});

test('Minecraft: its own report before that of the Java machine, which is looked for in its own folder only', async () => {
  write('#\n#  SIGSEGV (0xb) at pc=0x1\n', 0, 'hs_err_pid1.log');
  const java = write('#\n#  SIGBUS (0x7) at pc=0x1\n', 0, 'server', 'hs_err_pid2.log');
  const place = { reports: of('minecraft'), folders: [at('server')], since };
  expect(await findReport(place)).toMatchObject({ kind: 'jvm', file: java, type: 'SIGBUS (0x7)' });
  expect(await findReport({ ...place, folders: [at('server', 'bin')] })).toBeUndefined();
  const report = write('Description: Watching Server\n\njava.lang.Error: x\n', 0, 'server/crash-reports/crash-1.txt');
  expect(await findReport(place)).toMatchObject({ kind: 'minecraft', file: report, message: 'java.lang.Error: x' });
});

test('each folder before any above it, and none twice', () => {
  expect(withParents(['/a/b/c/d/e/f', '/a/b'])).toEqual([
    ...['/a/b/c/d/e/f', '/a/b', '/a/b/c/d/e', '/a/b/c/d', '/a/b/c', '/a', '/'],
  ]);
});
