import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { openServerStdin, writeServerStdin } from '../../../../src/launcher/posix/stdinPipe.js';
import { stdinPath } from '../../../../src/launcher/stdinPath.js';
import { failing, thrownBy } from '../../node/support/failing.js';
import { eventually, sleep } from '../../node/support/socketPair.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const pipe = (): string => at('a.in');
const servers: { child: ChildProcess; ended: Promise<unknown> }[] = [];
const open: number[] = [];
afterEach(async () => {
  for (const fd of open.splice(0)) fs.closeSync(fd);
  for (const { child, ended } of servers.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

interface Server {
  said(): string;
  child: ChildProcess;
  ended: Promise<unknown>;
}

/** A program with the pipe as its stdin, started as the launcher does it. */
function server(script: string): Server {
  const input = openServerStdin(pipe());
  const child = spawn('/bin/sh', ['-c', script], { stdio: [input, 'pipe', 'ignore'] });
  fs.closeSync(input);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  servers.push({ child, ended });
  return { said: () => said, child, ended };
}

/** Reads nothing; holds the pipe as a server does. */
function holder(): number {
  const fd = openServerStdin(pipe());
  open.push(fd);
  return fd;
}

/** Writes until no more goes in; returns what went in. */
function fill(line: string): string[] {
  const written: string[] = [];
  for (let n = 0; n < 100_000; n++) {
    const numbered = `${n} ${line}`;
    const thrown = thrownBy(() => writeServerStdin(pipe(), numbered));
    if (thrown !== undefined) {
      expect(thrown).toSatisfy(failing('busy', { what: 'stdin' }));
      return written;
    }
    written.push(numbered);
  }
  throw new Error('never full');
}

/** All that waits in the pipe. */
function drain(fd: number): string {
  const reader = fs.openSync(`/proc/self/fd/${fd}`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const buffer = Buffer.alloc(2 * 1024 * 1024);
  let length = 0;
  try {
    for (;;) length += fs.readSync(reader, buffer, length, buffer.length - length, null);
  } catch {
    return buffer.toString('utf8', 0, length);
  } finally {
    fs.closeSync(reader);
  }
}

test('the pipe of a server lies in the run folder', () => {
  expect(stdinPath('/data', 'demo')).toBe('/data/run/demo.in');
});

describe.skipIf(process.platform === 'win32')('the stdin of a server', () => {
  test('takes lines from whoever comes and goes, and never ends', async () => {
    const { said, child } = server('while IFS= read -r line; do echo "got $line"; done; echo ended');
    writeServerStdin(pipe(), 'one');
    await eventually('the first line', () => said() === 'got one\n');
    // The last writer has gone; a reader of an ordinary pipe would see its end now.
    await sleep(100);
    expect(child.exitCode).toBeNull();
    writeServerStdin(pipe(), '두 번째');
    writeServerStdin(pipe(), '');
    await eventually('the others', () => said() === 'got one\ngot 두 번째\ngot \n');
    expect(said()).not.toContain('ended');
  });

  test('takes lines in its own encoding', async () => {
    const { said } = server('od -An -tx1 -N7; exec cat > /dev/null');
    writeServerStdin(pipe(), '말 é', 'euc-kr');
    writeServerStdin(pipe(), '말', 'euc-kr');
    await eventually('the bytes', () => said().replace(/\s+/g, ' ') === ' b8 bb 20 3f 0a b8 bb ');
  });

  test('keeps what is written before the server reads', async () => {
    const { said } = server('sleep 0.3; read -r line; echo "got $line"');
    writeServerStdin(pipe(), 'early');
    await eventually('the line', () => said() === 'got early\n');
  });

  test('is for this user alone', () => {
    holder();
    expect(fs.statSync(pipe()).mode & 0o777).toBe(0o600);
    expect(fs.statSync(pipe()).isFIFO()).toBe(true);
  });

  test('is a new one for every start: a survivor reads nothing of it', async () => {
    const first = server('while read -r line; do echo "first $line"; done');
    const second = server('while read -r line; do echo "second $line"; done');
    writeServerStdin(pipe(), 'x');
    await eventually('the line', () => second.said() === 'second x\n');
    expect(first.said()).toBe('');
  });

  test('takes the place of whatever lies there', () => {
    fs.writeFileSync(pipe(), 'a file');
    holder();
    expect(fs.statSync(pipe()).isFIFO()).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('no-channel', () => {
  test('where there is no pipe', () => {
    expect(thrownBy(() => writeServerStdin(pipe(), 'x'))).toSatisfy(failing('no-channel', { detail: 'ENOENT' }));
  });

  test('when nobody reads any more', async () => {
    const { ended } = server('exit 0');
    await ended;
    expect(thrownBy(() => writeServerStdin(pipe(), 'x'))).toSatisfy(failing('no-channel', { detail: 'ENXIO' }));
  });
});

describe.skipIf(process.platform === 'win32')('busy', () => {
  test('when the pipe is full, at once, and with no part of the line in it', () => {
    const fd = holder();
    const written = fill('x'.repeat(777));
    expect(written.length).toBeGreaterThan(10);
    expect(drain(fd).split('\n')).toEqual([...written, '']);
    // There is room again.
    writeServerStdin(pipe(), 'again');
    expect(drain(fd)).toBe('again\n');
  });

  test('a line too long to go in whole or not at all is refused, however much room there is', () => {
    const fd = holder();
    expect(thrownBy(() => writeServerStdin(pipe(), '가'.repeat(1990)))).toSatisfy(failing('invalid-definition'));
    expect(drain(fd)).toBe('');
  });
});
