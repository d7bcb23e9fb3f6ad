import net from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Clients } from '../../../src/core/clients.js';
import type { Service, Subscription } from '../../../src/core/service.js';
import { Peer } from '../../../src/node/peer.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A service that takes what a subscription says, and nothing more. */
const service = {
  handle: (_: string, params: Partial<Subscription>, subscription: Subscription): Promise<null> => {
    Object.assign(subscription, params);
    return Promise.resolve(null);
  },
} as unknown as Service;

const introduced: unknown[] = [];

async function made(onCountChanged = (): void => undefined): Promise<{ clients: Clients; port: number }> {
  const hello = (client: unknown) => {
    introduced.push(client);
    return {} as ReturnType<Clients['options']['hello']>;
  };
  const clients = new Clients({ token: 'x'.repeat(64), service, hello, onCountChanged });
  await new Promise<void>((resolve) => clients.server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    clients.dispose();
  });
  return { clients, port: (clients.server.address() as net.AddressInfo).port };
}

async function window(port: number, client: object = { name: 't', version: '1' }): Promise<Peer> {
  const peer = new Peer(net.connect(port, '127.0.0.1'), () => Promise.resolve(null));
  ends.push(() => {
    peer.close();
  });
  await peer.request('core/hello', { token: 'x'.repeat(64), protocol: 1, client });
  return peer;
}

test('somebody looks while one window is looked at; who does not say so, by wanting samples', async () => {
  const counts = vi.fn();
  const { clients, port } = await made(counts);
  expect(clients.attention).toEqual({ isWatched: false, hasPanel: false });
  const tool = await window(port);
  expect(clients.attention.isWatched).toBe(false);
  await tool.request('client/subscribe', { samples: true });
  expect(clients.attention).toEqual({ isWatched: true, hasPanel: false });
  await tool.request('client/subscribe', { visible: false });
  expect(clients.attention.isWatched).toBe(false);

  const other = await window(port);
  await other.request('client/subscribe', { samples: true, visible: false });
  expect(clients.attention.isWatched).toBe(false);
  await other.request('client/subscribe', { panel: true });
  expect(clients.attention).toEqual({ isWatched: true, hasPanel: true });
  // A window that is gone looks at nothing, and that is told.
  counts.mockClear();
  other.close();
  await vi.waitFor(() => expect(counts).toHaveBeenCalled(), 5000);
  expect(clients.attention).toEqual({ isWatched: false, hasPanel: false });
});

test('windows are those of people, tools are none', async () => {
  const seen: number[] = [];
  const { clients, port } = await made(() => void seen.push(clients.windows));
  await window(port);
  const first = await window(port, { name: 'vscode', version: '1' });
  await window(port, { name: 'vscode', version: '1' });
  expect([clients.count, clients.windows]).toEqual([3, 2]);
  first.close();
  await vi.waitFor(() => expect(seen).toEqual([0, 1, 2, 1]), 5000);
});

test('a window says its language; one that nobody knows here is none, and no reason to send it away', async () => {
  const { port } = await made();
  introduced.length = 0;
  const client = { name: 'vscode', version: '1' };
  await window(port, { ...client, language: 'ko' });
  const other = await window(port, { ...client, language: 'tlh' });
  await other.request('core/hello', { token: 'x'.repeat(64), protocol: 1, client: { ...client, language: 'en' } });
  expect(introduced.map((one) => (one as { language?: string }).language)).toEqual(['ko', undefined, 'en']);
});
