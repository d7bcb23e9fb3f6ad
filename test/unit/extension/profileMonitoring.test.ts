import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CoreClient } from '../../../src/extension/coreClient.js';
import { profileMonitoring } from '../../../src/extension/commands/profileMonitoring.js';
import { Failure } from '../../../src/shared/failure.js';
import { failing } from '../node/support/failing.js';
import { useTempFolder } from '../node/support/tempFolder.js';
import { t } from './fixtures.js';

const window = vi.hoisted(() => ({
  commands: [] as unknown[][],
  said: [] as string[],
  answer: undefined as string | undefined,
  isCancellable: undefined as boolean | undefined,
  cancel: (): void => undefined,
}));

vi.mock('vscode', () => ({
  l10n: { t: (...args: Parameters<typeof t>) => t(...args) },
  ProgressLocation: { Notification: 15 },
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  commands: { executeCommand: async (...args: unknown[]) => window.commands.push(args) },
  window: {
    showInformationMessage: async (text: string) => {
      window.said.push(text);
      return window.answer;
    },
    withProgress: async (options: { cancellable: boolean }, work: (...args: unknown[]) => unknown) => {
      window.isCancellable = options.cancellable;
      const token = {
        onCancellationRequested: (listener: () => void) => {
          window.cancel = listener;
          return { dispose: () => undefined };
        },
      };
      return await work({ report: () => undefined }, token);
    },
  },
}));

const at = useTempFolder();
const client = (request: CoreClient['request']): Pick<CoreClient, 'request'> => ({ request });
beforeEach(() => {
  Object.assign(window, { commands: [], said: [], answer: undefined });
});

describe('profile monitoring', () => {
  test('asks for 30 s, opens what was recorded, and says where it is', async () => {
    window.answer = 'Show in Folder';
    const asked: unknown[] = [];
    await profileMonitoring(
      client(async (method: string, params: object, options: { timeoutMs: number }) => {
        asked.push(method, params);
        expect(options.timeoutMs).toBeGreaterThan(30_000);
        return params;
      }),
      at(),
    );
    const [method, params] = asked as [string, { seconds: number; path: string }];
    expect([method, params.seconds, window.isCancellable]).toEqual(['core/profile', 30, true]);
    expect(path.dirname(params.path)).toBe(path.join(at(), 'logs'));
    expect(path.basename(params.path)).toMatch(/^monitoring-\d{4}-\d\d-\d\d-\d{6}\.cpuprofile$/);
    expect(fs.existsSync(path.dirname(params.path))).toBe(true);
    await vi.waitFor(() => expect(window.commands).toHaveLength(2));
    expect(window.commands).toEqual([
      ['vscode.open', { fsPath: params.path }],
      ['revealFileInOS', { fsPath: params.path }],
    ]);
    expect(window.said).toEqual([`The recording is in ${params.path}.`]);
  });

  test('called off, it says and opens nothing', async () => {
    const recording = profileMonitoring(
      client(async (_: string, __: object, { signal }: { signal: AbortSignal }) => {
        setTimeout(() => window.cancel(), 10);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Failure('cancelled');
      }),
      at(),
    );
    await recording;
    expect([window.commands, window.said]).toEqual([[], []]);
  });

  test('what cannot be recorded is told by who called', async () => {
    const refused = client(async () => await Promise.reject(new Failure('busy', { what: 'profile' })));
    await expect(profileMonitoring(refused, at())).rejects.toSatisfy(failing('busy'));
    expect(window.commands).toEqual([]);
  });
});
