// A server that prints numbered lines, so many megabytes per second, and ends as it is told: `flood 50 20` prints 50 MB/s
// for 20 s, `calm` ends that at once, `stop` ends the program. Its last words are how long its longest write took.
import fs from 'node:fs';
import readline from 'node:readline';

const padding = '.'.repeat(80);
let number = 0;
let longestMs = 0;
let until = 0;
let rate = 0;
let begun = 0;
let written = 0;

function print(count) {
  let text = '';
  for (let i = 0; i < count; i++) text += `line ${++number} ${padding}\n`;
  const before = performance.now();
  fs.writeSync(1, text);
  longestMs = Math.max(longestMs, performance.now() - before);
  return text.length;
}

function say(text) {
  fs.writeSync(1, `${text}\n`);
}

function flood() {
  while (written < ((performance.now() - begun) / 1000) * rate && performance.now() < until) written += print(300);
  if (performance.now() < until) setTimeout(flood, 2);
  else say(`calm after ${number} lines, longest write ${longestMs.toFixed(1)} ms`);
}

say('Done! For help, type help');
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, ...numbers] = line.split(' ');
  if (command === 'flood') {
    rate = Number(numbers[0]) * 1024 * 1024;
    begun = performance.now();
    until = begun + Number(numbers[1]) * 1000;
    written = 0;
    flood();
  }
  if (command === 'calm') until = 0;
  if (command === 'say') say(numbers.join(' '));
  if (command === 'print') print(Number(numbers[0]));
  if (command === 'stop') process.exit(0);
});
