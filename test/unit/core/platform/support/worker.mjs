// Works when it is told to, a line on stdin each, and says by its own count what that took. Answers with a line of JSON.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import readline from 'node:readline';

const [, script, mode, ms, below] = process.argv;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function burn(ms) {
  for (const end = cpuMs() + ms; cpuMs() < end;) for (let n = 0, x = 1; n < 200_000; n++) x = (x * 31 + n) % 65_537;
}

const say = (answer) => fs.writeSync(1, JSON.stringify({ cpuMs: cpuMs(), ...answer }) + '\n');

/** Ends at once: what it has said is all that it used. */
function leave(answer) {
  say(answer);
  process.kill(process.pid, 'SIGKILL');
}

/** Starts others that work and end; answers what they used together, by their own count. */
async function children(count, ms, below) {
  const one = () =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [script, 'once', String(ms), String(below)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      child.once('close', () => {
        const { cpuMs: own, others } = JSON.parse(said);
        resolve(own + others);
      });
    });
  let others = 0;
  for (const used of await Promise.all(Array.from({ length: count }, one))) others += used;
  return others;
}

const commands = {
  cpu: () => ({}),
  burn: (ms) => burn(Number(ms)),
  write: (file, bytes) => {
    const fd = fs.openSync(file, 'w');
    fs.writeSync(fd, Buffer.alloc(Number(bytes), 1));
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  },
  children: async (count, ms, below = '0') => ({ others: await children(Number(count), ms, Number(below)) }),
  leave: () => leave({}),
};

async function main() {
  if (mode === 'once') {
    burn(Number(ms));
    leave({ others: Number(below) > 0 ? await children(Number(below), ms, 0) : 0 });
  }
  process.title = 'a) Z 1 1 (worker';
  say({});
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, ...args] = line.split(' ');
    say((await commands[command](...args)) ?? {});
  }
}

await main();
