const sameMs = 800;
const watchMs = 500;

/**
 * Calls `first` at the first Ctrl+C (or SIGTERM, SIGHUP) and `again` at a later one. npm passes on the signal that the
 * terminal has already sent to everyone, so one Ctrl+C arrives twice: what follows at once does not count.
 */
export function onInterrupt({ first, again }) {
  let firstAt;
  const heard = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      first();
    } else if (now - firstAt > sameMs) {
      again();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, heard);
  if (process.env.npm_lifecycle_event) whenOrphaned(() => firstAt === undefined && heard());
  // Whoever read the output may be gone, too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** A signal sent to npm alone ends the shell between npm and this process, and never arrives here. */
function whenOrphaned(call) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    call();
  }, watchMs);
  watch.unref();
}
