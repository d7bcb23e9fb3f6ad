import { expect, test } from 'vitest';
import { launchRequest } from '../../../../src/core/lifecycle/launchRequest.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { effective } from '../../../../src/shared/definition.js';

const farewell = (change: Partial<Definition>): unknown => {
  const definition = { id: 'a', name: 'A', game: 'other', launch: { command: '/bin/true' }, ...change };
  return launchRequest(effective(definition), '/d', 'n', '/d/console.log').farewell;
};

test('the encoding of the console is told where there is one', () => {
  const request = (encoding?: string): object => {
    const definition = { id: 'a', name: 'A', game: 'other', launch: { command: '/bin/true' } };
    return launchRequest(effective(definition), '/d', 'n', '/d/console.log', encoding);
  };
  expect(request('euc-kr')).toMatchObject({ encoding: 'euc-kr' });
  expect(request()).not.toHaveProperty('encoding');
});

test('the farewell is what saves, then what stops; only the signal where nothing is heard on stdin', () => {
  const rest = { signal: 'SIGTERM', graceSeconds: 60 };
  expect(farewell({ game: 'minecraft' })).toEqual({ lines: ['save-all flush', 'stop'], ...rest });
  expect(farewell({ game: 'other', stop: { line: 'bye' } })).toEqual({ lines: ['bye'], ...rest });
  expect(farewell({ game: 'teeworlds', connection: { econPort: 8303 } })).toMatchObject({ lines: [] });
  expect(farewell({ game: 'other' })).toEqual({ lines: [], ...rest });
  const own = { signal: 'SIGINT', graceSeconds: 5 };
  expect(farewell({ game: 'minecraft', stop: own })).toEqual({ lines: [], ...own });
});

test('the priority is passed on where it is more than the usual', () => {
  const request = (change: Partial<Definition>): object => {
    const definition = { id: 'a', name: 'A', game: 'other', launch: { command: '/bin/true' }, ...change };
    return launchRequest(effective(definition), '/d', 'n', '/d/console.log');
  };
  expect(request({ priority: 'above-normal' })).toMatchObject({ priority: 'above-normal' });
  expect(request({ priority: 'normal' })).not.toHaveProperty('priority');
  expect(request({})).not.toHaveProperty('priority');
});
