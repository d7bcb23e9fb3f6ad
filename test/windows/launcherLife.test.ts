import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WindowsStarter } from '../../src/launcher/windows/windowsStarter.js';
import { connect } from '../../src/node/coreConnection.js';
import { findEndpoints, readToken } from '../../src/node/endpoint.js';
import { nodeEnvironment } from '../../src/node/environment.js';
import { Peer } from '../../src/node/peer.js';
import { isAlive } from '../../src/node/processIdentity.js';
import { interruptConsole } from '../../src/node/windows/stopHelper.js';
import type {
  LaunchedProcess,
  LauncherRequests,
  ProcessExit,
  SpawnRequest,
} from '../../src/shared/launcherProtocol.js';
import { dist, makeServers, stopHelper, until, type Servers } from './support/servers.js';

const leaver = 'start a server, and leave';

/** This file once more, as a process that leaves while its wait for a server's end goes on. */
async function leave(request: SpawnRequest, dataDir: string): Promise<never> {
  const starter = new WindowsStarter(dataDir, stopHelper);
  await starter.start(request, () => undefined);
  await sleep(500);
  process.exit(9);
}

interface Launcher {
  readonly child: ChildProcess;
  readonly peer: Peer;
  readonly exits: ProcessExit[];
  readonly hello: LauncherRequests['launcher/hello']['result'];
  spawn(request: SpawnRequest): Promise<LaunchedProcess>;
  end(): Promise<number | null>;
}

function tests(): void {
  let servers: Servers;
  let dataDir: string;
  const launchers: Launcher[] = [];

  before(() => {
    servers = makeServers();
    dataDir = path.join(servers.folder, '자료');
    fs.mkdirSync(dataDir);
  });
  after(async () => {
    for (const { child, peer } of launchers) {
      peer.close();
      child.kill();
    }
    await servers.remove();
  });

  /** As the core does it. */
  async function startLauncher(): Promise<Launcher> {
    const args = [path.join(dist, 'launcher.js'), '--data-dir', dataDir];
    const env = nodeEnvironment(process.env);
    const child = spawn(process.execPath, args, {
      cwd: dataDir,
      detached: true,
      windowsHide: true,
      env,
      stdio: 'ignore',
    });
    let peer: Peer | undefined;
    for (const deadline = Date.now() + 15_000; peer === undefined;) {
      try {
        peer = new Peer(await connect(findEndpoints(dataDir)?.launcher ?? '', 1000), undefined);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
    const found = peer;
    const exits: ProcessExit[] = [];
    found.on('process/exited', (exit) => exits.push(exit as ProcessExit));
    const token = readToken(findEndpoints(dataDir)?.tokenFile ?? '');
    const hello = await found.request('launcher/hello', { token, protocol: 1, core: null });
    const launcher: Launcher = {
      ...{ child, peer: found, exits, hello: hello as Launcher['hello'] },
      spawn: async (request) => (await found.request('process/spawn', request)) as LaunchedProcess,
      async end() {
        await until('the end of the launcher', () => child.exitCode !== null || child.signalCode !== null);
        return child.exitCode;
      },
    };
    launchers.push(launcher);
    return launcher;
  }

  test('a server outlives the launcher, and the next one can write to it', async () => {
    const first = await startLauncher();
    assert.equal(first.hello.pid, first.child.pid);
    assert.equal(os.getPriority(first.hello.pid), 0);
    const launched = await first.spawn(servers.request('game', { encoding: 'euc-kr' }));
    await servers.said('game');
    await assert.rejects(first.peer.request('launcher/leave', {}));
    await first.peer.request('process/write', { id: 'game', line: 'one' });
    await until('the first line', () => servers.log('game').includes(`got ${Buffer.from('one\r\n').toString('hex')}`));

    first.child.kill('SIGKILL');
    await first.end();
    const length = servers.log('game').length;
    await until('more to be said', () => servers.log('game').length > length + 20);

    const second = await startLauncher();
    assert.deepEqual(second.hello.processes, []);
    await second.peer.request('process/write', { id: 'game', line: '둘' });
    await until(
      'the second line',
      () => servers.log('game').includes('got b5d10d0a'),
      () => servers.log('game'),
    );
    assert.ok(!servers.log('game').includes('EOF'));
    assert.ok(isAlive(launched.pid, launched.startTime));
    second.peer.request('process/write', { id: 'game', line: 'exit 0' }).catch(() => undefined);
    await until('its end', () => !isAlive(launched.pid, launched.startTime));
    await assert.rejects(second.peer.request('process/write', { id: 'game', line: 'x' }), /no-channel|nobody/);
    await second.peer.request('launcher/leave', {});
    assert.equal(await second.end(), 0);
  });

  test('a server that is interrupted has saved, and its exit code is told and noted', async () => {
    const launcher = await startLauncher();
    const request = servers.request('saves');
    const other = await launcher.spawn(servers.request('other'));
    const { pid } = await launcher.spawn(request);
    await servers.said('saves');
    await servers.said('other');
    assert.equal(await interruptConsole(stopHelper, pid), true);
    await until('its end', () => launcher.exits.length > 0);
    const [exit] = launcher.exits;
    assert.deepEqual({ ...exit, at: 0 }, { id: 'saves', nonce: request.nonce, pid, code: 42, signal: null, at: 0 });
    assert.equal(fs.readFileSync(path.join(request.cwd, 'saved.txt'), 'utf8'), 'saved');
    const noted = fs.readFileSync(path.join(dataDir, 'run', 'exits.jsonl'), 'utf8').trim();
    assert.deepEqual(JSON.parse(noted), exit);
    assert.ok(!servers.log('other').includes('interrupted'));
    assert.equal(await interruptConsole(stopHelper, pid), false);
    await launcher.peer.request('process/write', { id: 'other', line: 'exit 0' });
    await until('the end of the other', () => !isAlive(other.pid, other.startTime));
    await until('its exit', () => launcher.exits.length > 1);
    await launcher.peer.request('launcher/leave', {});
    assert.equal(await launcher.end(), 0);
  });

  test('a batch file that asks behind Ctrl+C is answered', async () => {
    const launcher = await startLauncher();
    const command = path.join(servers.folder, 'run.bat');
    // Wine's cmd.exe ends by Ctrl+C without a word: the question is the file's own.
    const lines = [`@"${process.execPath}" "%~dp0server.js"`, '@set /p answer=(Y/N)', '@echo answered %answer%'];
    fs.writeFileSync(command, `${lines.join('\r\n')}\r\n`);
    await launcher.spawn(servers.request('asks', { command }));
    await servers.said('asks');
    await launcher.peer.request('process/told', { id: 'asks', byCtrlC: true });
    await launcher.peer.request('process/write', { id: 'asks', line: 'exit 0' });
    await until(
      'its end',
      () => launcher.exits.length > 0,
      () => servers.log('asks'),
    );
    assert.match(servers.log('asks'), /answered Y\r\n/);
    await launcher.peer.request('launcher/leave', {});
    assert.equal(await launcher.end(), 0);
  });

  test('it leaves at once, also while it waits for the ends of servers', async () => {
    const request = servers.request('stays');
    const folder = path.join(servers.folder, 'leaver');
    fs.mkdirSync(path.join(folder, 'run'), { recursive: true });
    const child = spawn(process.execPath, [__filename, leaver, JSON.stringify(request), folder], { stdio: 'ignore' });
    await servers.said('stays');
    const begun = Date.now();
    await until('its end', () => child.exitCode !== null, undefined, 5000);
    assert.equal(child.exitCode, 9);
    assert.ok(Date.now() - begun < 3000);
    const length = servers.log('stays').length;
    await until('the server to go on', () => servers.log('stays').length > length);
  });
}

const [, , role, request, folder] = process.argv;
if (role === leaver && request !== undefined && folder !== undefined) {
  void leave(JSON.parse(request) as SpawnRequest, folder);
} else tests();
