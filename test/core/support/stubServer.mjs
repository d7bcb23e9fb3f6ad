/*
 * A game server that does only what a test asks of it, and notes what it is told:
 *   stubServer.mjs NOTES [--ends stop,SIGINT] [--ready-after SECONDS] [--lives SECONDS]
 * NOTES gets one line per line of stdin ("line …") and per signal ("signal …"). What is in --ends ends it with exit code 0.
 * The line `restart` starts the same program anew, and ends this one; `flood` prints 64 MB as fast as it can.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    ends: { type: 'string', default: 'stop,SIGTERM,SIGINT' },
    'ready-after': { type: 'string', default: '0' },
    lives: { type: 'string' },
  },
});
const [notes = ''] = positionals;
const ends = new Set(values.ends.split(','));

/** @param {string} kind @param {string} what */
function told(kind, what) {
  fs.appendFileSync(notes, `${kind} ${what}\n`);
  if (!ends.has(what)) return;
  console.log('Stub ended');
  process.exit(0);
}

function flood() {
  const line = `${'x'.repeat(1023)}\n`;
  for (let written = 0; written < 64 * 1024 * 1024; written += line.length) fs.writeSync(1, line);
  console.log('Stub has flooded');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => told('signal', signal));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'flood') return flood();
  if (line !== 'restart') return told('line', line);
  spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: 'inherit' }).unref();
  process.exit(0);
});
// The end of the input is not the end of the server.
setInterval(() => undefined, 60_000);

console.log(`Stub starts, process ${process.pid}`);
setTimeout(() => console.log('Stub ready'), Number(values['ready-after']) * 1000);
if (values.lives !== undefined) setTimeout(() => process.exit(0), Number(values.lives) * 1000);
