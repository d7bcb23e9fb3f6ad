import { describe, expect, it } from 'vitest';
import { helpLines, LineSplitter, parseCommand } from '../../../src/demoServer/commands.js';

describe('commands of the demo server', () => {
  it.each([
    ['stop', { do: 'stop' }],
    ['  /STOP \r', { do: 'stop' }],
    ['save', { do: 'save' }],
    ['list', { do: 'list' }],
    ['tps', { do: 'tps' }],
    ['help', { do: 'help' }],
    ['', { do: 'nothing' }],
    ['  ', { do: 'nothing' }],
    ['players 12', { do: 'players', count: 12 }],
    ['players 0', { do: 'players', count: 0 }],
    ['players auto', { do: 'players', count: 'auto' }],
    ['say  Hello,  all: ü "x" ', { do: 'say', text: 'Hello,  all: ü "x"' }],
    ['crash', { do: 'crash', code: null }],
    ['crash 3', { do: 'crash', code: 3 }],
    ['crash 0', { do: 'crash', code: 0 }],
    ['hang', { do: 'hang', busy: false }],
    ['hang busy', { do: 'hang', busy: true }],
    ['leak 100', { do: 'leak', mb: 100, perMinute: false }],
    ['leak 100 MB', { do: 'leak', mb: 100, perMinute: false }],
    ['leak 50/min', { do: 'leak', mb: 50, perMinute: true }],
    ['leak 50MB/min', { do: 'leak', mb: 50, perMinute: true }],
    ['leak off', { do: 'leak', mb: 0, perMinute: false }],
    ['spike 2.5', { do: 'spike', seconds: 2.5 }],
    ['slowstop 30', { do: 'slowstop', seconds: 30 }],
    ['stopp', { do: 'unknown' }],
    ['constructor', { do: 'unknown' }],
  ])('understands %j', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each(['players', 'players 33', 'players 1.5', 'players -1', 'say', 'crash x', 'crash 256', 'hang on'])(
    'explains instead of doing %j',
    (line) => expect(parseCommand(line)).toMatchObject({ do: 'usage' }),
  );
  it.each(['leak', 'leak 0', 'leak x/min', 'spike', 'spike soon', 'slowstop -1'])(
    'explains instead of doing %j',
    (line) => expect(parseCommand(line)).toMatchObject({ do: 'usage' }),
  );

  it('has help for each command', () => {
    expect(helpLines.length).toBe(12);
  });
});

describe('lines', () => {
  it('come out whole however they were cut', () => {
    const splitter = new LineSplitter();
    expect(splitter.push('sa')).toEqual([]);
    expect(splitter.push('ve\r')).toEqual([]);
    expect(splitter.push('\nsay a\nsay b\r\nst')).toEqual(['save', 'say a', 'say b']);
    expect(splitter.push('op\n\n')).toEqual(['stop', '']);
    expect(splitter.end()).toEqual([]);
  });

  it('may end with the input', () => {
    const splitter = new LineSplitter();
    splitter.push('list');
    expect(splitter.end()).toEqual(['list']);
    expect(splitter.end()).toEqual([]);
  });

  it('that are far too long are dropped, and nothing else', () => {
    const splitter = new LineSplitter(10);
    expect(splitter.push('x'.repeat(11))).toEqual([]);
    expect(splitter.push('stop\nlist\n' + 'y'.repeat(11) + '\nsave\n')).toEqual(['list', 'save']);
  });
});
