import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../shared/failure.js';
import { version } from '../shared/version.js';
import { prepareEndpoints } from '../node/endpoint.js';
import { coreFlags } from '../node/environment.js';
import { listen, takeOwnership } from '../node/ownership.js';
import { Core } from './compose.js';
import { Departure } from './departure.js';
import { FileLog } from './fileLog.js';
import { LauncherLink } from './launcherLink/launcherLink.js';
import { platformFor } from './platform/platform.js';
import { givenSecrets } from './secrets/given.js';
import type { SecretTable } from './secrets/secretFile.js';

const usage = 'usage: core.js --data-dir DIR [--idle-exit SECONDS] [--no-priority] [--secrets FILE]';
const exit = { ok: 0, broken: 1, usage: 2, owned: 3 } as const;

interface Arguments {
  dataDir: string;
  idleExitSeconds: number | null;
  lowersItself: boolean;
  secretsFile: string | null;
}

function readArguments(argv: readonly string[]): Arguments | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'data-dir': { type: 'string' },
        'idle-exit': { type: 'string' },
        'no-priority': { type: 'boolean', default: false },
        secrets: { type: 'string' },
      },
    });
    const dataDir = values['data-dir'];
    if (dataDir === undefined || dataDir === '') return usage;
    const idle = values['idle-exit'];
    const seconds = idle === undefined ? null : Number(idle);
    if (seconds !== null && !(seconds >= 0 && seconds <= 86_400))
      return `--idle-exit must be 0 to 86400 seconds\n${usage}`;
    if (values.secrets === '') return usage;
    const secretsFile = values.secrets === undefined ? null : path.resolve(values.secrets);
    const lowersItself = !values['no-priority'];
    return { dataDir: path.resolve(dataDir), idleExitSeconds: seconds, lowersItself, secretsFile };
  } catch (error) {
    return `${messageOf(error)}\n${usage}`;
  }
}

/** The same start again, whatever folder it is made from. */
function restartArguments(args: Arguments): string[] {
  const idle = args.idleExitSeconds === null ? [] : ['--idle-exit', String(args.idleExitSeconds)];
  const secrets = args.secretsFile === null ? [] : ['--secrets', args.secretsFile];
  return [
    ...[...coreFlags, __filename, '--data-dir', args.dataDir, ...idle, ...secrets],
    ...(args.lowersItself ? [] : ['--no-priority']),
  ];
}

/** Ends the process where they must not be trusted. */
function readSecrets(args: Arguments): SecretTable {
  try {
    return givenSecrets(args.secretsFile, process.env, process.platform);
  } catch (error) {
    console.error(`secrets refused: ${messageOf(error)}`);
    return process.exit(exit.usage);
  }
}

function end(goodbyes: Promise<void>, release: () => void): void {
  // Whatever hangs, a process that was told to leave leaves.
  setTimeout(() => process.exit(exit.ok), 6000).unref();
  void goodbyes.finally(() => {
    release();
    // Answers under way reach their clients first.
    setTimeout(() => process.exit(exit.ok), 100);
  });
}

async function answerAt(core: Core, endpoint: string): Promise<void> {
  // A socket's file outlives the process that made it.
  if (process.platform !== 'win32') fs.rmSync(endpoint, { force: true });
  await listen(core.clients.server, endpoint);
}

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (typeof args === 'string') {
    console.error(args);
    process.exit(exit.usage);
  }
  const secrets = readSecrets(args);
  fs.mkdirSync(args.dataDir, { recursive: true, mode: 0o700 });
  // One spelling for all: of the endpoints, of the records, and of what is shown.
  const dataDir = fs.realpathSync.native(args.dataDir);
  const endpoints = prepareEndpoints(dataDir);
  const taken = await takeOwnership(endpoints.owner, () => ({ pid: process.pid, endpoint: endpoints.core }));
  if ('owner' in taken) {
    console.log(JSON.stringify({ ready: false, owner: taken.owner }));
    process.exit(exit.owned);
  }
  const log = new FileLog(dataDir);
  const platform = platformFor(process.platform);
  const launcher = new LauncherLink({
    script: path.join(__dirname, 'launcher.js'),
    dataDir,
    endpoints,
    core: { exec: process.execPath, args: restartArguments({ ...args, dataDir }), cwd: dataDir },
    log,
  });
  // Before this process lowers itself: what it starts inherits its standing, and the games inherit the launcher's.
  await launcher.open();
  if (args.lowersItself) launcher.prepareSpare((exec, argv, cwd) => platform.spare(exec, argv, cwd));
  if (args.lowersItself) platform.fileRanges.prepare();
  const standing = args.lowersItself ? platform.priority.lower() : platform.priority.current();
  for (const shortfall of standing.shortfalls) log.write('warn', 'priority', 'not lowered', { shortfall });

  const made: { core?: Core } = {};
  const leave = (): void => {
    log.write('info', 'core', 'leaving; servers run on');
    end(made.core?.dispose() ?? launcher.release(), () => taken.owned.release());
  };
  const departure = new Departure({ partings: () => made.core?.partings, leave });
  departure.listen();
  const begin = (): void => {
    departure.begin();
  };
  const core = new Core({
    ...{ ...args, dataDir, bundleDir: __dirname, endpoints, platform, launcher, log, standing, secrets },
    leave: begin,
  });
  made.core = core;
  core.start();
  await answerAt(core, endpoints.core);
  const ready = { ready: true, pid: process.pid, endpoint: endpoints.core, token: endpoints.tokenFile, version };
  console.log(JSON.stringify(ready));
}

// The reader of our first line may be gone by the time of a second.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(exit.broken);
});
