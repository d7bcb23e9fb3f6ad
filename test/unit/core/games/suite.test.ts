import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { checkDefinition, effective } from '../../../../src/shared/definition.js';
import { gameRow, games, type GameRow } from '../../../../src/shared/games.js';
import { installed } from './rows/installed.js';
import type { PatternName, RowLines } from './rows/rowLines.js';
import { wellKnown } from './rows/wellKnown.js';

const lines: Readonly<Record<string, RowLines>> = { ...wellKnown, ...installed };
const codicons = createRequire(import.meta.url)('@vscode/codicons/dist/metadata.json') as object;
const rows = games.map((row) => [row.id, row] as const);

/** Every pattern of a row by its name, with the lines that its fixture has for it. */
function patternsOf(row: GameRow): { name: string; source: string; own: readonly string[] }[] {
  const { patterns = {}, echo, saveReply } = lines[row.id] ?? { chat: [] };
  const text = (all: readonly (string | readonly [string, string])[] = []): string[] =>
    all.map((one) => (typeof one === 'string' ? one : one[0]));
  const named = (Object.entries(row.patterns ?? {}) as [PatternName, string][]).map(([name, source]) => {
    return { name, source, own: text(patterns[name]) };
  });
  return [
    ...named,
    ...(row.echo === undefined ? [] : [{ name: 'echo', source: row.echo, own: echo ?? [] }]),
    ...(row.saveReply === undefined
      ? []
      : [{ name: 'saveReply.done', source: row.saveReply.done, own: saveReply?.done ?? [] }]),
    ...(row.saveReply?.failed === undefined
      ? []
      : [{ name: 'saveReply.failed', source: row.saveReply.failed, own: saveReply?.failed ?? [] }]),
  ];
}

const matches = (source: string, line: string): boolean => new RegExp(source, 'u').test(line);

test('there is a fixture for every game, and for nothing else', () => {
  expect(Object.keys(lines).sort()).toEqual(games.map(({ id }) => id).sort());
});

test('no two games have the same executables, which tell which game runs', () => {
  const names = games.flatMap(({ executables }) => executables);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test.each(['executables', 'launchers'] as const)('all %s are as they are compared', (list) => {
  const names = games.flatMap((row) => row[list] ?? []);
  expect(names.filter((name) => name !== name.toLowerCase() || /[\\/]/.test(name))).toEqual([]);
});

describe.each(rows)('%s', (id, row) => {
  const fixture = lines[id] ?? { chat: [] };
  const patterns = patternsOf(row);
  const definition = { id: 'a', name: 'a', game: id, launch: { command: 'a' } };

  test('has a name, and an icon that there is', () => {
    expect(gameRow(id)).toBe(row);
    expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,39}$/);
    expect(row.label.trim()).toBe(row.label);
    expect(row.label).not.toBe('');
    expect(Object.keys(codicons)).toContain(row.icon);
  });

  test('says nothing that a definition might not say', () => {
    expect(checkDefinition({ ...definition, patterns: row.patterns ?? {}, stop: row.stop })).toHaveProperty(
      'definition',
    );
    const connection = row.ports ?? {};
    expect(checkDefinition({ ...definition, connection })).toHaveProperty('definition');
    const typed = [row.stop.line, row.saveLine, row.sayLine].filter((line) => line !== undefined);
    expect(typed.filter((line) => line === '' || /[\r\n\0]/.test(line))).toEqual([]);
    if (row.sayLine !== undefined) expect(row.sayLine.split('{text}')).toHaveLength(2);
    expect(row.saveFiles?.filter((file) => /^[/~]|^[A-Za-z]:|\\|(^|\/)\.\.(\/|$)/.test(file)) ?? []).toEqual([]);
    expect([...row.announceSeconds].sort((a, b) => b - a)).toEqual(row.announceSeconds);
  });

  test('can be stopped', () => {
    expect(row.stop.line ?? row.stop.signal, 'a way to stop').toBeTruthy();
    const { stop } = effective(definition);
    expect(stop.line !== null || stop.signal !== '').toBe(true);
    if (row.signalsLoseWorld === true) expect(row.stop.line).toBeTruthy();
    if (row.channel === 'rcon') expect(row.rcon).toBeDefined();
  });

  test('has real lines for each of its patterns, and none for another', () => {
    expect(patterns.filter(({ own }) => own.length === 0).map(({ name }) => name)).toEqual([]);
    const { patterns: of = {}, echo, saveReply } = fixture;
    expect(Object.keys(of).sort()).toEqual(Object.keys(row.patterns ?? {}).sort());
    expect([echo !== undefined, saveReply !== undefined]).toEqual([
      row.echo !== undefined,
      row.saveReply !== undefined,
    ]);
    const strange = Object.keys(fixture.not ?? {}).filter((name) => patterns.every((pattern) => pattern.name !== name));
    expect(strange).toEqual([]);
  });

  test.each(patterns.flatMap(({ name, source, own }) => own.map((line) => [name, line, source] as const)))(
    '%s: %s',
    (_, line, source) => {
      expect(source.length).toBeLessThanOrEqual(1000);
      expect(matches(source, line)).toBe(true);
    },
  );

  test('tells who comes and goes', () => {
    const { join, leave } = row.patterns ?? {};
    expect(leave !== undefined).toBe(join !== undefined);
    for (const name of ['join', 'leave'] as const) {
      for (const [line, player] of fixture.patterns?.[name] ?? []) {
        expect(new RegExp(row.patterns?.[name] ?? '', 'u').exec(line)?.[1], line).toBe(player);
      }
    }
  });

  test('takes nothing else for it', () => {
    for (const { name, source } of patterns) {
      const not = fixture.not?.[name as PatternName] ?? [];
      expect(
        not.filter((line) => matches(source, line)),
        name,
      ).toEqual([]);
    }
    // Of a save, of somebody's coming and of the end there is one line each: no line means two of them.
    const means = patterns.filter(({ name }) => !name.startsWith('saveReply'));
    for (const { name, own } of means) {
      for (const other of means.filter((one) => one.name !== name)) {
        expect(
          own.filter((line) => matches(other.source, line)),
          `${name} as ${other.name}`,
        ).toEqual([]);
      }
    }
  });

  test('believes nobody in the chat', () => {
    // Before it is ready there is nobody to say so, and behind it the line means nothing any more.
    const heard = patterns.filter(({ name }) => name !== 'ready' && !name.startsWith('saveReply'));
    const own = patterns.flatMap((pattern) => pattern.own);
    const withoutHead = own.map((line) => line.replace(/^.*?\][:>]? (?=\S)/u, ''));
    const said = [
      'Saved the game',
      'Server stop requested.',
      ...own,
      ...withoutHead,
      ...own.map((line) => `\n${line}`),
    ];
    const texts = said.map((text) => text.replace(/[\r\n]+/g, ' '));
    for (const chat of fixture.chat) {
      for (const line of texts.map(chat)) {
        expect(
          heard.filter(({ source }) => matches(source, line)).map(({ name }) => name),
          line,
        ).toEqual([]);
      }
    }
  });
});
