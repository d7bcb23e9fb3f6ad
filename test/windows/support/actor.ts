import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** What it does when it is told to; each is answered by one message. */
const script = `
const { spawn } = require('node:child_process');
const held = [];
const burn = (until) => { while (process.hrtime.bigint() < until); };
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const does = {
  // Of so many milliseconds this part busy.
  work: ({ ms, part }, done) => {
    const end = Date.now() + ms;
    const slice = () => {
      if (Date.now() >= end) return setTimeout(() => done({ cpuMs: cpuMs() }), 50);
      burn(process.hrtime.bigint() + BigInt(Math.round(50 * part)) * 1000000n);
      setTimeout(slice, 50 * (1 - part));
    };
    slice();
  },
  allocate: ({ bytes }, done) => { held.push(Buffer.alloc(bytes, 1)); done({}); },
  // detached: so that it does not end with this one.
  child: ({ script, args }, done) => {
    const child = spawn(process.execPath, ['-e', script, ...args], { detached: true, stdio: 'ignore', windowsHide: true });
    child.once('spawn', () => done({ pid: child.pid }));
    child.unref();
  },
  end: ({ code }) => process.exit(code),
};
process.on('message', (told) => does[told.is](told, (answer) => process.send(answer)));
process.once('disconnect', () => process.exit());
process.send({ cpuMs: cpuMs() });
`;

/** Does nothing until it is killed; not for ever, should nobody do that. */
export const idleScript = 'setTimeout(() => undefined, 120_000)';

interface Answer {
  readonly cpuMs?: number;
  readonly pid?: number;
}

/** A process of its own that does as it is told. */
export class Actor {
  private constructor(readonly child: ChildProcess) {}

  static async start(options: { args?: string[]; cwd?: string; detached?: boolean } = {}): Promise<Actor> {
    const { args = [], cwd = os.tmpdir(), detached = false } = options;
    const file = path.join(temp, `actor-${process.pid}.js`);
    if (!fs.existsSync(file)) {
      fs.writeFileSync(file, script);
      after(() => fs.rmSync(file, { force: true }));
    }
    const child = fork(file, args, { cwd, detached, stdio: 'ignore', execArgv: [] });
    const actor = new Actor(child);
    started.push(actor);
    await actor.answer();
    return actor;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async tell(is: string, more: Record<string, unknown> = {}): Promise<Answer> {
    const answer = this.answer();
    this.child.send({ is, ...more });
    return await answer;
  }

  async end(code: number): Promise<void> {
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(20_000) });
    this.child.send({ is: 'end', code });
    await ended;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(20_000) });
    this.child.kill('SIGKILL');
    await ended;
  }

  private async answer(): Promise<Answer> {
    const [answer] = (await once(this.child, 'message', { signal: AbortSignal.timeout(30_000) })) as [Answer];
    return answer;
  }
}

export const temp = process.env.GSP_WINDOWS_TEMP || os.tmpdir();
const started: Actor[] = [];
const others: number[] = [];

/** One that a test has caused otherwise. */
export function toBeKilled(pid: number): number {
  others.push(pid);
  return pid;
}

/** For afterEach: nothing is left of what a test has started. */
export async function killAll(): Promise<void> {
  for (const actor of started.splice(0)) await actor.kill();
  for (const pid of others.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in the test.
    }
  }
}
