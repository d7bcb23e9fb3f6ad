import { describe, expect, test } from 'vitest';
import { gameRow, games, sayingLine } from '../../../src/shared/games.js';

const contractIds =
  'palworld minecraft minecraft-bedrock ark-se ark-sa valheim terraria factorio rust 7dtd cs2 satisfactory ' +
  'project-zomboid v-rising enshrouded core-keeper dst luanti openttd quake3 teeworlds armagetron freeciv bzflag ' +
  'demo other';

describe('the catalogue', () => {
  test('has exactly the games of the contract, each once', () => {
    expect(games.map((row) => row.id)).toEqual(contractIds.split(' '));
  });

  test('finds a row by its id, and none for anything else', () => {
    for (const row of games) expect(gameRow(row.id)).toBe(row);
    for (const id of ['', 'Palworld', 'toString', '__proto__']) expect(gameRow(id)).toBeUndefined();
  });
});

describe('the line that tells players a text', () => {
  test.each([
    ['say {text}', 'a "b" \\ c', 'say a "b" \\ c'],
    ['say "{text}"', 'back at 5', 'say "back at 5"'],
    // Nothing behind a quotation mark in the text may become a command.
    ['say "{text}"', 'x"; shutdown; say "y', `say "x'; shutdown; say 'y"`],
    ['say "{text}"', 'x\\', 'say "x/"'],
    ['say {text}', "$& $' {text}", "say $& $' {text}"],
  ])('%s with %s', (sayLine, text, line) => {
    expect(sayingLine(sayLine, text)).toBe(line);
  });
});
