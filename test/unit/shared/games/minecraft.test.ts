import { describe, expect, test } from 'vitest';
import { gameRow } from '../../../../src/shared/games.js';

const { patterns = {}, echo = '' } = gameRow('minecraft')!;
type Name = 'ready' | 'saveBegin' | 'saveEnd' | 'join' | 'leave' | 'stopping' | 'crash';
const names = ['ready', 'saveBegin', 'saveEnd', 'join', 'leave', 'stopping', 'crash'] as const;

const vanilla = '[12:00:00] [Server thread/INFO]: ';
const paper = '[12:00:00 INFO]: ';
const neoForge = '[18:12:54] [Server thread/INFO] [minecraft/MinecraftServer]: ';
const heads = [vanilla, paper, neoForge, '[31Jul2026 03:20:00.123] [Server thread/INFO] [net.minecraft.x/]: '];
/** What 26.3 puts before whatever it says to all. */
const ways = heads.flatMap((head) => [head, `${head}System chat: `]);

/** The patterns that a line matches, with what they found. */
function found(line: string): object {
  const matches = names.map((name) => [name, new RegExp(patterns[name]!, 'u').exec(line)] as const);
  return Object.fromEntries(matches.flatMap(([name, match]) => (match === null ? [] : [[name, match[1] ?? true]])));
}

describe('lines that say something', () => {
  test.each<[Name, string, string | true]>([
    ['saveBegin', 'Saving the game (this may take a moment!)', true],
    ['saveBegin', 'Saving...', true],
    ['saveEnd', 'Saved the game', true],
    ['saveEnd', 'Saved the world', true],
    ['saveEnd', '[Rcon: Saved the game]', true],
    ['saveEnd', '[Alex_1: Saved the game]', true],
    ['saveEnd', '\u001b[3m\u001b[37m[Rcon: Saved the game]\u001b[0m', true],
    ['stopping', 'Stopping the server', true],
    ['stopping', 'Stopping server', true],
    ['stopping', '[Rcon: Stopping the server]', true],
    ['stopping', '\u001b[3m\u001b[37m[Rcon: Stopping the server]\u001b[0m', true],
    ['join', 'Alex_1 joined the game', 'Alex_1'],
    ['join', '.Bedrock_Player joined the game', '.Bedrock_Player'],
    ['join', '*Bedrock joined the game', '*Bedrock'],
    ['join', '\u001b[93mHypixelite joined the game\u001b[0m', 'Hypixelite'],
    ['join', 'Alex (formerly known as Alex_1) joined the game', 'Alex'],
    ['leave', 'Alex_1 left the game', 'Alex_1'],
    ['leave', '\u001b[93mHypixelite left the game\u001b[0m', 'Hypixelite'],
  ])('%s: %s', (name, text, what) => {
    for (const way of ways) expect(found(way + text), way).toEqual({ [name]: what });
  });

  test.each<[Name, string]>([
    ['ready', 'Done (9.871s)! For help, type "help"'],
    ['ready', 'Done (1,044.8s)! For help, type "help" or "?"'],
    ['crash', 'This crash report has been saved to: /data/crash-reports/crash-2026-server.txt'],
  ])('%s: %s', (name, text) => {
    for (const head of heads) expect(found(head + text), head).toEqual({ [name]: true });
  });
});

describe('what a player says, or does, is nothing of the game', () => {
  const said = [
    ...['Saved the game', 'Saving...', 'Saving the game (this may take a moment!)', '[Rcon: Saved the game]'],
    ...['Stopping the server', 'Stopping server', '[Rcon: Stopping the server]', 'System chat: Saved the game'],
    ...[
      'joined the game',
      'left the game',
      'Alex joined the game',
      'Alex left the game',
      'Done (1.0s)! For help, type "help"',
    ],
    ...['This crash report has been saved to: mars', `${vanilla}Saved the game`, `${vanilla}Alex left the game`],
  ];
  test.each(said)('%s', (text) => {
    const lines = ways.flatMap((way) => [
      ...[`${way}<bob> ${text}`, `${way}[Not Secure] <bob> ${text}`, `${way}* bob ${text}`, `${way}[bob] ${text}`],
      ...[`${way}[Server] ${text}`, `${way}[Not Secure] [Rcon] ${text}`, `${way}[VIP] <bob> ${text}`],
      ...[`${way}bob issued server command: /me ${text}`, `${way}bob was slain by ${text}`, `${way}bob: ${text}`],
      `[12:00:00] [Async Chat Thread - #0/INFO]: [Not Secure] <bob> ${text}`,
    ]);
    // Without the usual < > around a name, that a server is ready cannot be told from its being said: it matters only before.
    for (const line of lines) expect({ line, ...found(line), ready: 0 }).toEqual({ line, ready: 0 });
    for (const line of lines.filter((one) => one.includes('<'))) expect(found(line)).toEqual({});
  });

  test('nor is it for being long', () => {
    for (const piece of ['[', '[]', '[a] ', ' ', ':', 'Done (', '\u001b[3m']) {
      expect(found(piece.repeat(1000))).toEqual({});
    }
  });
});

describe('lines that only say that we have asked', () => {
  const isEcho = (line: string): boolean => new RegExp(echo, 'u').test(line);
  test.each([
    ['[12:00:00] [RCON Listener #1/INFO]: Thread RCON Client /127.0.0.1 started', true],
    ['[12:00:00] [RCON Client /127.0.0.1 #4/INFO]: Thread RCON Client /127.0.0.1 shutting down', true],
    ['[12:00:00 INFO]: Thread RCON Client /0:0:0:0:0:0:0:1 shutting down', true],
    ['[00:35:01] [RCON Listener #1/INFO]: Rcon connection from: /127.0.0.1', true],
    ['[16:13:21] [Server thread/INFO]: [Essentials] Rcon issued server command: /list', true],
    ['[16:13:21 INFO]: [Essentials] Rcon issued server command: /tick query', true],
    // Somebody else.
    ['[12:00:00] [RCON Listener #1/INFO]: Thread RCON Client /172.18.0.1 started', false],
    ['[16:13:21 INFO]: [Essentials] Rcon issued server command: /op Mallory', false],
    ['[16:13:21 INFO]: [Essentials] Rcon issued server command: /list uuids', false],
    ['[16:13:21 INFO]: [Rcon: Saved the game]', false],
    ['[16:13:21 INFO]: <bob> Thread RCON Client /127.0.0.1 started', false],
    ['[16:13:21 INFO]: RCON running on 0.0.0.0:25575', false],
  ])('%s: %s', (line, is) => {
    expect(isEcho(line)).toBe(is);
  });
});
