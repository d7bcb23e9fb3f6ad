import type { Heir } from '../ports.js';

/** What is known of a process that has ended while others of the same start live on. */
export interface Departed {
  /** Its program, without the folder; null where nobody looked in time. */
  readonly executable: string | null;
  /** Exit code; null after a signal, or where nobody was told. */
  readonly code: number | null;
  /** False where nobody was told how it ended. */
  readonly isKnown: boolean;
  /** A stop is under way. */
  readonly isStopping: boolean;
  /** It was started a short while ago, as a program is that only starts another. */
  readonly isYoung: boolean;
}

/** What runs a start script. Its end tells nothing about the server that it started. */
const shells = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'mksh', 'ash', 'busybox', 'fish', 'env', 'nohup', 'setsid'],
  ...['cmd.exe', 'powershell.exe', 'pwsh', 'wscript.exe', 'cscript.exe'],
]);

/** What games and start scripts leave behind, and what never is the game. */
const helpers = new Set([
  ...['crashpad_handler', 'chrome_crashpad_handler', 'crashhandler', 'crashreportclient', 'crashreporter'],
  ...['unitycrashhandler64', 'unitycrashhandler32', 'breakpad_handler', 'gameoverlayui', 'gameoverlayui64'],
  ...['wineserver', 'wineserver64', 'services.exe', 'winedevice.exe', 'explorer.exe', 'plugplay.exe', 'rpcss.exe'],
  ...['xvfb', 'xorg', 'xvfb-run', 'dbus-daemon', 'dbus-launch', 'gpg-agent', 'ssh-agent', 'pulseaudio'],
  ...['tail', 'tee', 'cat', 'sleep', 'logger', 'rotatelogs', 'script', 'gzip', 'tar', 'rsync', 'zip'],
  ...['conhost.exe', 'openconsole.exe', 'werfault.exe', 'werfaultsecure.exe', 'wermgr.exe', 'vsjitdebugger.exe'],
  ...['crashreportclienteditor', 'bssndrpt', 'bssndrpt64', 'steamerrorreporter', 'steamerrorreporter64'],
  ...['timeout.exe', 'ping.exe', 'choice.exe', 'find.exe', 'findstr.exe', 'more.com', 'xcopy.exe', 'robocopy.exe'],
]);

/** The same program is named with `.exe` on Windows and without it elsewhere; what only Windows has is listed with it. */
const isListed = (names: ReadonlySet<string>, name: string): boolean => {
  const lower = name.toLowerCase();
  return names.has(lower) || names.has(withoutEnding(lower));
};

function withoutEnding(name: string): string {
  return name.replace(/\.exe$/, '');
}

/**
 * A start script, or a program that forks away, has ended: which of the processes that it left is the server now?
 * Undefined when none is: then the server itself has ended, and what is left of it are orphans.
 *
 * A crash must never hide behind a helper that outlives it, and a world must never be taken for saved while the game
 * behind a script still saves it. So after a script everything is followed that may be the game; while a stop is under
 * way, too, unless the game itself was seen to end; after any other orderly end, the game by its name, the same program
 * (it has restarted itself), a shell (that is about to restart it), and whatever a young program leaves; after an end that
 * was no orderly one, only the game by its name behind something that was not the game; after an end of which nobody
 * knows whether it was one, the game by its name or the same program: a second one started beside it costs a world.
 */
export function successorOf(
  departed: Departed,
  heirs: readonly Heir[],
  gameExecutables: readonly string[],
): Heir | undefined {
  const candidates = heirs.filter((heir) => !isListed(helpers, heir.name));
  const gameNames = new Set(gameExecutables.map(withoutEnding));
  const isGame = (name: string | null): boolean => name !== null && gameNames.has(withoutEnding(name.toLowerCase()));
  const games = candidates.filter(({ name }) => isGame(name));
  const { executable, code, isKnown, isStopping, isYoung } = departed;
  if (executable !== null && isListed(shells, executable)) return eldestOf(games) ?? eldestOf(candidates);
  const wasGame = isGame(executable);
  const same = candidates.filter(({ name }) => name === executable);
  const likely = eldestOf(games) ?? eldestOf(same);
  if (!isKnown && !isStopping) return likely;
  if (code !== 0 && !isStopping) return wasGame ? undefined : eldestOf(games);
  if (likely !== undefined) return likely;
  if (isStopping) return wasGame ? undefined : eldestOf(candidates);
  return eldestOf(isYoung ? candidates : candidates.filter(({ name }) => isListed(shells, name)));
}

/** The largest one's topmost ancestor among them: what it has started belongs to its tree. */
function eldestOf(heirs: readonly Heir[]): Heir | undefined {
  const byPid = new Map(heirs.map((heir) => [heir.pid, heir]));
  let [eldest] = [...heirs].sort((a, b) => b.rssBytes - a.rssBytes);
  const seen = new Set<number>();
  while (eldest !== undefined && !seen.has(eldest.pid)) {
    seen.add(eldest.pid);
    const above = byPid.get(eldest.parent);
    if (above === undefined) break;
    eldest = above;
  }
  return eldest;
}

/** What all processes of one start carry in their environment, as GSP_SERVER. */
export function markOf(id: string, start: { readonly nonce: string }): string {
  return `${id}:${start.nonce}`;
}
