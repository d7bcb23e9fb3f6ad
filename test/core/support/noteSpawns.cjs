// Required before a program of ours: each thread of it notes in the file GSP_SPAWNS that it is being watched, and each
// process that it starts, a line of JSON each. It sits where every way of Node's to start one ends up.
const fs = require('node:fs');
const { threadId } = require('node:worker_threads');

const note = (entry) => {
  const line = JSON.stringify({ pid: process.pid, thread: threadId, at: Date.now(), ...entry });
  fs.appendFileSync(process.env.GSP_SPAWNS, `${line}\n`);
};
const { Process } = process.binding('process_wrap');
const { spawn } = Process.prototype;
Process.prototype.spawn = function (options) {
  note({ is: 'spawn', command: options.args ?? [options.file] });
  return spawn.call(this, options);
};
const sync = process.binding('spawn_sync');
const { spawn: spawnSync } = sync;
sync.spawn = (options) => {
  note({ is: 'spawn', command: options.args ?? [options.file] });
  return spawnSync(options);
};
note({ is: 'watched' });
