import path from 'node:path';
import type { ReadOwnSettings } from '../places.js';
import { isOn, password, port, present, type Values } from '../values.js';

export const readMinecraft: ReadOwnSettings = ({ cwd }, files) => {
  const read = files.read(path.join(cwd, 'server.properties'), parseServerProperties);
  return read === undefined ? undefined : { ...read.value, at: read.at };
};

export function parseServerProperties(text: string): Values {
  const properties = propertiesOf(text);
  const address = properties.get('server-ip')?.trim() ?? '';
  return {
    ...(address === '' || /^(?:0\.0\.0\.0|::|\[::\])$/.test(address) ? {} : { host: address }),
    passwords: present({ rconPassword: password(properties.get('rcon.password')) }),
    ports: present({
      rconPort: isOn(properties.get('enable-rcon')) ? port(properties.get('rcon.port'), 25_575) : undefined,
      // What it tells everybody, it tells on the port that players use; to be silent it has to be told.
      queryPort: isOff(properties.get('enable-status')) ? undefined : port(properties.get('server-port'), 25_565),
    }),
  };
}

function isOff(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && !isOn(text);
}

/** A file of java.util.Properties: comments, three kinds of separators, escapes, lines that go on in the next. */
function propertiesOf(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  const lines = text.split(/\r\n|[\r\n]/);
  for (let n = 0; n < lines.length; n++) {
    let line = (lines[n] ?? '').replace(/^[ \t\f]+/, '');
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    const parts = [];
    while (goesOn(line) && n + 1 < lines.length) {
      parts.push(line.slice(0, -1));
      line = (lines[++n] ?? '').replace(/^[ \t\f]+/, '');
    }
    const whole = parts.join('') + line;
    const end = keyEnd(whole);
    const value = whole.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
    properties.set(unescaped(whole.slice(0, end)), unescaped(value));
  }
  return properties;
}

/** An odd number of backslashes at its end. */
function goesOn(line: string): boolean {
  let count = 0;
  while (line.charAt(line.length - 1 - count) === '\\') count++;
  return count % 2 === 1;
}

function keyEnd(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\') at++;
    else if (' \t\f=:'.includes(char)) return at;
  }
  return line.length;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|([^]))|\\$/gi, (_, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return char === undefined ? '' : (escapes[char] ?? char);
  });
}
