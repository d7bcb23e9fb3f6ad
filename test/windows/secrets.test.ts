import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { checkAccessList } from '../../src/core/secrets/accessList.js';
import { givenSecrets } from '../../src/core/secrets/given.js';
import { keepingFor } from '../../src/core/secrets/keeping.js';
import { Secrets } from '../../src/core/secrets/secrets.js';
import { fileUsers, ownSid } from '../../src/node/windows/fileAccess.js';
import { windowsFunction } from '../../src/node/windows/native.js';
import { protectData, unprotectData } from '../../src/node/windows/protectedData.js';

const folder = fs.mkdtempSync(path.join(process.env.GSP_WINDOWS_TEMP ?? os.tmpdir(), 'secrets-'));
after(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});
const remembered = path.join(folder, 'secrets.json');

const system = 'S-1-5-18';

/** Everything to these and nobody else. */
function grant(file: string, sids: readonly string[]): void {
  const list = `D:P${sids.map((sid) => `(A;;FA;;;${sid})`).join('')}`;
  const held = Buffer.alloc(8);
  const read = windowsFunction<(text: string, revision: number, to: Buffer, bytes: null) => number>(
    'advapi32.dll',
    'int ConvertStringSecurityDescriptorToSecurityDescriptorW(str16, uint32_t, void*, void*)',
  );
  const set = windowsFunction<(file: string, what: number, descriptor: number) => number>(
    'advapi32.dll',
    'int SetFileSecurityW(str16, uint32_t, intptr_t)',
  );
  assert.equal(read(list, 1, held, null), 1);
  // DACL_SECURITY_INFORMATION; the descriptor is left to the end of this process.
  assert.equal(set(file, 0x4, Number(held.readBigUInt64LE(0))), 1);
}

const logged: string[] = [];
function secrets(): Secrets {
  const some = new Secrets({
    ...{ dataDir: folder, given: new Map(), keeping: keepingFor('win32') },
    log: { write: (level, tag, text) => logged.push(`${level} ${tag} ${text}`) },
    own: () => undefined,
    changed: () => undefined,
  });
  some.remember(true);
  return some;
}

test('bytes are protected, and undone again', () => {
  for (const plain of [Buffer.from('hunter2'), Buffer.alloc(100_000, 7), Buffer.of(0)]) {
    const hidden = protectData(plain);
    assert.ok(hidden !== undefined && hidden.length > plain.length);
    assert.equal(hidden.includes(plain), plain.length === 1 ? hidden.includes(0) : false);
    assert.deepEqual(unprotectData(hidden), plain);
  }
});

test('bytes that were changed, cut, or never protected are refused', () => {
  const hidden = protectData(Buffer.from('hunter2'));
  assert.ok(hidden !== undefined);
  const changed = Buffer.from(hidden);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  for (const bytes of [changed, hidden.subarray(0, 40), Buffer.alloc(200), Buffer.alloc(0)]) {
    assert.equal(unprotectData(bytes), undefined);
  }
});

test('a password is remembered over a restart, and the file does not show it', () => {
  secrets().set('survival', 'rconPassword', 'hunter2');
  const text = fs.readFileSync(remembered, 'utf8');
  assert.equal(text.includes('hunter2'), false);
  assert.equal(Buffer.from((JSON.parse(text) as { protected: string }).protected, 'base64').includes('hunter2'), false);
  assert.equal(secrets().kept('survival', 'rconPassword'), 'hunter2');
  assert.deepEqual(logged, []);
});

test('a file that was tampered with is a warning, and stays', () => {
  const { protected: hidden } = JSON.parse(fs.readFileSync(remembered, 'utf8')) as { protected: string };
  const bytes = Buffer.from(hidden, 'base64');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  const text = JSON.stringify({ protected: bytes.toString('base64') });
  fs.writeFileSync(remembered, text);
  assert.equal(secrets().kept('survival', 'rconPassword'), undefined);
  assert.deepEqual(logged, ['warn secrets what was remembered is not readable']);
  assert.equal(fs.readFileSync(remembered, 'utf8'), text);
});

test('who may use a file is told by its list, and --secrets takes only one for its owner', () => {
  const file = path.join(folder, 'given.json');
  fs.writeFileSync(file, JSON.stringify({ survival: { rconPassword: 'hunter2' } }));
  const self = ownSid() ?? '';
  assert.match(self, /^S-1-5-21-/);
  const given = (): string | undefined => givenSecrets(file, {}, 'win32').get('survival')?.get('rconPassword')?.value;
  grant(file, [self]);
  assert.deepEqual(
    fileUsers(file)?.users?.filter((sid) => sid !== system),
    [self],
  );
  assert.equal(given(), 'hunter2');
  grant(file, [self, 'S-1-1-0']);
  assert.ok(fileUsers(file)?.users?.includes('S-1-1-0'));
  assert.throws(given, /is open to Everyone; only you may read it: icacls/);
  assert.equal(fileUsers(path.join(folder, 'none')), undefined);
  assert.throws(() => {
    checkAccessList(folder);
  }, /is not a regular file/);
});
