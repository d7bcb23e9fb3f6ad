import net from 'node:net';
import { expect, test } from 'vitest';
import { coreAccess } from '../../../src/extension/coreAccess.js';
import { prepareEndpoints } from '../../../src/node/endpoint.js';
import { Peer } from '../../../src/node/peer.js';
import { useTempFolder } from '../node/support/tempFolder.js';

const at = useTempFolder();

test.each([
  ['ko', 'ko'],
  ['ko-KR', 'ko'],
  ['en-US', 'en'],
  ['de', 'en'],
])('a window in %s says %s', async (locale, language) => {
  const { core } = prepareEndpoints(at('data'));
  const heard: unknown[] = [];
  const server = net.createServer((socket) => {
    new Peer(socket, (_, params) => {
      heard.push(params);
      return { protocol: 1, version: '1', pid: 1, startedAt: 0, platform: 'linux', secretsMissing: [] };
    }).onClose(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(core, resolve));
  const place = () => ({ dataDir: at('data'), node: process.execPath });
  const connection = await coreAccess(place, '/nowhere', '1.2.3', locale).connect();
  connection.dispose();
  await new Promise((resolve) => server.close(resolve));
  expect(heard).toMatchObject([{ client: { name: 'vscode', version: '1.2.3', language } }]);
});
