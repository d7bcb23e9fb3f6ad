// From a fresh clone to the panel on a running server: what `npm start` does.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { linkExtension, prepareSettings, startCodeServer } from './codeServer.mjs';
import { connectToCore } from './coreClient.mjs';
import { endCore, findOrStartCore, startDemoServer } from './demoCore.mjs';
import { build, ensureDependencies } from './dependencies.mjs';
import { openDesktop, whyNotDesktop } from './desktop.mjs';
import { onInterrupt } from './interrupt.mjs';
import { clone } from './paths.mjs';
import { endRunning } from './run.mjs';
import { createSteps } from './steps.mjs';
import { choosePort, endLeft, trialEnvironment, trialProfile, whileOnlyOne, writeRecord } from './trialProfile.mjs';
import { ensureVscode } from './vscode.mjs';

const help = `npm start [-- options]
  --browser   VS Code in the browser, even if \`code\` is on PATH
  --port N    the port for VS Code in the browser (default: any free one, the same as last time)`;

const { values: options } = parseArgs({
  options: { browser: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean' } },
});

/** Resolves when everything is at its end. */
export async function main() {
  if (options.help) return console.log(help);
  const port = options.port === undefined ? undefined : Number(options.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) throw new Error(help);
  const profile = trialProfile();
  const asked = listenForEnd(profile);
  await whileOnlyOne(profile, () => openAndWait(profile, { port, asked }));
}

/** A promise of the first Ctrl+C. A second one ends everything by force. */
function listenForEnd(profile) {
  let isUp = false;
  let tell;
  const first = new Promise((resolve) => (tell = resolve));
  onInterrupt({
    first: () => {
      console.log(isUp ? '\nEnding; Ctrl+C again ends everything by force.' : '\nInterrupted; ending what was begun.');
      if (!isUp) endRunning();
      tell();
    },
    again: () => {
      endRunning('SIGKILL');
      void endLeft(profile, 0).then((ended) => {
        console.log(`Ended by force (${ended.length} processes).`);
        process.exit(0);
      });
    },
  });
  return { first, nowUp: () => (isUp = true) };
}

async function openAndWait(profile, { port, asked }) {
  const env = trialEnvironment(profile, { marked: true });
  const whyNot = options.browser ? '--browser was given' : port ? '--port was given' : whyNotDesktop();
  const { step } = createSteps(whyNot ? 5 : 4, 'start');
  rmSync(profile.log, { force: true });
  const reach = () => findOrStartCore({ dataDir: profile.dataDir, env, logFile: profile.log });
  let vscode;
  let core;
  try {
    await step('Packages', ensureDependencies);
    await step('Build', build);
    const program = whyNot && (await step('VS Code for the browser', ensureVscode));
    await step('Demo server', async () => {
      core = await connectToCore(await reach());
      const { name, pid } = await startDemoServer(core);
      return `${name} is running (process ${pid})`;
    });
    vscode = await step('Opening VS Code', () => open(profile, { program, port, env }));
    asked.nowUp();
    if (vscode) writeRecord(profile, { server: vscode.pid, url: vscode.url });
    console.log(whyNot ? inBrowser(vscode.url, whyNot) : onDesktop);
    const ended = await Promise.race([asked.first, vscode?.exited ?? new Promise(() => {})]);
    if (ended !== undefined) throw new Error(`VS Code ended by itself (${ended}), see ${profile.log}`);
  } finally {
    asked.nowUp();
    await end(profile, { vscode, core, reach });
  }
}

async function open(profile, { program, port, env }) {
  prepareSettings(profile.root, { machine: { 'gameServers.dataDirectory': profile.dataDir } });
  if (!program) {
    const unmarked = trialEnvironment(profile, { marked: false });
    await openDesktop({ root: profile.root, folder: profile.folder, env: unmarked });
    return undefined;
  }
  linkExtension(profile.root, clone);
  return startCodeServer({
    ...program,
    root: profile.root,
    folder: profile.folder,
    port: await choosePort(profile, port),
    args: ['--ignore-last-opened'],
    env,
    logFile: profile.log,
  });
}

/** VS Code first: with a window open, the extension would start a new core at once. */
async function end(profile, { vscode, core, reach }) {
  const say = (text) => console.log(`  ${text}…`);
  if (vscode) {
    say('Closing VS Code');
    await vscode.stop();
  }
  if (core) {
    try {
      // The core may have been replaced since; its launcher sees to that.
      await endCore(core.isOpen() ? core : await connectToCore(await reach()), say);
    } catch (error) {
      console.log(`  The core did not end as it should: ${error.message}`);
    }
  }
  for (const { pid, command } of await endLeft(profile, 3_000)) say(`Ended by force: process ${pid}, ${command}`);
  if (core) console.log('Ended. The next start takes a few seconds.');
}

function inBrowser(url, why) {
  const line = `  Game Server Panel:  ${url}/  `;
  const edge = '─'.repeat(line.length);
  return `
┌${edge}┐
│${line}│
└${edge}┘
Open this address in a browser on this PC; Game Servers is the lowest icon at the left edge.
VS Code runs in the browser because ${why}.
It has no password: on a PC with several users, the others can open it too while it runs.
Ctrl+C ends VS Code and the demo server; its world is saved first.
`;
}

const onDesktop = `
VS Code opens in a window of its own; Game Servers is the lowest icon at its left edge, and a demo server is running.
Close that window before you press Ctrl+C here, which ends the demo server; its world is saved first.
`;
