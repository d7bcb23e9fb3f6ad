import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import type { GenericPayload } from '../../../../../src/core/alerts/webhooks/generic.js';
import { useTempFolder } from '../../../node/support/tempFolder.js';
import { FakeTarget } from './support/fakeTarget.js';
import type { Said } from './support/webhookLife.js';

type Done = Extract<Said, { is: 'done' }>;

const at = useTempFolder();
const count = 50;
const answersAfterMs = 25;

/** One life, up to its own end, or killed so long after it has told of everything. */
async function life(program: string, url: string, tells: number, killAfterMs: number): Promise<Done | null> {
  const child = spawn(process.execPath, [program, at('data'), url, String(tells)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let done: Done | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said;
    if (said.is === 'done') done = said;
    else void pause(killAfterMs).then(() => child.kill('SIGKILL'));
  }
  await ended;
  return done;
}

test(`a process with ${count} messages in its queue is killed again and again: each arrives once, or is counted`, async () => {
  const program = at('webhookLife.cjs');
  fs.mkdirSync(at('data'));
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'support/webhookLife.ts')],
    outfile: program,
    ...{
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    },
  });
  const target = await new FakeTarget().listen();
  target.modes = [{ is: 'slow', ms: answersAfterMs }];

  let kills = 0;
  let end: Done | null = null;
  for (; end === null && kills < 200; kills += end === null ? 1 : 0) {
    // Some in the middle of the very first message, some after a few, and no two at the same moment of a message.
    end = await life(program, target.url('/secret-token'), kills === 0 ? count : 0, 1 + ((kills * 37) % 300));
  }
  expect(end).not.toBeNull();
  expect(kills).toBeGreaterThan(3);

  const heard = target.heard.map(({ body }) => JSON.parse(body) as GenericPayload);
  const arrived = heard.map(({ alert }) => alert.id);
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  const missing = Array.from({ length: count }, (_, n) => `m${n + 1}`).filter((id) => !arrived.includes(id));
  const counted = heard.reduce((sum, { missed }) => sum + missed.uncertain, 0) + end!.uncertain;
  expect(missing.length).toBeLessThanOrEqual(counted);
  // A kill takes no more with it than what was on its way.
  expect(missing.length).toBeLessThanOrEqual(kills);
  for (const { missed } of heard) expect(missed.uncertain).toBeLessThanOrEqual(kills);
  expect([end!.dropped, ...heard.map(({ missed }) => missed.dropped)].every((dropped) => dropped === 0)).toBe(true);
  await target.close();
}, 120_000);
