import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Alerting } from '../../../../src/core/alerting.js';
import { LinuxProcesses } from '../../../../src/core/platform/linux/linuxProcesses.js';
import { SamplingLoop } from '../../../../src/core/sampling/samplingLoop.js';
import { Settings } from '../../../../src/core/settings.js';
import { cpuSeconds, residentBytes } from '../../support/measure.js';
import { serve } from '../../support/serve.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'gsp-bench-alerts-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const log = { write: (level: string, tag: string, text: string, data?: object) => console.log(level, tag, text, data) };
const nothing = (): undefined => undefined;
/** Of each alert, by its id: the highest count that a target has heard. */
const heard = new Map<string, number>();
let dropped = 0;
let answers = false;
let rounds: number[] = [];
let alerting: Alerting | undefined;
let loop: SamplingLoop | undefined;

interface Heard {
  readonly kind: string;
  readonly alert: { readonly id: string; readonly count: number };
  readonly missed: { readonly dropped: number };
}

/** Hangs until it is told to answer: what it hears before that counts for nothing. */
async function listen(): Promise<number> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!answers) return;
      const { kind, alert, missed } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Heard;
      if (kind !== 'test') {
        heard.set(alert.id, Math.max(heard.get(alert.id) ?? 0, alert.count));
        dropped += missed.dropped;
      }
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

/** Milliseconds by which each round of that time came later than it should have. */
function lateness(intervalMs: number): number[] {
  return rounds.slice(1).map((at, index) => Math.abs(at - (rounds[index] ?? at)) - intervalMs);
}

async function watched(seconds: number, intervalMs: number): Promise<{ lateMs: number; cpuSeconds: number }> {
  rounds = rounds.slice(-1);
  const before = cpuSeconds();
  await pause(seconds * 1000);
  return { lateMs: Math.max(0, ...lateness(intervalMs)), cpuSeconds: cpuSeconds() - before };
}

/** The process that tells: all of it is the product's but the end of the wire. Called by .scripts/lib/bench/alerts.mjs. */
serve({
  async begin({ targets, servers, intervalMs }: { targets: number; servers: number; intervalMs: number }) {
    const ports = await Promise.all(Array.from({ length: targets }, listen));
    const settings = new Settings(folder, log);
    const webhooks = ports.map((_, index) => ({ name: `t${String(index)}`, kind: 'generic' }));
    const every = { baseIntervalMs: intervalMs, busyIntervalMs: intervalMs, saturatedIntervalMs: intervalMs };
    // Each time is told: with a cooldown nobody would hear of most of it.
    settings.set({ webhooks, sampling: every, alerts: { rules: { crash: { cooldownSeconds: 0 } } } });
    alerting = new Alerting({
      ...{ dataDir: folder, log, settings },
      secrets: { kept: (_, key) => `http://127.0.0.1:${String(ports[Number(key.slice('webhook.t'.length))])}/hook` },
      events: { find: () => Promise.resolve([]) },
      ...{ server: nothing, disk: nothing, api: () => ({ is: 'none', via: null, since: 0, hasAnswered: false }) },
      clients: () => ({ broadcast: nothing }),
      recorder: () => ({ alertChanged: nothing, settingsChanged: nothing }),
    });
    alerting.open();
    const processes = new LinuxProcesses();
    const tree = processes.tree({ pid: process.pid, startTime: null });
    const sampled = Array.from({ length: servers }, (_, index) => ({
      ...{ id: `s${String(index)}`, process: tree },
      takeSample: () => {
        tree.read();
        return null;
      },
    }));
    loop = new SamplingLoop(
      processes,
      () => sampled,
      () => rounds.push(performance.now()),
      console.error,
    );
    loop.policy.configure(settings.sampling);
    loop.start();
  },
  async calm({ seconds, intervalMs }: { seconds: number; intervalMs: number }) {
    return { ...(await watched(seconds, intervalMs)), resident: residentBytes() };
  },
  /** All of them at once, and then the time in which they wait for targets that hang. */
  async burst({
    alerts,
    servers,
    seconds,
    intervalMs,
  }: Record<'alerts' | 'servers' | 'seconds' | 'intervalMs', number>) {
    const began = performance.now();
    for (let n = 0; n < alerts; n += 1) {
      const id = `s${String(n % servers)}`;
      alerting?.alerts.raise(
        'crash',
        { id, name: `Server ${id}` },
        { code: 1, signal: null, cause: 'crash', exitAt: n },
      );
    }
    const tookMs = performance.now() - began;
    return { tookMs, ...(await watched(seconds, intervalMs)), resident: residentBytes() };
  },
  /** The targets answer: what has come of all, once nothing waits any more. */
  async settle({ seconds }: { seconds: number }) {
    answers = true;
    // A person who sees that it works again does not wait for the next try.
    for (const { name } of alerting?.webhookList() ?? []) await alerting?.testWebhook(name);
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(200)) {
      if (alerting?.webhookList().every(({ waiting }) => waiting === 0) === true) break;
    }
    const counts = [...heard.values()];
    const list = alerting?.webhookList() ?? [];
    const left = list.reduce((sum, one) => sum + one.waiting, 0);
    const lost = list.reduce((sum, one) => sum + one.dropped + one.uncertain, dropped);
    await alerting?.dispose();
    return { alerts: counts.length, told: counts.reduce((sum, count) => sum + count, 0), left, lost };
  },
});
