import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EndSessionWatch } from '../../src/launcher/windows/endSessionWatch.js';
import { windowsFunction } from '../../src/node/windows/native.js';
import type { Handle } from '../../src/node/windows/processes.js';
import { endSession, queryEndSession, send, windowsOf } from './support/windowMessages.js';

const close = 0x0010;
const closeApp = 0x0000_0001;
const logOff = 0x8000_0000;

/** What a process that holds the end says, one word a line; it lets go when its input ends. */
function holdEnd(): void {
  const say = (what: string): void => {
    fs.writeSync(1, `${what}\n`);
  };
  const watch = new EndSessionWatch(() => {
    say('going-down');
  });
  watch.hold(true);
  watch.hold(true);
  const level = Buffer.alloc(4);
  windowsFunction<(level: Buffer, flags: Buffer) => number>(
    'kernel32.dll',
    'int GetProcessShutdownParameters(void*, void*)',
  )(level, Buffer.alloc(4));
  say(`level-${level.readUInt32LE(0).toString(16)}`);
  process.stdin.resume().once('end', () => {
    watch.hold(false);
    say('let-go');
  });
}

class Holder {
  said = '';
  private readonly child: ChildProcess;

  constructor() {
    this.child = spawn(process.execPath, [String(process.argv[1]), 'hold'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    holders.push(this);
  }

  get windows(): Handle[] {
    return windowsOf(this.child.pid ?? 0);
  }

  get window(): Handle {
    assert.equal(this.windows.length, 1);
    return this.windows[0] ?? 0;
  }

  async says(what: string, ms = 10_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!this.said.includes(what)) {
      assert.ok(Date.now() < deadline, `${what} was not said, but: ${this.said}`);
      await sleep(20);
    }
  }

  /** Nothing but the window has kept it. */
  async letsGo(): Promise<void> {
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(10_000) });
    this.child.stdin?.end();
    assert.deepEqual(await ended, [0, null]);
    assert.match(this.said, /let-go/);
  }

  kill(): void {
    this.child.kill();
  }
}

const holders: Holder[] = [];

if (process.argv[2] === 'hold') holdEnd();
else {
  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill();
  });

  void test('the end of the session is refused, and heard; then Windows waits for an answer until the servers are saved', async () => {
    const holder = new Holder();
    await holder.says('level-3ff');
    const { window } = holder;
    assert.equal(send(window, queryEndSession, 0, 0), 0);
    await holder.says('going-down');
    // Longer than a look at the messages takes.
    assert.equal(send(window, endSession, 1, 0, 1000), undefined);
    await holder.letsGo();
  });

  void test('called off, it is not heard again; the next time it is', async () => {
    const holder = new Holder();
    await holder.says('level');
    const { window } = holder;
    assert.equal(send(window, endSession, 0, 0), 0);
    await sleep(500);
    assert.doesNotMatch(holder.said, /going-down/);
    assert.equal(send(window, endSession, 1, logOff), 0);
    await holder.says('going-down');
    await holder.letsGo();
  });

  void test('an installer that wants a file is refused, and what closes windows is not heeded', async () => {
    const holder = new Holder();
    await holder.says('level');
    const { window } = holder;
    assert.equal(send(window, queryEndSession, 0, closeApp), 0);
    assert.equal(send(window, endSession, 1, closeApp), 0);
    assert.equal(send(window, close, 0, 0), 0);
    await sleep(500);
    assert.doesNotMatch(holder.said, /going-down/);
    assert.equal(holder.window, window);
    await holder.letsGo();
  });

  void test('it is a window to the system as well', async () => {
    const holder = new Holder();
    await holder.says('level');
    const wineboot = path.join(String(process.env.SystemRoot), 'system32', 'wineboot.exe');
    // Without Wine the session that would end is that of whoever runs this.
    if (fs.existsSync(wineboot)) {
      const ended = once(spawn(wineboot, ['--end-session'], { stdio: 'ignore' }), 'exit', {
        signal: AbortSignal.timeout(20_000),
      });
      await holder.says('going-down', 20_000);
      await ended;
    }
    assert.equal(holder.windows.length, 1);
    await holder.letsGo();
    assert.equal(holder.windows.length, 0);
  });
}
