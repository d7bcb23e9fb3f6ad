import fs from 'node:fs';

const raisedNice = -5;
/** CAP_SYS_NICE, of the lower 32 capabilities. */
const capSysNice = 1 << 23;

/** Servers can be started above normal priority by this user: always on Windows, elsewhere where the system gives the right. */
export function canRaise(): boolean {
  if (process.platform === 'win32') return true;
  if (process.platform !== 'linux') return process.getuid?.() === 0;
  return mayRaise(text('/proc/self/status'), text('/proc/self/limits'));
}

/** By what Linux tells of a process: its capabilities, and the limit of its niceness (as 20 - nice). */
export function mayRaise(status: string, limits: string): boolean {
  const effective = /^CapEff:\s*[0-9a-f]*?([0-9a-f]{1,8})$/m.exec(status)?.[1] ?? '0';
  const nice = /^Max nice priority\s+(\S+)/m.exec(limits)?.[1] ?? '0';
  return (parseInt(effective, 16) & capSysNice) !== 0 || nice === 'unlimited' || 20 - Number(nice) <= raisedNice;
}

function text(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
