import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { givenSecrets } from '../../../../src/core/secrets/given.js';
import { readSecretFile, tableText, type SecretTable } from '../../../../src/core/secrets/secretFile.js';
import { thrownBy } from '../../node/support/failing.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const plain = '{"survival":{"rconPassword":"hunter2"}}';

function file(text: string, mode = 0o600, name = 'given.json'): string {
  fs.writeFileSync(at(name), text);
  fs.chmodSync(at(name), mode);
  return at(name);
}

const valuesOf = (table: SecretTable): unknown =>
  Object.fromEntries(
    [...table].map(([id, secrets]) => [id, Object.fromEntries([...secrets].map(([key, { value }]) => [key, value]))]),
  );
const refusal = (path: string): string => String(thrownBy(() => readSecretFile(path, 'mode')));

describe('a file of secrets', () => {
  test.each([0o600, 0o400])('with mode %o is read, and is as old as it is', (mode) => {
    const given = file('\ufeff' + plain, mode);
    fs.utimesSync(given, 1_700_000_000, 1_700_000_000);
    const table = readSecretFile(given, 'mode');
    expect(table.get('survival')?.get('rconPassword')).toEqual({ value: 'hunter2', at: 1_700_000_000_000 });
  });

  test('that was written here is read as it was, times included', () => {
    const table: SecretTable = new Map([['a', new Map([['webhook.main', { value: 'https://x/"y"', at: 5 }]])]]);
    expect(readSecretFile(file(tableText(table)), 'mode')).toEqual(table);
  });

  test.each([0o644, 0o640, 0o660, 0o604, 0o700, 0o777])('with mode %o is refused, and says what to do', (mode) => {
    expect(refusal(file(plain, mode))).toMatch(/has mode 0[0-7]{3}; only its owner may read it: chmod 600$/);
  });

  test('that is a link, a folder or a pipe is refused at once', () => {
    fs.symlinkSync(file(plain), at('link'));
    expect(refusal(at('link'))).toMatch(/is not a regular file$/);
    fs.mkdirSync(at('folder'));
    expect(refusal(at('folder'))).toMatch(/is not a regular file$/);
    execFileSync('mkfifo', ['-m', '600', at('pipe')]);
    expect(refusal(at('pipe'))).toMatch(/is not a regular file$/);
  });

  test('of another user is refused', ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can give a file away');
    const given = file(plain);
    fs.chownSync(given, 65_534, 65_534);
    expect(refusal(given)).toMatch(/belongs to another user$/);
  });

  test('that is not there, or too large, is refused', () => {
    expect(refusal(at('none'))).toMatch(/cannot be read \(ENOENT\)$/);
    expect(refusal(file('x'.repeat(1024 * 1024 + 1)))).toMatch(/larger than 1 MB$/);
  });

  test.each([
    'hunter2',
    '["hunter2"]',
    '{"rconPassword":"hunter2"}',
    '{"survival":{"hunter2":"rconPassword"}}',
    '{"survival":{"rconPassword":{"hunter2":1}}}',
    '{"survival":{"rconPassword":""}}',
    '{"survival":{"rconPassword":"hunter2\\n"}}',
  ])('that holds %s is refused without a word of what is in it', (text) => {
    const said = refusal(file(text));
    expect(said).toMatch(/given\.json (is not valid JSON|must hold )/);
    expect(said).not.toContain('hunter2');
  });
});

describe('handed over at the start', () => {
  const other = '{"survival":{"restPassword":"other"}}';

  test('by a file, else by the service manager, else nothing', () => {
    const given = file(plain);
    file(other, 0o440, 'game-server-panel');
    const env = { CREDENTIALS_DIRECTORY: at() };
    expect(valuesOf(givenSecrets(given, env, 'linux'))).toEqual({ survival: { rconPassword: 'hunter2' } });
    expect(valuesOf(givenSecrets(null, env, 'linux'))).toEqual({ survival: { restPassword: 'other' } });
    expect(givenSecrets(null, {}, 'linux').size).toBe(0);
    expect(givenSecrets(null, { CREDENTIALS_DIRECTORY: 'relative' }, 'linux').size).toBe(0);
  });

  test('a service without a credential of ours starts, one that everybody can read does not', () => {
    const env = { CREDENTIALS_DIRECTORY: at() };
    fs.mkdirSync(at(), { recursive: true });
    expect(givenSecrets(null, env, 'linux').size).toBe(0);
    file(other, 0o644, 'game-server-panel');
    expect(String(thrownBy(() => givenSecrets(null, env, 'linux')))).toMatch(/can be read by everybody$/);
  });

  test('on Windows without its native part it is said that it cannot be checked', () => {
    const given = file(plain);
    expect(String(thrownBy(() => givenSecrets(given, {}, 'win32')))).toMatch(
      /who may read it cannot be looked at here$/,
    );
  });
});
