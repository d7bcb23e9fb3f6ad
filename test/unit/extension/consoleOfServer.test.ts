import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServerView } from '../../../src/shared/contract.js';
import { useTempFolder } from '../node/support/tempFolder.js';
import { t } from './fixtures.js';

const said = vi.hoisted(() => ({
  commands: [] as unknown[][],
  messages: [] as string[],
  documents: [] as unknown[][],
  terminals: [] as { isTransient?: boolean; pty: object }[],
}));

vi.mock('vscode', () => {
  class EventEmitter {
    private readonly listeners: ((value: unknown) => void)[] = [];
    readonly event = (listener: (value: unknown) => void): void => void this.listeners.push(listener);
    fire(value: unknown): void {
      for (const listener of this.listeners) listener(value);
    }
    dispose(): void {}
  }
  return {
    EventEmitter,
    ThemeIcon: Object,
    env: { language: 'en' },
    l10n: { t: (message: string, ...args: (string | number)[]) => t(message, ...args) },
    Uri: { file: (fsPath: string) => ({ fsPath }) },
    commands: { executeCommand: async (...args: unknown[]) => void said.commands.push(args) },
    workspace: {
      openTextDocument: async (file: { fsPath: string }, options: { encoding: string }) => {
        if (options.encoding === 'klingon') throw new Error('unknown');
        return [file.fsPath, options.encoding];
      },
    },
    window: {
      showTextDocument: async (document: unknown[]) => void said.documents.push(document),
      showInformationMessage: async (text: string) => void said.messages.push(text),
      createTerminal: (options: (typeof said.terminals)[number]) => {
        said.terminals.push(options);
        return { show: () => undefined, dispose: () => undefined };
      },
    },
  };
});

const { openLog } = await import('../../../src/extension/console/openLog.js');
const { Consoles } = await import('../../../src/extension/console/consoles.js');
const { ServerTerminal } = await import('../../../src/extension/console/serverTerminal.js');
type Parts = ConstructorParameters<typeof ServerTerminal>[1];

const at = useTempFolder();
const server: Pick<ServerView, 'id' | 'name'> = { id: 'demo', name: 'Demo Server' };
beforeEach(() => {
  for (const list of Object.values(said)) list.length = 0;
});

describe('Open Log File', () => {
  test('opens what the server has printed', async () => {
    const file = at('logs', 'demo', 'console.log');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, 'ready\n');
    await openLog(at(), [server]);
    expect(said.commands).toEqual([['vscode.open', { fsPath: file }, { preview: false }]]);
    expect(said.messages).toEqual([]);
  });

  test.each([
    ['euc-kr', 'euckr'],
    ['shift_jis', 'shiftjis'],
    ['big5', 'cp950'],
    ['ibm437', 'cp437'],
    ['windows-1252', 'windows1252'],
    ['klingon', undefined],
  ])('in %s', async (encoding, name) => {
    const file = at('logs', 'demo', 'console.log');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, 'ready\n');
    await openLog(at(), [{ ...server, encoding }]);
    expect(said.documents).toEqual(name === undefined ? [] : [[file, name]]);
    expect(said.commands).toHaveLength(name === undefined ? 1 : 0);
  });

  test('says so where a server has printed nothing', async () => {
    await openLog(at(), [server]);
    expect(said.commands).toEqual([]);
    expect(said.messages).toEqual(['Demo Server has printed nothing yet.']);
  });
});

/** A window without a connection: enough for what a terminal does by itself. */
const parts = {
  client: { current: { at: 'down' }, on: () => ({ dispose: () => undefined }) },
  mirror: { get: () => server, onDidChangeConnection: () => ({ dispose: () => undefined }) },
  subscription: { follow: async () => undefined, unfollow: () => undefined },
  log: {},
} as unknown as Parts;

describe('a console', () => {
  test('says how much of a flood was passed over, and that something may be missed', () => {
    const terminal = new ServerTerminal('demo', parts, () => undefined);
    let shown = '';
    terminal.onDidWrite((data) => (shown += data));
    terminal.open(undefined);
    terminal.take(['before'], 0);
    expect(shown).not.toContain('skipped');
    terminal.take(['line 9000'], 12 * 1024 * 1024);
    expect(shown).toMatch(
      /\(12 MB skipped: the server prints faster than can be read; patterns may be missed\)[^]*line 9000/,
    );
  });

  test('does not come back as a plain shell after a reload', () => {
    new Consoles(parts).show([server]);
    expect(said.terminals).toEqual([expect.objectContaining({ name: 'Demo Server', isTransient: true })]);
  });
});
