import fs from 'node:fs';
import os from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PosixStarter } from '../../../../src/launcher/posix/posixStarter.js';
import { Processes } from '../../../../src/launcher/processes.js';
import type { LaunchedProcess, SpawnRequest } from '../../../../src/shared/launcherProtocol.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
afterEach(() => {
  vi.restoreAllMocks();
});

/** Starts a program that ends by itself, and waits for that. */
async function launched(priority?: SpawnRequest['priority']): Promise<LaunchedProcess> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const processes = new Processes(new PosixStarter(at()), () => {
    end();
  });
  fs.mkdirSync(at('run'), { recursive: true });
  const plain = { id: 'a', nonce: 'n', command: '/bin/sh', args: ['-c', 'exit 0'], cwd: '/', env: {} };
  const process = await processes.spawn({ ...plain, consoleFile: at('console.log'), ...(priority && { priority }) });
  await ended;
  return process;
}

function refusing(code: string): { readonly mock: { readonly calls: unknown[][] } } {
  return vi.spyOn(os, 'setPriority').mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });
}

describe.skipIf(process.platform === 'win32')('a priority above normal', () => {
  test.each(['EACCES', 'EPERM'])('that the system refuses (%s) is told of the process, which runs', async (code) => {
    refusing(code);
    expect(await launched('above-normal')).toMatchObject({ id: 'a', priorityRefused: true });
  });

  test('that it allows, or that nobody asks for, is not', async () => {
    const asked = vi.spyOn(os, 'setPriority').mockReturnValue();
    expect(await launched('above-normal')).not.toHaveProperty('priorityRefused');
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    const refused = refusing('EACCES');
    expect(await launched()).not.toHaveProperty('priorityRefused');
    expect(refused.mock.calls).toEqual([]);
  });

  test('of a process that has ended already was not refused', async () => {
    refusing('ESRCH');
    expect(await launched('above-normal')).not.toHaveProperty('priorityRefused');
  });
});
