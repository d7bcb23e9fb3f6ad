import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/shared/failure.js';
import { sleep, until, useBench } from './support/bench.js';

const bench = useBench();
const write = (text: string): void => {
  fs.mkdirSync(bench().dataDir, { recursive: true });
  fs.writeFileSync(path.join(bench().dataDir, 'servers.json'), text);
};
const read = (): string => fs.readFileSync(path.join(bench().dataDir, 'servers.json'), 'utf8');
const entry = (id: string, more = ''): string =>
  `{ "id": "${id}", "name": "${id}", "game": "other", "launch": { "command": "/bin/true" }${more} }`;

test('good entries work beside faulty ones, and every fault has its line', async () => {
  const text = [
    '\ufeff{ // ours',
    '  "version": 1,',
    '  "servers": [',
    `    ${entry('good', ', "unknownField": [1, 2]')},`,
    `    ${entry('good')},`,
    '    { "id": "typo", "name": "Typo", "game": "palwrld", "launch": { "command": "x" } },',
    '    { "id": "types", "name": "Types", "game": "other",',
    '      "launch": { "command": 5 } },',
    `    ${entry('Bad Id')},`,
    `    ${entry('also-good')},`,
    '  ],',
    '}',
  ].join('\n');
  write(text);
  await bench().core();
  const connection = await bench().connect();
  const views = await connection.request('server/list', {});
  expect(views.map((view) => view.id)).toEqual(['good', 'also-good']);
  const problems = await connection.request('server/problems', {});
  expect(problems.map(({ line, id }) => [line, id])).toEqual([
    [5, 'good'],
    [6, 'typo'],
    [8, 'types'],
    [9, 'Bad Id'],
  ]);
  expect(problems[0]?.message).toContain('used twice');
  expect(problems[1]?.message).toContain('palworld');
  expect(read()).toBe(text);
});

test('a syntax error is told with its line, nothing is overwritten, and mending it is noticed', async () => {
  const broken = `{\n  "version": 1,\n  "servers": [\n    ${entry('first')},\n    { "id": "second" "name"\n  ]\n}\n`;
  write(broken);
  await bench().core();
  const connection = await bench().connect();
  await connection.request('client/subscribe', { samples: false });
  expect((await connection.request('server/list', {})).map((view) => view.id)).toEqual(['first']);
  const [problem, ...others] = await connection.request('server/problems', {});
  expect(problem).toMatchObject({ line: 5 });
  expect(others).toEqual([]);
  const adding = connection.request('server/add', { definition: bench().demo() });
  await expect(adding).rejects.toSatisfy((error) => Failure.is(error, 'io') && error.data.line === 5);
  expect(read()).toBe(broken);
  write(`{ "version": 1, "servers": [ ${entry('first')}, ${entry('second')} ] }`);
  await until('the mended file', async () => (await connection.request('server/list', {})).length === 2);
  expect(await connection.request('server/problems', {})).toEqual([]);
});

test('adding, changing and removing keep comments, order and unknown fields', async () => {
  write(
    `// my servers\r\n{\r\n\t"version": 1,\r\n\t"mine": true,\r\n\t"servers": [\r\n\t\t${entry('a', ', "later": 1 /* keep */')}\r\n\t]\r\n}\r\n`,
  );
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo('b') });
  expect(read()).toContain('// my servers\r\n');
  expect(read()).toContain('/* keep */');
  expect((await connection.request('server/list', {})).map((view) => view.id)).toEqual(['a', 'b']);
  await expect(connection.request('server/add', { definition: bench().demo('b') })).rejects.toSatisfy((error) =>
    Failure.is(error, 'duplicate-id'),
  );
  await connection.request('server/update', { definition: { ...bench().demo('b'), name: 'Renamed' } });
  expect((await connection.request('server/list', {}))[1]?.name).toBe('Renamed');
  await connection.request('server/remove', { id: 'b' });
  expect((await connection.request('server/list', {})).map((view) => view.id)).toEqual(['a']);
  expect(read()).toContain('"mine": true');
  expect(read()).toContain('/* keep */');
});

test('a definition with a wrong field is refused by name; one that runs cannot be removed, nor lost with its entry', async () => {
  await bench().core();
  const connection = await bench().connect();
  const wrong = { ...bench().demo(), restart: { policy: 'sometimes' } } as unknown as ReturnType<
    ReturnType<typeof bench>['demo']
  >;
  await expect(connection.request('server/add', { definition: wrong })).rejects.toSatisfy(
    (error) => Failure.is(error, 'invalid-definition') && error.data.field === 'restart.policy',
  );
  expect(fs.existsSync(path.join(bench().dataDir, 'servers.json'))).toBe(false);
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  await expect(connection.request('server/remove', { id: 'demo' })).rejects.toSatisfy((error) =>
    Failure.is(error, 'busy'),
  );
  write('{ "version": 1, "servers": [] }');
  await sleep(500);
  expect((await connection.request('server/list', {})).map((view) => [view.id, view.state])).toEqual([
    ['demo', 'running'],
  ]);
  await connection.request('server/stop', { id: 'demo' });
  await until('its leaving the list', async () => (await connection.request('server/list', {})).length === 0);
});

test('a file that cannot be read is said, and a newer version is left alone', async () => {
  write('{ "version": 2, "servers": [] }');
  await bench().core();
  const connection = await bench().connect();
  const [problem] = await connection.request('server/problems', {});
  expect(problem?.message).toContain('update the extension');
  await expect(connection.request('server/add', { definition: bench().demo() })).rejects.toSatisfy((error) =>
    Failure.is(error, 'io'),
  );
  expect(read()).toBe('{ "version": 2, "servers": [] }');
  fs.rmSync(path.join(bench().dataDir, 'servers.json'));
  fs.mkdirSync(path.join(bench().dataDir, 'servers.json'));
  await until('the complaint', async () =>
    (await connection.request('server/problems', {}))[0]?.message.includes('cannot be read'),
  );
});
