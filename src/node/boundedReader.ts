import type { Socket } from 'node:net';
import { AbstractMessageReader, type DataCallback, type Disposable, type Message } from 'vscode-jsonrpc/node';

const headerEnd = Buffer.from('\r\n\r\n');
export const maxHeaderBytes = 4 * 1024;
export const maxBodyBytes = 8 * 1024 * 1024;

/**
 * Content-Length framing as in the Language Server Protocol, with limits: the library's own reader buffers whatever
 * comes, however long the header. Anything that is no frame raises an error, and the owner closes the connection.
 */
export class BoundedReader extends AbstractMessageReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private bodyBytes: number | undefined;
  private broken = false;

  constructor(private readonly socket: Socket) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer): void => {
      if (this.broken) return;
      this.chunks.push(chunk);
      this.buffered += chunk.length;
      try {
        for (let message = this.next(); message !== undefined; message = this.next()) callback(message);
      } catch (error) {
        this.broken = true;
        this.chunks = [];
        this.fireError(error);
      }
    };
    const onClose = (): void => {
      this.fireClose();
    };
    this.socket.on('data', onData);
    this.socket.on('close', onClose);
    return {
      dispose: () => {
        this.socket.off('data', onData);
        this.socket.off('close', onClose);
      },
    };
  }

  private next(): Message | undefined {
    if (this.bodyBytes === undefined) {
      const head = this.joined();
      const end = head.subarray(0, maxHeaderBytes + headerEnd.length).indexOf(headerEnd);
      if (end < 0) {
        if (head.length > maxHeaderBytes) throw new Error('header too long');
        return undefined;
      }
      this.bodyBytes = bodyLength(head.toString('latin1', 0, end));
      this.keep(head.subarray(end + headerEnd.length));
    }
    if (this.buffered < this.bodyBytes) return undefined;
    const all = this.joined();
    const body: unknown = JSON.parse(all.toString('utf8', 0, this.bodyBytes));
    this.keep(all.subarray(this.bodyBytes));
    this.bodyBytes = undefined;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error('message is not an object');
    return body as Message;
  }

  private joined(): Buffer {
    const [first] = this.chunks;
    if (this.chunks.length === 1 && first !== undefined) return first;
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }

  private keep(rest: Buffer): void {
    this.chunks = rest.length === 0 ? [] : [rest];
    this.buffered = rest.length;
  }
}

function bodyLength(header: string): number {
  const match = /^content-length:[ \t]*([0-9]{1,9})[ \t]*$/im.exec(header);
  if (match === null) throw new Error('no Content-Length');
  const bytes = Number(match[1]);
  if (bytes > maxBodyBytes) throw new Error('message too large');
  return bytes;
}
