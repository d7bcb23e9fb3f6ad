import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition, Notifications } from '../../src/shared/contract.js';
import { dist, stateOf, until, useBench, type Bench } from './support/bench.js';

const bench = useBench();
const password = 'hunter2-of-the-test';
const withRcon = (id = 'demo'): Definition => bench().demo(id, { connection: { rconPort: 25_575 } });
const remembered = (): string => path.join(bench().dataDir, 'secrets.json');

const missingOf = async (connection: CoreConnection): Promise<string[]> => (await stateOf(connection)).secretsMissing;
/** Who may read it. */
const mode = (file: string): number => fs.statSync(file).mode & 0o777;

/** Every notification that a window would get. */
async function listen(connection: CoreConnection): Promise<string[]> {
  const heard: string[] = [];
  const methods: (keyof Notifications)[] = [
    ...(['server/changed', 'server/removed', 'server/problems', 'server/sample', 'console/lines'] as const),
    ...(['stop/progress', 'core/log', 'event/added', 'alert/raised'] as const),
  ];
  for (const method of methods) connection.on(method, (params) => heard.push(`${method} ${JSON.stringify(params)}`));
  await connection.request('client/subscribe', { samples: true, consoles: ['demo'] });
  return heard;
}

/** Every file below the data directory that holds the text, but the one for it. */
function leaks(folder: string, text: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return leaks(file, text);
    if (!entry.isFile() || file === remembered()) return [];
    return fs.readFileSync(file).includes(text) ? [file] : [];
  });
}

function commandLines(own: Bench): string {
  return own
    .processes()
    .map((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') + fs.readFileSync(`/proc/${pid}/environ`, 'utf8'))
    .join('\n');
}

/** A core that should not start: how it ends, and what it says. */
async function refused(args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [path.join(dist, 'core.js'), '--data-dir', bench().dataDir, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

function secretsFile(mode: number, text = JSON.stringify({ demo: { rconPassword: password } })): string {
  const file = bench().file('given.json');
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
  return file;
}

test('a window is told what is missing, sends it, and everybody is told that it is known', async () => {
  await bench().core({ args: ['--no-priority'] });
  const first = await bench().connect();
  expect((await first.request('server/add', { definition: withRcon() })).secretsMissing).toEqual(['rconPassword']);
  const second = await bench().connect();
  expect(second.hello.secretsMissing).toEqual([{ id: 'demo', key: 'rconPassword' }]);
  const heard = await listen(second);
  await first.request('secret/set', { id: 'demo', key: 'rconPassword', value: password });
  await until('the news', () => heard.some((line) => line.includes('"secretsMissing":[]')));
  expect((await bench().connect()).hello.secretsMissing).toEqual([]);
  await first.request('secret/set', { id: 'demo', key: 'rconPassword', value: null });
  expect(await missingOf(second)).toEqual(['rconPassword']);
});

test('no password is in a file, a command line, an environment or a notification', async () => {
  const core = await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  const heard = await listen(connection);
  await connection.request('server/add', { definition: withRcon() });
  await connection.request('secret/set', { id: 'demo', key: 'rconPassword', value: password });
  await connection.request('secret/set', { id: 'alerts', key: 'webhook.main', value: `https://x/${password}` });
  await connection.request('settings/set', { settings: { secrets: { remember: true } } });
  await connection.request('server/start', { id: 'demo' });
  expect(mode(remembered())).toBe(0o600);
  expect(leaks(bench().dataDir, password)).toEqual([]);
  expect(commandLines(bench())).not.toContain(password);
  await connection.request('server/stop', { id: 'demo' });
  await until('what is told of the stop', () => heard.some((line) => line.includes('"stopped"')));
  await connection.request('core/retire', {});
  await core.exit;
  expect(heard.filter((line) => line.includes(password))).toEqual([]);
  expect(leaks(bench().dataDir, password)).toEqual([]);
});

test('what is remembered is known to the next core, and gone when that is switched off', async () => {
  const core = await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  await connection.request('server/add', { definition: withRcon() });
  await connection.request('secret/set', { id: 'demo', key: 'rconPassword', value: password });
  expect(fs.existsSync(remembered())).toBe(false);
  await connection.request('settings/set', { settings: { secrets: { remember: true } } });
  expect(mode(remembered())).toBe(0o600);
  core.child.kill('SIGKILL');
  await core.exit;
  const next = await bench().connect();
  await until('the next core', async () => (await missingOf(next)).length === 0);
  await next.request('settings/set', { settings: { secrets: { remember: null } } });
  expect(fs.existsSync(remembered())).toBe(false);
});

test('a remembered file without consent goes at the start; not over settings that nobody can read', async () => {
  const start = async (): Promise<void> => {
    const core = await bench().core({ args: ['--no-priority'] });
    const connection = await bench().connect();
    await connection.request('core/retire', {});
    await core.exit;
  };
  const put = (): void => {
    fs.writeFileSync(remembered(), JSON.stringify({ demo: { rconPassword: password } }), { mode: 0o600 });
  };
  fs.mkdirSync(bench().dataDir, { mode: 0o700 });
  put();
  await start();
  expect(fs.existsSync(remembered())).toBe(false);
  put();
  fs.writeFileSync(path.join(bench().dataDir, 'settings.json'), '{ "secrets": { "remember": true }');
  await start();
  expect(fs.existsSync(remembered())).toBe(true);
});

test('a line of the log that would repeat a password does not', async () => {
  const core = await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  // A part of what is logged at every start.
  const name = path.basename(bench().root);
  const ready = (): string[] =>
    fs
      .readFileSync(path.join(bench().dataDir, 'logs', 'core.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('[core] ready'));
  expect(ready()[0]).toContain(name);
  await connection.request('settings/set', { settings: { secrets: { remember: true } } });
  await connection.request('secret/set', { id: 'alerts', key: 'webhook.main', value: name });
  core.child.kill('SIGKILL');
  await core.exit;
  const line = await until('the next core', () => ready()[1]);
  expect(line).toContain('***');
  expect(line).not.toContain(name);
});

test('a removed server takes its password with it', async () => {
  await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  await connection.request('settings/set', { settings: { secrets: { remember: true } } });
  await connection.request('server/add', { definition: withRcon() });
  await connection.request('secret/set', { id: 'demo', key: 'rconPassword', value: password });
  await connection.request('server/remove', { id: 'demo' });
  expect(fs.readFileSync(remembered(), 'utf8')).not.toContain(password);
  const again = await connection.request('server/add', { definition: withRcon() });
  expect(again.secretsMissing).toEqual(['rconPassword']);
});

test('a password in the game’s own file need not be given, and is kept nowhere', async () => {
  const folder = bench().file('minecraft');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'server.properties'), `enable-rcon=true\nrcon.password=${password}\n`);
  await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  await connection.request('settings/set', { settings: { secrets: { remember: true } } });
  const definition = { ...withRcon(), game: 'minecraft', launch: { command: '/bin/true', cwd: folder } };
  expect((await connection.request('server/add', { definition })).secretsMissing).toEqual([]);
  await connection.request('secret/set', { id: 'demo', key: 'restPassword', value: 'another-one' });
  expect(fs.readFileSync(remembered(), 'utf8')).not.toContain(password);
  expect(leaks(bench().dataDir, password)).toEqual([]);
});

test('without a window they come from a file of ours, which a core that comes back reads again', async () => {
  const file = secretsFile(0o600);
  const core = await bench().core({ args: ['--no-priority', '--secrets', file] });
  const connection = await bench().connect();
  expect((await connection.request('server/add', { definition: withRcon() })).secretsMissing).toEqual([]);
  expect(commandLines(bench())).not.toContain(password);
  core.child.kill('SIGKILL');
  await core.exit;
  expect(await missingOf(await bench().connect())).toEqual([]);
});

test('or from the credentials of a systemd service, which no game gets to see', async () => {
  const folder = bench().file('credentials');
  fs.mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ demo: { rconPassword: password } });
  fs.writeFileSync(path.join(folder, 'game-server-panel'), text, { mode: 0o400 });
  await bench().core({ args: ['--no-priority'], env: { CREDENTIALS_DIRECTORY: folder } });
  const connection = await bench().connect();
  expect((await connection.request('server/add', { definition: withRcon() })).secretsMissing).toEqual([]);
  const { pid } = await connection.request('server/start', { id: 'demo' });
  expect(fs.readFileSync(`/proc/${String(pid)}/environ`, 'utf8')).not.toContain('CREDENTIALS_DIRECTORY');
});

test.each([0o644, 0o640, 0o666])('a file of secrets with mode %o is refused with a sentence', async (wide) => {
  const { code, said } = await refused(['--secrets', secretsFile(wide)]);
  expect(code).toBe(2);
  expect(said).toMatch(/secrets refused: .*given\.json has mode 0\d{3}; only its owner may read it: chmod 600\n/);
  expect(fs.existsSync(bench().dataDir)).toBe(false);
});

test('so is one that is missing, is no file, or holds something else; what it holds is not repeated', async () => {
  const missing = await refused(['--secrets', bench().file('none')]);
  expect(missing).toEqual({ code: 2, said: expect.stringContaining('cannot be read (ENOENT)') as string });
  const folder = await refused(['--secrets', bench().root]);
  expect(folder).toEqual({ code: 2, said: expect.stringContaining('is not a regular file') as string });
  const other = await refused(['--secrets', secretsFile(0o600, `"${password}`)]);
  expect(other).toEqual({ code: 2, said: expect.stringContaining('is not valid JSON') as string });
  expect(other.said).not.toContain(password);
  expect(await refused(['--secrets', ''])).toMatchObject({ code: 2 });
});
