import { basename } from 'node:path';
import { parseOptions, usage, type Options } from './args.js';
import { LineSplitter } from './commands.js';
import { flushed, log } from './log.js';
import { GameServer } from './server.js';
import { loadWorld } from './world.js';

function fatal(reason: string): void {
  log('ERROR', `Fatal error: ${reason}`);
  flushed(() => process.exit(1));
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function main(options: Options): Promise<void> {
  // First of all, so that a stop during the start is not a crash.
  let stop: (() => void) | null = null;
  let stopWanted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) {
    if (signal === 'SIGBREAK' && process.platform !== 'win32') continue;
    process.on(signal, () => {
      stopWanted = true;
      stop?.();
    });
  }

  log('INFO', `Starting the demo server, process ${process.pid}`);
  const { world, movedTo } = await loadWorld(options.world, Date.now());
  if (movedTo !== null) log('WARN', `The world file is damaged and was moved to ${movedTo}; starting a new world`);
  else if (world.saves === 0) log('INFO', `Creating world "${basename(options.world)}"`);
  else log('INFO', `Loading world "${basename(options.world)}": day ${world.day}, ${world.saves} saves`);

  const server = new GameServer(options, world, (saved) => {
    // The process ends by itself once nothing is left to do; then every line is out, and nothing was cut short.
    process.exitCode = saved ? 0 : 1;
    process.stdin.destroy();
  });
  try {
    await server.start();
  } catch (error) {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    return fatal(inUse ? `port ${options.port} is already in use` : reasonOf(error));
  }
  stop = () => void server.stop();
  if (stopWanted) return stop();
  readCommands((line) => server.run(line));
}

/** The end of the input is not the end of the server: its starter may have gone. */
function readCommands(run: (line: string) => void): void {
  const splitter = new LineSplitter();
  process.stdin.on('error', () => undefined);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => splitter.push(chunk).forEach(run));
  process.stdin.on('end', () => splitter.end().forEach(run));
}

process.on('uncaughtException', (error) => fatal(error.stack ?? error.message));

const parsed = parseOptions(process.argv.slice(2));
if ('options' in parsed) {
  main(parsed.options).catch((error: unknown) => fatal(reasonOf(error)));
} else if ('help' in parsed) {
  process.stdout.write(usage);
} else {
  process.stderr.write(`${parsed.error}\n${usage}`);
  process.exitCode = 2;
}
