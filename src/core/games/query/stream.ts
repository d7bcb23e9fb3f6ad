import net from 'node:net';
import { Failure } from '../../../shared/failure.js';
import type { QueryTalk } from '../adapter.js';
import { counted } from '../traffic.js';
import { guarded, question, type Heard } from './question.js';

const connectMs = 2000;

/**
 * Asks over a connection of its own that is closed with the answer. first: said as soon as it stands; `hear` gets all that has
 * come so far, each time that more has come. Rejects unreachable, timeout, cancelled, and bad-reply: as `hear` throws it,
 * for more than maxBytes, and for an end in the middle.
 */
export async function askByStream<T>(
  talk: QueryTalk,
  options: { readonly first?: Buffer; readonly maxBytes: number },
  hear: (all: Buffer) => Heard<T>,
): Promise<T> {
  return await question<T>(talk, (ending) => {
    const socket = counted(net.connect({ host: talk.host, port: talk.port }));
    socket.setNoDelay(true);
    let all: Buffer = Buffer.alloc(0);
    const connecting = setTimeout(() => {
      ending.fail(new Failure('unreachable'));
    }, connectMs);
    const gone = (): void => {
      ending.fail(
        all.length === 0 ? new Failure('unreachable') : new Failure('bad-reply', { detail: 'ends too soon' }),
      );
    };
    socket.on('connect', () => {
      clearTimeout(connecting);
      if (options.first !== undefined) socket.write(options.first);
    });
    socket.on('data', (chunk: Buffer) => {
      guarded(ending, () => {
        if (all.length + chunk.length > options.maxBytes) throw new Failure('bad-reply', { detail: 'too much' });
        all = Buffer.concat([all, chunk]);
        const meaning = hear(all);
        if (meaning === undefined) return;
        if ('answer' in meaning) ending.answer(meaning.answer);
        else socket.write(meaning.send);
      });
    });
    socket.on('error', gone);
    socket.on('end', gone);
    socket.on('close', gone);
    return () => {
      clearTimeout(connecting);
      socket.destroy();
    };
  });
}
