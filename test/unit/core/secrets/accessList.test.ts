import { describe, expect, test } from 'vitest';
import { whyNotPrivate } from '../../../../src/core/secrets/accessList.js';
import { fileUsersOf } from '../../../../src/node/windows/securityDescriptor.js';

const self = 'S-1-5-21-1-2-3-1001';
const system = 'S-1-5-18';
const administrators = 'S-1-5-32-544';
const everyone = 'S-1-1-0';
const read = 0x0012_0089;
const full = 0x001f_01ff;
const executeOnly = 0x0012_00a0;
const kinds = { allowed: 0, denied: 1, object: 5 };

function sid(text: string): Buffer {
  const [revision = 0, authority = 0, ...parts] = text.split('-').slice(1).map(Number);
  const bytes = Buffer.alloc(8 + 4 * parts.length);
  bytes.writeUInt8(revision, 0);
  bytes.writeUInt8(parts.length, 1);
  bytes.writeUIntBE(authority, 2, 6);
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + 4 * index);
  return bytes;
}

function entry(who: string, rights: number, { kind = kinds.allowed, flags = 0 } = {}): Buffer {
  const head = Buffer.alloc(8);
  const id = sid(who);
  head.writeUInt8(kind, 0);
  head.writeUInt8(flags, 1);
  head.writeUInt16LE(head.length + id.length, 2);
  head.writeUInt32LE(rights, 4);
  return Buffer.concat([head, id]);
}

/** As Windows hands it out: owner and list behind the head. */
function descriptor(owner: string, entries: Buffer[] | undefined): Buffer {
  const head = Buffer.alloc(20);
  const id = sid(owner);
  head.writeUInt8(1, 0);
  head.writeUInt16LE(entries === undefined ? 0x8000 : 0x8004, 2);
  head.writeUInt32LE(head.length, 4);
  if (entries === undefined) return Buffer.concat([head, id]);
  head.writeUInt32LE(head.length + id.length, 16);
  const list = Buffer.alloc(8);
  list.writeUInt8(2, 0);
  list.writeUInt16LE(8 + entries.reduce((sum, { length }) => sum + length, 0), 2);
  list.writeUInt16LE(entries.length, 4);
  return Buffer.concat([head, id, list, ...entries]);
}

const usual = [entry(system, full), entry(administrators, full), entry(self, full)];
const why = (owner: string, entries: Buffer[] | undefined): string | undefined => {
  const users = fileUsersOf(descriptor(owner, entries));
  if (users === undefined) throw new Error('not understood');
  return whyNotPrivate('C:\\s.json', users, self);
};

describe('a file with secrets on Windows', () => {
  test('is private in the folder of its user, and where an administrator has made it', () => {
    expect(why(self, usual)).toBeUndefined();
    expect(why(administrators, usual)).toBeUndefined();
    expect(why(self, [entry(self, read)])).toBeUndefined();
    expect(why(self, [entry('S-1-3-4', full)])).toBeUndefined();
    expect(why(self, [])).toBeUndefined();
  });

  test.each([
    ['read it', entry(everyone, read)],
    ['change it', entry(everyone, 0x0002)],
    ['take it', entry(everyone, 0x0008_0000)],
    ['do all', entry(everyone, 0x1000_0000)],
    ['read it, in general words', entry(everyone, 0x8000_0000)],
  ])('is not where everybody may %s', (_, one) => {
    expect(why(self, [...usual, one])).toBe(
      'C:\\s.json is open to Everyone; only you may read it: icacls "C:\\s.json" /inheritance:r /grant:r "%USERNAME%:F"',
    );
  });

  test('is not without a list, with another owner, or with an entry that is not understood', () => {
    expect(why(self, undefined)).toMatch(/is open to Everyone/);
    expect(why('S-1-5-21-1-2-3-1002', usual)).toBe('C:\\s.json belongs to another user (S-1-5-21-1-2-3-1002)');
    expect(why(self, [...usual, entry('S-1-5-32-545', read), entry('S-1-5-21-1-2-3-9', read)])).toMatch(
      /is open to Users, S-1-5-21-1-2-3-9;/,
    );
    expect(why(self, [...usual, entry(everyone, read, { kind: kinds.object })])).toMatch(/is open to entry of kind 5/);
  });

  test('denials, what is only handed down, and what reads nothing do not count', () => {
    expect(why(self, [entry(everyone, full, { kind: kinds.denied }), ...usual])).toBeUndefined();
    expect(why(self, [...usual, entry(everyone, full, { flags: 0x0b })])).toBeUndefined();
    expect(why(self, [...usual, entry(everyone, executeOnly)])).toBeUndefined();
  });

  test('is not judged by half a descriptor', () => {
    const whole = descriptor(self, usual);
    for (let length = 0; length < whole.length; length++) {
      expect(fileUsersOf(whole.subarray(0, length))).toBeUndefined();
    }
  });
});
