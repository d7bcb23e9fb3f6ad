import fs from 'node:fs';
import path from 'node:path';
import { ServerInsight } from '../../../src/core/insight/findings/serverInsight.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const megabyte = 1024 ** 2;

/**
 * Leaves the file of a core that has known a server for four days, by its own detector: nobody played, and eight hours ago its CPU
 * ran away for twenty minutes.
 */
export function writeLearned(dataDir: string, id: string): void {
  const insight = new ServerInsight();
  const end = Date.now() - 2 * minuteMs;
  const runaway = end - 8 * hourMs;
  insight.resume(end - 4 * dayMs, null);
  for (let at = end - 4 * dayMs; at <= end; at += minuteMs) {
    // It has been young before.
    if (at % (12 * hourMs) < minuteMs)
      for (const kind of ['stopping', 'stopped', 'started', 'ready']) insight.event(at, kind);
    const noise = Math.sin(at / 7919) + Math.sin(at / 104_729);
    const isRunaway = at >= runaway && at < runaway + 20 * minuteMs;
    insight.sample({
      ...{ at, cpu: isRunaway ? 190 : 8 + noise, memory: (90 + noise) * megabyte },
      ...{ ioRead: 0, ioWrite: 9e3, players: 0, tickRate: 20, frameTime: 50, apiTime: null },
    });
  }
  const folder = path.join(dataDir, 'insight');
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const learned = { version: 1, savedAt: end, insight: insight.state(true) };
  fs.writeFileSync(path.join(folder, `${id}.json`), JSON.stringify(learned));
}
