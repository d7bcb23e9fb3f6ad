import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseVdf } from '../../../../src/core/detection/vdf.js';

const libraries = `"libraryfolders"
{
	"contentstatsid"		"-123"
	"0"
	{
		"path"		"C:\\\\Program Files (x86)\\\\Steam" // the first
		"apps" { "896660"		"1" }
	}
	"1" { "path" "/mnt/games \\"here\\"" }
}
`;

test('reads what Steam writes', () => {
  expect(JSON.parse(JSON.stringify(parseVdf(libraries)))).toEqual({
    libraryfolders: {
      contentstatsid: '-123',
      '0': { path: 'C:\\Program Files (x86)\\Steam', apps: { '896660': '1' } },
      '1': { path: '/mnt/games "here"' },
    },
  });
});

test.each<[string, object]>([
  ['', {}],
  ['AppState { installdir Valheim }', { appstate: { installdir: 'Valheim' } }],
  ['"AppState" { "installdir" "Valh', { appstate: { installdir: 'Valh' } }],
  ['"AppState"\r\n{\r\n"installdir"\t\t"A B"\r\n', { appstate: { installdir: 'A B' } }],
  ['} } "a" "b" }', { a: 'b' }],
  ['"a" { "b" "1" } } "c" "2"', { a: { b: '1' }, c: '2' }],
  ['"a" "1" "A" "2"', { a: '2' }],
  ['"__proto__" { "x" "1" } "b" "2"', { ['__proto__']: { x: '1' }, b: '2' }],
  ['\ufeff"a" "b"', { a: 'b' }],
])('of %j it understands %j', (text, expected) => {
  expect(JSON.parse(JSON.stringify(parseVdf(text)))).toEqual(expected);
});

test('no text is too broken or too deep', () => {
  const part = fc.constantFrom('"', '{', '}', '\\', 'a', ' ', '\n', '//', '"a" {', '"k" "v"', '"path"');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      JSON.stringify(parseVdf(parts.join('')));
    }),
  );
  expect(() => JSON.stringify(parseVdf('"a" {'.repeat(100_000)))).not.toThrow();
});
