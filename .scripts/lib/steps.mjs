// Says what is being done and how far it is, and where the details are when it fails.
import fs from 'node:fs';
import path from 'node:path';
import { out } from './paths.mjs';
import { wasInterrupted } from './run.mjs';

const heartbeatMs = 12_000;
/** A step that takes longer than this without a word of its own is named while it runs. */
const silentMs = 2_500;
const indent = '      ';

export const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** Numbered steps; children write to `log`, which starts empty. */
export function createSteps(total, logName) {
  const log = path.join(out, 'setup', `${logName}.log`);
  fs.mkdirSync(path.dirname(log), { recursive: true });
  fs.writeFileSync(log, '');
  let number = 0;

  /**
   * Runs `work(progress)`. `progress.say(text)` announces that something long begins; `progress.now(text)` names the part
   * that the next heartbeats show. What `work` returns as `text` (or returns as a string) ends the line of a short step.
   */
  async function step(title, work) {
    const head = `[${++number}/${total}]`;
    const began = performance.now();
    let announced = false;
    let part = '';
    const say = (text) => {
      console.log(announced ? `${indent}${text}…` : `${head} ${text}…`);
      announced = true;
    };
    const silent = setTimeout(() => announced || say(title), silentMs);
    const heartbeat = setInterval(
      () => console.log(`${indent}${seconds(performance.now() - began)}${part && `: ${part}`}`),
      heartbeatMs,
    );
    try {
      const result = await work({ say, now: (text) => (part = text), log });
      const text = typeof result === 'string' ? result : result?.text;
      const took = seconds(performance.now() - began);
      if (announced) console.log(`${indent}done in ${took}${text ? `: ${text}` : ''}`);
      else console.log(`${head} ${title}: ${text ?? 'ready'} (${took})`);
      return result;
    } catch (error) {
      if (!announced) console.log(`${head} ${title}: ${wasInterrupted() ? 'interrupted' : 'failed'}`);
      throw error;
    } finally {
      clearTimeout(silent);
      clearInterval(heartbeat);
    }
  }
  return { step, log };
}

/** Prints what went wrong, with the last lines of the log when there is one. */
export function tellFailure(error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  if (!error?.log) {
    if (process.env.DEBUG && error?.stack) console.error(error.stack);
    return;
  }
  const lines = fs.readFileSync(error.log, 'utf8').trimEnd().split('\n').slice(-20);
  console.error(`\nThe last lines of ${error.log}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
