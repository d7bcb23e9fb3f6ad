import { spawn, type ChildProcess } from 'node:child_process';
import { nodeEnvironment } from './environment.js';

/** Starts a program of ours that outlives this process: a session of its own, nothing inherited, nobody waited for. */
export function startDetached(
  exec: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = nodeEnvironment(process.env),
): ChildProcess {
  const child = spawn(exec, args, {
    cwd,
    detached: true,
    windowsHide: true,
    env,
    stdio: 'ignore',
  });
  child.unref();
  return child;
}
