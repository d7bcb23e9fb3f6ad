import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { until, type Bench } from './bench.js';

const allowAll = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

/** A real D-Bus daemon of the test's own, with a logind on it that knows delay locks and their signal. */
export class SystemBus {
  readonly env: { DBUS_SYSTEM_BUS_ADDRESS: string };
  private readonly children: ChildProcess[] = [];
  private heard = '';

  constructor(private readonly bench: Bench) {
    this.env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${bench.file('bus.sock')}` };
  }

  /** Starts the daemon and the logind. */
  async open(): Promise<void> {
    const config = this.bench.file('bus.conf');
    fs.writeFileSync(config, allowAll.replace('SOCKET', this.bench.file('bus.sock')));
    this.start('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile']);
    await until('the bus', () => fs.existsSync(this.bench.file('bus.sock')));
    // Debian's own Python: the modules are packages of Debian.
    const logind = this.start('/usr/bin/python3', [path.join(import.meta.dirname, 'login1.py')]);
    logind.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.heard += chunk));
    await until('the logind', () => this.lines.includes('ready'));
  }

  /** What the logind has seen. */
  get lines(): string[] {
    return this.heard.split('\n').slice(0, -1);
  }

  get locks(): number {
    const count = (word: string): number => this.lines.filter((line) => line.startsWith(word)).length;
    return count('locked') - count('released');
  }

  say(word: 'down' | 'up' | 'whisper'): void {
    this.children.at(-1)?.stdin?.write(`${word}\n`);
  }

  close(): void {
    for (const child of this.children.splice(0).reverse()) child.kill('SIGKILL');
  }

  private start(command: string, args: string[]): ChildProcess {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...this.env },
    });
    this.children.push(child);
    return child;
  }
}
