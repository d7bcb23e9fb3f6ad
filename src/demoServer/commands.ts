import { maxPlayers } from './args.js';

export type Command =
  | { readonly do: 'stop' | 'save' | 'list' | 'tps' | 'help' | 'nothing' | 'unknown' }
  | { readonly do: 'players'; readonly count: number | 'auto' }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'crash'; readonly code: number | null }
  | { readonly do: 'hang'; readonly busy: boolean }
  | { readonly do: 'leak'; readonly mb: number; readonly perMinute: boolean }
  | { readonly do: 'spike' | 'slowstop'; readonly seconds: number }
  | { readonly do: 'usage'; readonly text: string };

const forms = {
  stop: ['stop', 'saves the world and stops the server'],
  save: ['save', 'saves the world'],
  list: ['list', 'says who is there'],
  players: ['players N|auto', `makes it exactly N players (0 to ${maxPlayers}), or lets them come and go again`],
  say: ['say TEXT', 'tells the players something'],
  tps: ['tps', 'says how well the server keeps its pace'],
  spike: ['spike SECONDS', 'works at full load for a while'],
  leak: ['leak MB|MB/min|off', 'takes memory at once, takes it steadily, or gives it back'],
  slowstop: ['slowstop SECONDS', 'makes the next stop take that long'],
  hang: ['hang [busy]', 'stops responding, for ever'],
  crash: ['crash [CODE]', 'dies without saving'],
  help: ['help', 'says this'],
} as const;

export const helpLines: readonly string[] = Object.values(forms).map(([form, what]) => `  ${form} - ${what}`);

const usageOf = (name: keyof typeof forms): Command => ({ do: 'usage', text: `Usage: ${forms[name][0]}` });

function upTo(text: string, max: number): number | null {
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}

function wholeUpTo(text: string, max: number): number | null {
  const value = upTo(text, max);
  return value !== null && Number.isInteger(value) ? value : null;
}

export function parseCommand(line: string): Command {
  const [, word = '', rest = ''] = /^\s*\/?(\S*)\s*([^]*?)\s*$/.exec(line) ?? [];
  const name = word.toLowerCase();
  switch (name) {
    case '':
      return { do: 'nothing' };
    case 'stop':
    case 'save':
    case 'list':
    case 'tps':
    case 'help':
      return { do: name };
    case 'say':
      return rest === '' ? usageOf(name) : { do: 'say', text: rest };
    case 'players': {
      const count = rest.toLowerCase() === 'auto' ? 'auto' : wholeUpTo(rest, maxPlayers);
      return count === null ? usageOf(name) : { do: 'players', count };
    }
    case 'crash': {
      const code = wholeUpTo(rest, 255);
      return rest !== '' && code === null ? usageOf(name) : { do: 'crash', code };
    }
    case 'hang':
      return rest === '' || rest === 'busy' ? { do: 'hang', busy: rest === 'busy' } : usageOf(name);
    case 'leak': {
      if (rest === 'off') return { do: 'leak', mb: 0, perMinute: false };
      const [, amount = '', per] = /^(\S+?)\s*(?:mb)?\s*(\/\s*min)?$/i.exec(rest) ?? [];
      const mb = upTo(amount, 1_000_000);
      return mb === null || mb === 0 ? usageOf(name) : { do: 'leak', mb, perMinute: per !== undefined };
    }
    case 'spike':
    case 'slowstop': {
      const seconds = upTo(rest, 86_400);
      return seconds === null ? usageOf(name) : { do: name, seconds };
    }
    default:
      return { do: 'unknown' };
  }
}

/** Cuts what arrives into lines, however it was cut on its way. */
export class LineSplitter {
  private rest = '';
  /** A line beyond the limit is thrown away up to its end, so that a stream without line ends takes no memory. */
  private tooLong = false;

  constructor(private readonly limit = 8192) {}

  push(chunk: string): string[] {
    const parts = (this.rest + chunk).split('\n');
    this.rest = parts.pop() ?? '';
    const lines: string[] = [];
    for (const part of parts) {
      if (!this.tooLong && part.length <= this.limit) lines.push(part.endsWith('\r') ? part.slice(0, -1) : part);
      this.tooLong = false;
    }
    if (this.rest.length > this.limit) {
      this.rest = '';
      this.tooLong = true;
    }
    return lines;
  }

  /** The last line when nothing follows it any more, not even its end. */
  end(): string[] {
    return this.rest === '' ? [] : this.push('\n');
  }
}
