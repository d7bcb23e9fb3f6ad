import fs from 'node:fs';
import path from 'node:path';

/**
 * A server that holds a world: says when it is ready, repeats its commands, and loses the world unless Ctrl+C gives it the
 * time to save, after which it ends with 42; its line `stop` does the same. argv: the file of its world; `--child`: it is
 * started by a program that does no more; `--leave`: which then ends.
 */
const script = `
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const [world, ...options] = process.argv.slice(2);
if (options.includes('--child')) {
  const isLeaving = options.includes('--leave');
  // Node ends its children with itself, unless they have no console.
  spawn(process.execPath, [__filename, world], { stdio: 'inherit', detached: isLeaving });
  // It takes Ctrl+C, and leaves what follows to its child.
  process.on('SIGINT', () => undefined);
  if (isLeaving) setTimeout(() => process.exit(0), 3000);
} else {
  const say = (text) => fs.writeSync(1, text + '\\n');
  const stop = () => {
    say('Saving the world');
    setTimeout(() => {
      fs.writeFileSync(world, 'saved');
      say('saved');
      process.exit(42);
    }, 300);
  };
  process.on('SIGINT', stop);
  let rest = '';
  process.stdin.on('data', (chunk) => {
    const lines = (rest + chunk).split(/\\r?\\n/);
    rest = lines.pop();
    for (const line of lines) {
      say('heard ' + line);
      if (line === 'crash') process.exit(7);
      if (line === 'stop') stop();
    }
  });
  process.stdin.on('end', () => say('end of input'));
  process.stdin.on('error', (error) => say('broken input ' + error.code));
  setInterval(() => undefined, 1000);
  say('arguments ' + JSON.stringify(options));
  say('ready ' + process.pid);
}
`;

/** Writes it into the folder, which is made where it is missing; answers its path. */
export function writeGameServer(folder: string): string {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'server.cjs');
  fs.writeFileSync(file, script);
  return file;
}
