import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isServerId, serverIdFor } from '../../../src/shared/serverId.js';

const none = new Set<string>();

describe('isServerId', () => {
  test.each(['a', '0', '7dtd', 'ark-sa', 'a'.repeat(40), 'com10', 'lpt', 'host-1', 'a--b', 'trailing-'])(
    'takes %s',
    (id) => {
      expect(isServerId(id)).toBe(true);
    },
  );

  test.each([
    ...['', '-a', 'A', 'a b', 'a_b', 'a.b', 'a/b', 'ä', '../a', 'a\n', 'a\0', 'a'.repeat(41), '서버'],
    ...['host', 'monitor', 'all', 'con', 'prn', 'aux', 'nul', 'com0', 'com1', 'com9', 'lpt1', 'lpt9'],
  ])('refuses %j', (id) => {
    expect(isServerId(id)).toBe(false);
  });
});

describe('serverIdFor', () => {
  test.each([
    ['My Server', 'my-server'],
    ['  Palworld #1!  ', 'palworld-1'],
    ['Café', 'cafe'],
    ['팰월드 서버', 'server'],
    ['', 'server'],
    ['---', 'server'],
    ['CON', 'con-server'],
    ['host', 'host-server'],
    ['COM1', 'com1-server'],
    ['ﬁne', 'fine'],
  ])('makes of %j the id %s', (name, id) => {
    expect(serverIdFor(name, none)).toBe(id);
  });

  test('puts a number behind a taken one, the lowest that is free', () => {
    expect(serverIdFor('Demo', new Set(['demo']))).toBe('demo-2');
    expect(serverIdFor('Demo', new Set(['demo', 'demo-2', 'demo-4']))).toBe('demo-3');
  });

  test('is never invalid and never taken, whatever the name and whatever there is', () => {
    const words = ['con', 'com1', 'host', 'Server', 'server', 'a'.repeat(60), '-', ' ', '2', 'é', '서'];
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(name, fc.nat(12), (text, others) => {
        const taken = new Set<string>();
        for (let n = 0; n <= others; n++) {
          const id = serverIdFor(text, taken);
          if (!isServerId(id) || taken.has(id)) return false;
          taken.add(id);
        }
        return true;
      }),
    );
  });

  test('leaves room for a number behind the longest name', () => {
    const taken = new Set<string>();
    for (let n = 0; n < 150; n++) taken.add(serverIdFor('x'.repeat(80), taken));
    expect(taken.size).toBe(150);
    expect([...taken].every(isServerId)).toBe(true);
  });
});
