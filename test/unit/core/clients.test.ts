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

async function made(onCountChanged = (): void => undefined): Promise<{ clients: Clients; port: number }> {
  const hello = () => ({}) as ReturnType<Clients['options']['hello']>;
  const clients = new Clients({ token: 'x'.repeat(64), service, hello, onCountChanged });
  await new Promise<void>((resolve) => clients.server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    clients.dispose();
  });
  return { clients, port: (clients.server.address() as net.AddressInfo).port };
}

async function window(port: number): Promise<Peer> {
  const peer = new Peer(net.connect(port, '127.0.0.1'), () => Promise.resolve(null));
  ends.push(() => {
    peer.close();
  });
  await peer.request('core/hello', { token: 'x'.repeat(64), protocol: 1, client: { name: 't', version: '1' } });
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
