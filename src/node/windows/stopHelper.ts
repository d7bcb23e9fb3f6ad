import { spawn } from 'node:child_process';
import { nodeEnvironment } from '../environment.js';
import { hearCtrlC } from './consoles.js';
import { interruptFromHere } from './interrupt.js';

const deadlineMs = 5000;
const done = 0;
/** What the helper says where it got so far: see its main.ts. Anything else is Windows' or Node's word that it did not. */
const answers = new Set([done, 2, 3, 4]);
let turn: Promise<unknown> = Promise.resolve();

/**
 * Sends Ctrl+C to the console of a process, so to everybody in it. `script` is dist/stopHelper.js: a process can be in one
 * console at a time, and is itself among those that Ctrl+C is meant for. False where that has none, or it could not be
 * sent. Never rejects.
 */
export async function interruptConsole(script: string, pid: number): Promise<boolean> {
  const code = await run([script, 'ctrl-c', String(pid)]);
  if (code !== undefined && answers.has(code)) return code === done;
  // While the session ends, Windows starts no program any more; and that is when it matters most.
  const here = turn.then(async () => {
    const outcome = await interruptFromHere(pid);
    hearCtrlC(true);
    return outcome === 'done';
  });
  turn = here.catch(() => undefined);
  return await here.catch(() => false);
}

/** Asks every window of these processes to close, as its X does. False where there is none to be asked. Never rejects. */
export async function closeWindows(script: string, pids: readonly number[]): Promise<boolean> {
  return pids.length > 0 && (await run([script, 'close', ...pids.map(String)])) === done;
}

/** Its exit code; undefined where it could not be started, or did not end in time. */
async function run(args: readonly string[]): Promise<number | undefined> {
  return await new Promise((resolve) => {
    try {
      const options = { windowsHide: true, stdio: 'ignore', env: nodeEnvironment(process.env) } as const;
      const child = spawn(process.execPath, args, options);
      const late = setTimeout(() => {
        child.kill();
        resolve(undefined);
      }, deadlineMs);
      const end = (code: number | undefined): void => {
        clearTimeout(late);
        resolve(code);
      };
      child.once('error', () => {
        end(undefined);
      });
      child.once('exit', (code) => {
        end(code ?? undefined);
      });
    } catch {
      resolve(undefined);
    }
  });
}
