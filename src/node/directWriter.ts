import type { Socket } from 'node:net';
import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-jsonrpc/node';

const maxUnreadBytes = 16 * 1024 * 1024;

/**
 * Hands every message to the socket at once. The library's own writer keeps a queue in front of it, where nobody can see
 * how much waits for a peer that does not read.
 */
export class DirectWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly socket: Socket) {
    super();
  }

  async write(message: Message): Promise<void> {
    if (this.socket.destroyed || this.socket.writableEnded) throw new Error('connection closed');
    // A peer that reads nothing while this much waits for it is let go: it can connect again.
    if (this.socket.writableLength > maxUnreadBytes) {
      this.socket.destroy();
      throw new Error('too much waits to be read');
    }
    const body = JSON.stringify(message);
    this.socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return Promise.resolve();
  }

  end(): void {
    this.socket.end();
  }
}
