import path from 'node:path';
import type { ReadOwnSettings } from '../places.js';
import { password, port, present, type Values } from '../values.js';

/**
 * Its commands come from autoexec.cfg, then from the command line in its order: `-f FILE`, or a command itself. What is said
 * last counts.
 */
export const readTeeworlds: ReadOwnSettings = ({ cwd, args }, files) => {
  const sources: (Map<string, string> | string)[] = [path.join(cwd, 'autoexec.cfg')];
  for (let n = 0; n < args.length; n++) {
    const arg = args[n] ?? '';
    if (arg === '-f') sources.push(path.resolve(cwd, args[++n] ?? ''));
    else if (!arg.startsWith('-')) sources.push(parseTeeworldsConfig(arg));
  }
  const all = new Map<string, string>();
  let at = 0;
  for (const source of sources) {
    const read = typeof source === 'string' ? files.read(source, parseTeeworldsConfig) : { value: source, at: 0 };
    for (const [name, value] of read?.value ?? []) all.set(name, value);
    at = Math.max(at, read?.at ?? 0);
  }
  return all.size === 0 ? undefined : { ...valuesOf(all), at };
};

/** The console for programs is open when it has both a port and a password. */
function valuesOf(commands: ReadonlyMap<string, string>): Values {
  const econ = password(commands.get('ec_password'));
  return {
    passwords: present({ econPassword: econ }),
    ports: present({ econPort: econ === undefined ? undefined : port(commands.get('ec_port')) }),
  };
}

/** The last value given to each command, by its name in lower case. */
export function parseTeeworldsConfig(text: string): Map<string, string> {
  const commands = new Map<string, string>();
  for (const line of text.split(/[\r\n]+/)) {
    for (const command of commandsIn(line)) {
      const begin = command.trimStart();
      const end = begin.search(/\s/);
      if (end > 0) commands.set(begin.slice(0, end).toLowerCase(), firstWord(begin.slice(end).trimStart()));
    }
  }
  return commands;
}

/** A semicolon ends a command and # begins a comment, but not within quotes. */
function commandsIn(line: string): string[] {
  const commands: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && isQuoted) at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === ';' || char === '#')) {
      commands.push(line.slice(begin, at));
      if (char === '#') return commands;
      begin = at + 1;
    }
  }
  commands.push(line.slice(begin));
  return commands;
}

function firstWord(text: string): string {
  if (!text.startsWith('"')) return text.split(/\s/, 1)[0] ?? '';
  let word = '';
  for (let at = 1; at < text.length && text.charAt(at) !== '"'; at++) {
    // Only these two are escaped; any other backslash is one.
    const escapes = text.charAt(at) === '\\' && ['"', '\\'].includes(text.charAt(at + 1));
    word += text.charAt(escapes ? ++at : at);
  }
  return word;
}
