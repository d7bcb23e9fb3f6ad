// Says which signals it gets, and starts others like itself: `child` in its own group, `session` in one of its own,
// `orphan` by somebody who ends at once.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const [, script, ...kinds] = process.argv;
const say = (text) => fs.writeSync(1, `${process.pid} ${text}\n`);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) {
  process.on(signal, () => say(`got ${signal}`));
}

for (const kind of kinds) {
  if (kind === 'parent of orphan') {
    spawn(process.execPath, [script, 'is child'], { detached: true, stdio: ['ignore', 1, 'ignore'] }).unref();
    process.exit();
  }
  if (kind === 'orphan') spawn(process.execPath, [script, 'parent of orphan'], { stdio: ['ignore', 1, 'ignore'] });
  if (kind === 'child' || kind === 'session') {
    spawn(process.execPath, [script, 'is child'], { detached: kind === 'session', stdio: ['ignore', 1, 'ignore'] });
  }
}

say(kinds.includes('is child') ? 'is a child' : 'is up');
setInterval(() => undefined, 60_000);
