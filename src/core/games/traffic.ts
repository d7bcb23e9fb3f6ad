import type dgram from 'node:dgram';
import type net from 'node:net';

/** Bytes since this process began. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

const open = new Set<net.Socket>();
/** Of connections that are over, and of datagrams. */
const past = { received: 0, sent: 0 };

/** Every connection to a game is counted, from its first byte on. Answers the same socket. */
export function counted(socket: net.Socket): net.Socket {
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    past.received += socket.bytesRead;
    past.sent += socket.bytesWritten;
  });
  return socket;
}

/** The same for datagrams. */
export function countedDatagrams(socket: dgram.Socket): dgram.Socket {
  return socket.on('message', (datagram) => {
    past.received += datagram.length;
  });
}

export function noteSentDatagram(bytes: number): void {
  past.sent += bytes;
}

/**
 * What this process has exchanged with games, over the loopback too: all that goes through its connections, headers of HTTP
 * included, without what the system adds (TCP, UDP, IP). What windows and launcher are told goes over no network.
 */
export function networkBytes(): NetworkBytes {
  let { received, sent } = past;
  for (const socket of open) {
    received += socket.bytesRead;
    sent += socket.bytesWritten;
  }
  return { received, sent };
}
