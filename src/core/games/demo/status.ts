import net from 'node:net';
import * as v from 'valibot';

const deadlineMs = 2000;
const maxBytes = 4096;
const status = v.object({ players: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** How many play on a demo server, by its status port; null where it does not tell in time. Never rejects. */
export async function demoPlayers(host: string, port: number): Promise<number | null> {
  return await new Promise((resolve) => {
    let said = '';
    const socket = net.connect({ host, port });
    const finish = (players: number | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(players);
    };
    const timer = setTimeout(finish, deadlineMs, null);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      said += chunk;
      if (said.includes('\n')) finish(playersIn(said.slice(0, said.indexOf('\n'))));
      else if (said.length > maxBytes) finish(null);
    });
    for (const event of ['error', 'close'] as const) {
      socket.on(event, () => {
        finish(null);
      });
    }
  });
}

function playersIn(line: string): number | null {
  try {
    const parsed = v.safeParse(status, JSON.parse(line));
    return parsed.success ? parsed.output.players : null;
  } catch {
    return null;
  }
}
