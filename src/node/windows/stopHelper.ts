import { spawn } from 'node:child_process';
import { nodeEnvironment } from '../environment.js';

const deadlineMs = 5000;

/**
 * Sends Ctrl+C to the console of a process, so to everybody in it. `script` is dist/stopHelper.js: only a process that
 * has left its own console can join another. False where that has none, or it could not be sent. Never rejects.
 */
export async function interruptConsole(script: string, pid: number): Promise<boolean> {
  return await run([script, 'ctrl-c', String(pid)]);
}

/** Asks every window of these processes to close, as its X does. False where there is none to be asked. Never rejects. */
export async function closeWindows(script: string, pids: readonly number[]): Promise<boolean> {
  return pids.length > 0 && (await run([script, 'close', ...pids.map(String)]));
}

async function run(args: readonly string[]): Promise<boolean> {
  return await new Promise((resolve) => {
    try {
      const options = { windowsHide: true, stdio: 'ignore', env: nodeEnvironment(process.env) } as const;
      const child = spawn(process.execPath, args, options);
      const late = setTimeout(() => {
        child.kill();
        resolve(false);
      }, deadlineMs);
      const end = (isDone: boolean): void => {
        clearTimeout(late);
        resolve(isDone);
      };
      child.once('error', () => {
        end(false);
      });
      child.once('exit', (code) => {
        end(code === 0);
      });
    } catch {
      resolve(false);
    }
  });
}
