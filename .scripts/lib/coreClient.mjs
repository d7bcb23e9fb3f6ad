// As much of the core's protocol as `npm start` needs: JSON-RPC 2.0, each message behind a Content-Length header.
import { readFileSync } from 'node:fs';
import net from 'node:net';

const headerEnd = Buffer.from('\r\n\r\n');
const bodyLimit = 8 * 1024 * 1024;

/** Takes the whole messages off the front of `data`; returns them and what is left. */
function takeMessages(data) {
  const messages = [];
  for (;;) {
    const end = data.indexOf(headerEnd);
    if (end < 0) return { messages, rest: data };
    const length = Number(/content-length: *(\d+)/i.exec(data.subarray(0, end).toString('latin1'))?.[1]);
    if (!(length <= bodyLimit)) throw new Error('the core sent something that is not a message');
    const body = end + headerEnd.length;
    if (data.length < body + length) return { messages, rest: data };
    messages.push(JSON.parse(data.subarray(body, body + length).toString('utf8')));
    data = data.subarray(body + length);
  }
}

/**
 * Connects and says hello. Requests reject with the core's error (`code` as in the contract), or when it goes away;
 * `heard(method, params)` gets its notifications.
 */
export async function connectToCore({ endpoint, token }, deadlineMs = 10_000, heard = () => {}) {
  const waiting = new Map();
  let lastId = 0;
  let unread = Buffer.alloc(0);
  const socket = net.connect(endpoint);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));

  const closed = new Promise((resolve) => socket.once('close', resolve));
  void closed.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the core went away'));
    waiting.clear();
  });
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    try {
      const { messages, rest } = takeMessages(Buffer.concat([unread, data]));
      unread = rest;
      for (const message of messages) settle(message);
    } catch {
      socket.destroy();
    }
  });

  function settle({ id, method, params, result, error }) {
    if (method !== undefined && id === undefined) heard(method, params);
    const one = waiting.get(id);
    if (!one) return; // or an answer that came too late
    waiting.delete(id);
    if (error) one.reject(Object.assign(new Error(error.message), { code: error.data?.code }));
    else one.resolve(result);
  }

  function request(method, params = {}, limitMs = deadlineMs) {
    if (socket.destroyed) return Promise.reject(new Error('the core went away'));
    const id = ++lastId;
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve, reject) => {
      const late = () => waiting.delete(id) && reject(new Error(`no answer to ${method} within ${limitMs / 1000} s`));
      const timer = setTimeout(late, limitMs);
      const settled = (how) => (value) => {
        clearTimeout(timer);
        how(value);
      };
      waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      socket.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
    });
  }

  const client = { name: 'npm start', version: '1' };
  await request('core/hello', { token: readFileSync(token, 'utf8').trim(), protocol: 1, client });
  return { request, closed, isOpen: () => !socket.destroyed, close: () => socket.destroy() };
}
