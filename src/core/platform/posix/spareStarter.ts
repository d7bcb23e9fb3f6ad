import { spawn, type ChildProcess } from 'node:child_process';
import { nodeEnvironment } from '../../../node/environment.js';
import type { SpareStarter } from '../../ports.js';

/**
 * A shell, started before this process lowers itself, that waits for a line and then starts a launcher. On Linux and
 * macOS a child inherits its parent's niceness, and an ordinary user can never raise it again; a launcher that dies
 * could otherwise be replaced only by one whose games run as low as we do. The shell has 0.1 MB of its own, sleeps, and
 * ends with us: its input does.
 */
export class ShellSpare implements SpareStarter {
  private readonly shell: ChildProcess;

  constructor(exec: string, args: readonly string[], cwd: string) {
    const script = 'while IFS= read -r _; do "$0" "$@" </dev/null >/dev/null 2>&1 & done';
    this.shell = spawn('/bin/sh', ['-c', script, exec, ...args], {
      cwd,
      detached: true,
      env: nodeEnvironment(process.env),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.shell.on('error', () => undefined);
    this.shell.stdin?.on('error', () => undefined);
    this.shell.unref();
  }

  /** False when the shell is gone. */
  start(): boolean {
    return this.shell.exitCode === null && this.shell.stdin?.write('go\n') !== undefined && this.shell.stdin.writable;
  }

  dispose(): void {
    this.shell.stdin?.end();
  }
}
