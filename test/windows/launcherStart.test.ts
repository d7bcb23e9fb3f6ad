import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { EndWatch } from '../../src/launcher/windows/endWatch.js';
import type { End } from '../../src/launcher/starter.js';
import { PlainStarter } from '../../src/launcher/windows/plainStarter.js';
import { WindowsStarter } from '../../src/launcher/windows/windowsStarter.js';
import { jobPrograms } from '../../src/launcher/windows/jobPrograms.js';
import { access, closeHandle, openProcess, startTimeOfPid } from '../../src/node/windows/processes.js';
import { closeWindows, interruptConsole } from '../../src/node/windows/stopHelper.js';
import { isWine } from '../../src/node/windows/wine.js';
import { Failure } from '../../src/shared/failure.js';
import type { LaunchedProcess, SpawnRequest } from '../../src/shared/launcherProtocol.js';
import { makeServers, stopHelper, until, type Servers } from './support/servers.js';

let servers: Servers;
let starter: WindowsStarter;
const ends = new Map<string, End>();

before(() => {
  servers = makeServers();
  fs.mkdirSync(path.join(servers.folder, 'run'));
  starter = new WindowsStarter(servers.folder, stopHelper);
});
after(async () => {
  await servers.remove();
});

async function start(request: SpawnRequest): Promise<LaunchedProcess> {
  const { id, nonce } = request;
  const started = await starter.start(request, (end) => ends.set(id, end));
  return { id, nonce, ...started, startedAt: Date.now() };
}

async function ended(id: string): Promise<End | undefined> {
  await until(
    `the end of ${id}`,
    () => ends.has(id),
    () => servers.log(id),
  );
  return ends.get(id);
}

function failing(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, JSON.stringify(error.data));
    return true;
  };
}

test('a server is started by a path, in a folder and with words of any letters', async () => {
  const folder = path.join(servers.folder, '프로그램 1');
  fs.mkdirSync(folder);
  const command = path.join(folder, '서버 node.exe');
  fs.copyFileSync(process.execPath, command);
  const words = ['한글 이름', '', 'a"b', 'c:\\x y\\', '100%PATH%', '^&|<>', "'"];
  const request = servers.request('korean', {
    command,
    args: [servers.script, ...words],
    env: { 이름: '값 1', path: 'x' },
  });
  const { pid, startTime } = await start(request);
  const said = await servers.said('korean');
  assert.equal(said.pid, pid);
  assert.equal(startTime, startTimeOfPid(pid));
  assert.deepEqual(said.args, words);
  assert.equal(said.cwd, request.cwd);
  assert.equal(said.env['이름'], '값 1');
  assert.equal(said.env.path ?? said.env.PATH ?? said.env.Path, 'x');
  assert.equal(said.env.GSP_SERVER, `korean:${request.nonce}`);
  assert.equal(said.env.SystemRoot?.toLowerCase(), process.env.SystemRoot?.toLowerCase());
  assert.deepEqual(jobPrograms(`korean:${request.nonce}`), [pid]);
});

test('a batch file gets what it is given, whatever that means to cmd.exe', async () => {
  const batch = path.join(servers.folder, '배치 & 파일.bat');
  fs.writeFileSync(batch, `@"${process.execPath}" "%~dp0server.js" %*\r\n@exit /b %ERRORLEVEL%\r\n`);
  // Wine's cmd.exe expands variables in words where Windows' does not.
  const percent = isWine() ? [] : ['100%', '%PATH%', '%%x'];
  const words = ['a b', 'x&y', '^caret', 'say "hi"', 'plain', 'a|b>c', 'back\\slash\\', ...percent];
  await start(servers.request('batch', { command: batch, args: words }));
  assert.deepEqual((await servers.said('batch')).args, words);
  starter.write('batch', 'exit 5');
  assert.deepEqual(await ended('batch'), { code: 5, signal: null });
});

test('a bare name is looked for in PATH, with the endings of programs', async () => {
  const folder = path.join(servers.folder, 'bin');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'my server.cmd'), `@echo up {"args":["%~1"]}\r\n@exit /b 3\r\n`);
  const PATH = `.;${folder};${process.env.PATH ?? ''}`;
  const request = servers.request('named', { command: 'my server', args: ['x'], env: { PATH } });
  fs.writeFileSync(path.join(request.cwd, 'my server.exe'), 'not this one');
  await start(request);
  assert.deepEqual((await servers.said('named')).args, ['x']);
  assert.equal((await ended('named'))?.code, 3);
});

test('what cannot be started says why', async () => {
  const text = path.join(servers.folder, 'text.exe');
  fs.writeFileSync(text, 'not a program');
  const start = async (changes: Partial<SpawnRequest>): Promise<unknown> =>
    await starter.start(servers.request('wrong', changes), () => undefined);
  await assert.rejects(start({ command: 'no such program' }), failing('command-not-found'));
  await assert.rejects(start({ command: '.\\no such program' }), failing('command-not-found'));
  await assert.rejects(start({ command: text }), failing('not-executable'));
  await assert.rejects(start({ command: servers.folder }), failing('not-executable'));
  await assert.rejects(start({ cwd: path.join(servers.folder, 'none') }), failing('io'));
  await assert.rejects(start({ consoleFile: servers.folder }), failing('io'));
  await assert.rejects(start({ args: ['a\0b'] }), failing('invalid-definition'));
});

test('lines arrive, in the encoding that the game reads; and at once busy where it reads none', async () => {
  await start(servers.request('reads', { encoding: 'euc-kr' }));
  await servers.said('reads');
  const got = (): string => servers.log('reads');
  starter.write('reads', '안녕');
  await until(
    'the line in the code page',
    () => got().includes(`got ${Buffer.from([0xbe, 0xc8, 0xb3, 0xe7, 13, 10]).toString('hex')}`),
    got,
  );
  starter.write('reads', '안녕', 'utf-8');
  await until('the line in UTF-8', () => got().includes(`got ${Buffer.from('안녕\r\n').toString('hex')}`), got);
  assert.throws(() => starter.write('reads', 'x'.repeat(5000)), failing('invalid-definition'));
  assert.throws(() => starter.write('nobody', 'x'), failing('no-channel'));

  await start(servers.request('deaf', { args: [servers.script, 'deaf'] }));
  const begun = Date.now();
  const line = 'y'.repeat(1000);
  assert.throws(() => {
    for (let n = 0; n < 1000; n++) starter.write('deaf', line);
  }, failing('busy'));
  assert.ok(Date.now() - begun < 2000);
});

test('the exit code is what Windows says', async () => {
  await start(servers.request('crash'));
  await servers.said('crash');
  starter.write('crash', 'exit -1073741819');
  assert.deepEqual(await ended('crash'), { code: 0xc000_0005, signal: null });
  assert.throws(() => starter.write('crash', 'x'), failing('no-channel'));
});

test('normal priority is normal, whatever ours; above it only where that is wanted', async () => {
  const own = os.getPriority();
  os.setPriority(10);
  try {
    const { pid } = await start(servers.request('normal'));
    const above = await start(servers.request('above', { priority: 'above-normal' }));
    assert.equal(os.getPriority(pid), 0);
    assert.equal(os.getPriority(above.pid), -7);
  } finally {
    os.setPriority(own);
  }
});

test('the job holds what is left when the first process has ended', async () => {
  const request = servers.request('leaves');
  const { pid } = await start(request);
  await servers.said('leaves');
  starter.write('leaves', 'heir');
  assert.deepEqual(await ended('leaves'), { code: 7, signal: null });
  const left = jobPrograms(`leaves:${request.nonce}`);
  assert.equal(left.length, 1);
  assert.notEqual(left[0], pid);
  const note = JSON.parse(fs.readFileSync(path.join(servers.folder, 'run', 'leaves.in'), 'utf8')) as { pid: number };
  assert.equal(note.pid, left[0]);
});

test('Ctrl+C reaches one server and nobody else, and it saves', async () => {
  const request = servers.request('stops');
  const launched = await start(request);
  const other = servers.request('stays');
  await start(other);
  await servers.said('stops');
  await servers.said('stays');
  starter.interrupt(launched);
  assert.deepEqual(await ended('stops'), { code: 42, signal: null });
  assert.equal(fs.readFileSync(path.join(request.cwd, 'saved.txt'), 'utf8'), 'saved');
  assert.ok(!servers.log('stays').includes('interrupted'));
  assert.equal(jobPrograms(`stays:${other.nonce}`).length, 1);
});

test('where Windows cannot be called, games run all the same', async () => {
  const plain = new PlainStarter();
  const batch = path.join(servers.folder, '파일 2.bat');
  fs.writeFileSync(batch, `@"${process.execPath}" "%~dp0server.js" %*\r\n@exit /b %ERRORLEVEL%\r\n`);
  for (const [id, command, args] of [
    ['plain', process.execPath, [servers.script, 'a "b" c\\']],
    ['plainBatch', batch, ['a "b" & c']],
  ] as const) {
    await plain.start(servers.request(id, { command, args: [...args] }), (end) => ends.set(id, end));
    assert.deepEqual((await servers.said(id)).args, [args.at(-1)]);
    plain.write(id, 'exit 6');
    assert.equal((await ended(id))?.code, 6);
    assert.throws(() => plain.write(id, 'x'), failing('no-channel'));
  }
});

test('no window, and no console, is told so', async () => {
  assert.equal(await closeWindows(stopHelper, [process.pid]), false);
  assert.equal(await interruptConsole(stopHelper, 4_000_000), false);
  assert.equal(await interruptConsole(path.join(servers.folder, 'none.js'), process.pid), false);
});

test('the ends of more than one wait is for are all heard', async () => {
  await start(servers.request('many'));
  const { pid } = await servers.said('many');
  const watch = new EndWatch();
  const handles = Array.from({ length: 130 }, () => openProcess(pid, access.synchronize));
  const heard = new Set<number>();
  for (const handle of handles) watch.watch(handle, () => heard.add(handle));
  assert.equal(heard.size, 0);
  starter.write('many', 'exit 0');
  await until('all ends', () => heard.size === handles.length);
  handles.forEach(closeHandle);
});
