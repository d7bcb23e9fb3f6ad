import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseServersFile } from '../../../../src/core/definitions/parse.js';

const entry = (id: string, more = ''): string =>
  `{ "id": "${id}", "name": "${id}", "game": "other", "launch": { "command": "/bin/true" }${more} }`;
const toJson = (value: unknown): string => JSON.stringify(value);
const file = (...entries: string[]): string => `{ "version": 1, "servers": [\n${entries.join(',\n')}\n] }`;
const idsOf = (text: string): string[] => parseServersFile(text).definitions.map((definition) => definition.id);
const placesOf = (text: string): [number, number, string | null][] =>
  parseServersFile(text).problems.map(({ line, column, id }) => [line, column, id]);

describe('good files', () => {
  test.each([
    ['plain', file(entry('a'), entry('b'))],
    ['with a byte order mark', `\ufeff${file(entry('a'), entry('b'))}`],
    ['with CRLF', file(entry('a'), entry('b')).replaceAll('\n', '\r\n')],
    ['with comments', `// mine\n/* all */ ${file(`/* one */ ${entry('a')}`, `// two\n${entry('b')}`)} // end`],
    ['with trailing commas', `{ "version": 1, "servers": [ ${entry('a')}, ${entry('b', ',')}, ], }`],
    ['with unknown fields', file(entry('a', ', "later": { "x": [1] }'), entry('b')).replace('{', '{ "mine": true,')],
    ['with their fields in another order', `{ "servers": [${entry('a')}, ${entry('b')}], "version": 1 }`],
  ])('%s', (_, text) => {
    expect(parseServersFile(text)).toMatchObject({
      definitions: [{ id: 'a' }, { id: 'b' }],
      problems: [],
      editable: true,
    });
  });

  test('keep what is in an entry, also what is not known here', () => {
    const [definition] = parseServersFile(file(entry('a', ', "stop": { "via": "rcon" }, "later": 1'))).definitions;
    expect(definition).toMatchObject({ launch: { command: '/bin/true' }, stop: { via: 'rcon' }, later: 1 });
  });

  test('may have no servers', () => {
    expect(parseServersFile('{ "version": 1, "servers": [] }')).toEqual({
      definitions: [],
      problems: [],
      editable: true,
    });
  });
});

describe('places', () => {
  const faulty = [
    '{ // line 1',
    '  "version": 1,',
    '  "servers": [',
    `    ${entry('good')},`,
    `    ${entry('good')},`,
    '    { "id": "typo", "name": "x", "game": "palwrld", "launch": { "command": "x" } },',
    '    { "id": "many", "name": "",',
    '      "game": "other",',
    '      "launch": { "command": 5, "args": ["a", 7] } },',
    '    { "id": "short" },',
    '    { "id": 5, "name": "x", "game": "other", "launch": { "command": "x" } },',
    '    "not an entry",',
    `\t\t${entry('Bad Id')},`,
    '  ],',
    '}',
  ].join('\n');
  const at = (line: number, part: string): number => (faulty.split('\n')[line - 1] ?? '').indexOf(part) + 1;
  const places = [
    [5, at(5, '"good"'), 'good'],
    [6, at(6, '"palwrld"'), 'typo'],
    [7, at(7, '""'), 'many'],
    [9, at(9, '5'), 'many'],
    [9, at(9, '7'), 'many'],
    // A field that is missing is looked for where it should be.
    [10, at(10, '{'), 'short'],
    [10, at(10, '{'), 'short'],
    [10, at(10, '{'), 'short'],
    [11, at(11, '5'), null],
    [12, at(12, '"not'), null],
    [13, at(13, '"Bad Id"'), 'Bad Id'],
  ];

  test.each([
    ['LF', faulty],
    ['CRLF', faulty.replaceAll('\n', '\r\n')],
    ['a byte order mark, which no editor counts', `\ufeff${faulty}`],
  ])('of many faults, with %s', (_, text) => {
    expect(placesOf(text)).toEqual(places);
    expect(idsOf(text)).toEqual(['good']);
    expect(parseServersFile(text).editable).toBe(true);
  });

  test('columns count what an editor counts, behind any letters', () => {
    const text = `{ "version": 1, "servers": [ /* 서버 🎮 */ ${entry('Bad')} ] }`;
    expect(placesOf(text)).toEqual([[1, text.indexOf('"Bad"') + 1, 'Bad']]);
  });

  test('of a pattern that is no regular expression', () => {
    const text = file(entry('a', ',\n"patterns": {\n "ready": "(" }'));
    expect(placesOf(text)).toEqual([[4, 11, 'a']]);
    expect(parseServersFile(text).problems[0]?.message).toMatch(/^patterns\.ready: .*regular expression/);
  });

  test.each([
    ['', 1],
    ['\n\n', 3],
    ['{ "version": 1,\n "servers": [\n {"id" "a"} ] }', 3],
    [file(entry('a')).slice(0, -1), 3],
    [`${file(entry('a'))}\n}`, 4],
    ["{ 'version': 1 }", 1],
  ])('of what is no JSON, once: %j', (text, line) => {
    const { problems, editable } = parseServersFile(text);
    expect(problems.map((problem) => problem.line)).toEqual([line]);
    expect(problems[0]?.message).toMatch(/^Not valid JSON here: /);
    expect(editable).toBe(false);
  });

  test.each([
    ['[]', 'must hold an object', false],
    ['5', 'must hold an object', false],
    [`{ "servers": [${entry('a')}] }`, '"version" must be 1', true],
    [`{ "version": "1", "servers": [${entry('a')}] }`, '"version" must be 1', true],
    [`{ "version": 2, "servers": [${entry('a')}] }`, 'update the extension', false],
    ['{ "version": 1 }', '"servers" must be a list', true],
    ['{ "version": 1, "servers": {} }', '"servers" must be a list', true],
  ])('%s is told: %s', (text, message, editable) => {
    const parsed = parseServersFile(text);
    expect(parsed.problems.map((problem) => problem.message.includes(message))).toEqual([true]);
    expect(parsed.editable).toBe(editable);
  });

  test('entries of a newer file are left alone, those of one without a version are used', () => {
    expect(idsOf(`{ "version": 2, "servers": [${entry('a')}] }`)).toEqual([]);
    expect(idsOf(`{ "servers": [${entry('a')}] }`)).toEqual(['a']);
  });
});

describe('neighbours', () => {
  const good = ['one', 'two', 'three'];
  const withBroken = (broken: string, place: number): string =>
    file(...good.slice(0, place).map((id) => entry(id)), broken, ...good.slice(place).map((id) => entry(id)));

  test('good entries survive any neighbour that is JSON', () => {
    const field = fc.constantFrom('id', 'name', 'game', 'launch', 'stop', 'patterns', '__proto__', 'toString');
    const value = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .record({ id: fc.constantFrom('one', 'x', 'HOST', ''), name: fc.jsonValue(), launch: fc.jsonValue() })
        .map(toJson),
      fc.array(fc.tuple(field, fc.json({ maxDepth: 2 }))).map((fields) => {
        const members = fields.map(([key, text]) => `${toJson(key)}: ${text}`);
        return `{ ${members.join(', ')} }`;
      }),
    );
    fc.assert(
      fc.property(value, fc.nat(3), (broken, place) => {
        const ids = idsOf(withBroken(broken, place));
        return good.every((id) => ids.includes(id));
      }),
      { numRuns: 300 },
    );
  });

  test('those in front of a slip survive it', () => {
    const slips = ['{ "id": "x" "name": 5 }', '{ "id": }', '{ id: 1 }', '"open', '{', '[', '}', '@', '/* open', '1.e'];
    for (const slip of slips) {
      for (let place = 0; place <= good.length; place++) {
        const { definitions, problems, editable } = parseServersFile(withBroken(slip, place));
        const ids = definitions.map((definition) => definition.id);
        expect(ids, `${slip} at ${place}`).toEqual(expect.arrayContaining(good.slice(0, place)));
        expect(problems.length, slip).toBe(1);
        expect(problems[0]!.line, slip).toBeGreaterThanOrEqual(place + 2);
        expect(editable, slip).toBe(false);
      }
    }
  });
});

test('a faulty entry in front of a slip costs no other entry, and the slip is what is told', () => {
  const text = file(entry('one'), '{ "id": "faulty" }', entry('two'), '{ "id": "x" "name": 5 }');
  expect(idsOf(text)).toEqual(['one', 'two']);
  expect(placesOf(text).map(([line]) => line)).toEqual([5]);
});

describe('never throws', () => {
  const pieces = [
    ...['{', '}', '[', ']', ',', ':', '"', '\\', '\n', '\r\n', '//', '/*', '*/', '\ufeff', '\0', '1e9', '-', 'null'],
    ...['"version": 1', '"servers"', '"id": "a"', '"launch"', '"__proto__"', entry('a'), file(entry('a'))],
  ];
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
    // A good file with a piece cut out of it.
    fc.tuple(fc.nat(200), fc.nat(200)).map(([from, length]) => {
      const whole = file(entry('a'), entry('b'));
      return whole.slice(0, from) + whole.slice(from + length);
    }),
  );

  test('for any text, and every problem is in the text', () => {
    fc.assert(
      fc.property(text, (given) => {
        const { problems, definitions, editable } = parseServersFile(given);
        const lines = given.split('\n').length;
        const inside = problems.every(({ line, column }) => line >= 1 && line <= lines && column >= 1);
        const unique = new Set(definitions.map(({ id }) => id)).size === definitions.length;
        return inside && unique && (editable || problems.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['opened only', '['.repeat(50_000)],
    ['inside an entry', `{ "version": 1, "servers": [${'['.repeat(20_000)}${']'.repeat(20_000)}] }`],
  ])('for brackets without end, %s', (_, deep) => {
    expect(parseServersFile(deep).definitions).toEqual([]);
  });
});
