import dgram from 'node:dgram';
import net from 'node:net';
import { Failure } from '../../../shared/failure.js';
import type { QueryTalk } from '../adapter.js';
import { countedDatagrams, noteSentDatagram } from '../traffic.js';
import { guarded, question, type Heard } from './question.js';

/** No game answers in a longer one. */
const maxBytes = 16 * 1024;
/** Of those that mean nothing yet. */
const maxDatagrams = 64;
/** A datagram may get lost: the last one is sent once more then. */
const again = { share: 1 / 3, most: 1000 };

/**
 * Asks by datagrams. `hear` gets each that comes from where the question went to, and no other. Rejects unreachable, timeout,
 * cancelled, and bad-reply as `hear` throws it.
 */
export async function askByDatagrams<T>(
  talk: QueryTalk,
  first: Buffer,
  hear: (datagram: Buffer) => Heard<T>,
): Promise<T> {
  return await question<T>(talk, (ending) => {
    const { host, port, ms } = talk;
    const socket = countedDatagrams(dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4'));
    const unreachable = (): void => {
      ending.fail(new Failure('unreachable'));
    };
    let last = first;
    let heard = 0;
    let isOpen = true;
    let isConnected = false;
    const send = (datagram: Buffer): void => {
      last = datagram;
      socket.send(datagram, (error) => {
        if (error === null) noteSentDatagram(datagram.length);
        else if (isOpen) unreachable();
      });
    };
    const resend = setTimeout(
      () => {
        if (isConnected) send(last);
      },
      Math.min(ms * again.share, again.most),
    );
    socket.on('error', unreachable);
    socket.on('message', (datagram) => {
      heard += 1;
      guarded(ending, () => {
        if (datagram.length > maxBytes || heard > maxDatagrams) throw new Failure('bad-reply', { detail: 'too much' });
        const meaning = hear(datagram);
        if (meaning === undefined) return;
        if ('answer' in meaning) ending.answer(meaning.answer);
        else send(meaning.send);
      });
    });
    // Connected, the system lets nothing through that comes from elsewhere, and says where nobody listens.
    socket.connect(port, host, () => {
      if (!isOpen) return;
      isConnected = true;
      send(first);
    });
    return () => {
      isOpen = false;
      clearTimeout(resend);
      socket.close();
    };
  });
}
