type Environment = Record<string, string | undefined>;

/**
 * What must not leak from VS Code, or from this program's own start, into another program: a game server with
 * ELECTRON_RUN_AS_NODE or somebody's NODE_OPTIONS behaves differently than when its owner starts it by hand.
 */
const foreign = /^(ELECTRON_|VSCODE_|MALLOC_|NODE_OPTIONS$|NODE_CHANNEL_FD$|NODE_UNIQUE_ID$|GSP_SERVER$)/i;

/** The place of a service's credentials: for our own processes, never for a game. */
const credentials = 'CREDENTIALS_DIRECTORY';

/** The environment for game servers: everything of `env` but the host's own variables, and what leads to secrets. */
export function cleanEnvironment(env: Environment): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) {
    if (value !== undefined && !foreign.test(key) && key !== credentials) clean[key] = value;
  }
  return clean;
}

/** The environment for our own processes: the host's executable behaves as plain Node, also where it is Electron. */
export function nodeEnvironment(env: Environment): Record<string, string> {
  const folder = env[credentials];
  const kept = folder === undefined ? {} : { [credentials]: folder };
  return { ...cleanEnvironment(env), ...kept, ELECTRON_RUN_AS_NODE: '1' };
}

/**
 * What Node is told when it runs a core. A small nursery: V8 lets it grow to many times of what is ever needed there, and
 * never gives it back; measured with ten servers, 7 MB less and no more CPU.
 */
export const coreFlags: readonly string[] = ['--max-semi-space-size=1'];

/**
 * What Node is told when it runs a launcher, which starts a server now and then and waits: it is not worth a compiler's memory.
 * Measured with twenty servers, 42 MB resident instead of 47.
 */
export const launcherFlags: readonly string[] = [...coreFlags, '--no-opt', '--no-sparkplug'];

/**
 * The environment for a core. glibc gives large blocks back to the system only while their threshold does not grow; it
 * grows with the first of them that is let go, unless it was set. Elsewhere nobody reads this.
 */
export function coreEnvironment(env: Environment): Record<string, string> {
  return { ...nodeEnvironment(env), MALLOC_MMAP_THRESHOLD_: '131072' };
}
