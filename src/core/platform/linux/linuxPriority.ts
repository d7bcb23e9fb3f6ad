import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { messageOf } from '../../../shared/failure.js';
import type { PriorityPort, Standing } from '../../ports.js';
import { becomeFirstChoice, oomScore } from './oomScore.js';

const niceness = 10;

/**
 * setpriority and ioprio_set reach only one thread each, and where autogroup scheduling is on, niceness counts only within
 * a session: so every thread is lowered, and then the session's group (measured: without the group a CPU is shared 50:50).
 */
export class LinuxPriority implements PriorityPort {
  private ioClass = 'none';
  private shortfalls: string[] = [];

  lower(): Standing {
    this.shortfalls = [];
    const threads = this.lowerThreads();
    this.lowerIo(threads);
    this.lowerGroup();
    const refused = becomeFirstChoice();
    if (refused !== undefined) this.shortfalls.push(refused);
    return this.current();
  }

  current(): Standing {
    const { ioClass, shortfalls } = this;
    return { nice: os.getPriority(), ioClass, oomScoreAdj: oomScore(), shortfalls };
  }

  private lowerThreads(): string[] {
    // Twice: a thread may have been born of one not lowered yet while the first pass ran.
    let threads: string[] = [];
    for (let pass = 0; pass < 2; pass++) {
      threads = fs.readdirSync('/proc/self/task');
      for (const thread of threads) {
        try {
          os.setPriority(Number(thread), niceness);
        } catch (error) {
          if (fs.existsSync(`/proc/self/task/${thread}`)) this.shortfalls.push(`nice: ${messageOf(error)}`);
        }
      }
    }
    return threads;
  }

  private lowerIo(threads: readonly string[]): void {
    // Node cannot make the system call; util-linux's program does it for all threads at once. Later threads inherit.
    const done = spawnSync('ionice', ['-c', '3', '-p', ...threads], { timeout: 5000, stdio: 'ignore' });
    if (done.status === 0) this.ioClass = 'idle';
    else this.shortfalls.push(`io: ${done.error === undefined ? 'refused' : messageOf(done.error)}`);
  }

  private lowerGroup(): void {
    const file = '/proc/self/autogroup';
    if (!fs.existsSync(file)) return;
    if (!sessionIsOurs()) {
      this.shortfalls.push('autogroup: other programs run in this session');
      return;
    }
    try {
      fs.writeFileSync(file, String(niceness));
    } catch (error) {
      this.shortfalls.push(`autogroup: ${messageOf(error)}`);
    }
  }
}

interface Kin {
  parent: number;
  session: number;
}

function kin(pid: number | string): Kin | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), session: Number(fields[3]) };
  } catch {
    return undefined;
  }
}

/**
 * The scheduling group is the session's: lowering it lowers everyone in it. True when that is this process and those
 * who wait for it (the shell or service it was started from), and no game that somebody started beside it.
 */
function sessionIsOurs(): boolean {
  const own = kin(process.pid);
  if (own === undefined) return false;
  const ancestors = new Set<number>();
  for (let pid = own.parent; pid > 0 && !ancestors.has(pid); pid = kin(pid)?.parent ?? 0) ancestors.add(pid);
  for (const name of fs.readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const other = kin(name);
    if (other?.session !== own.session) continue;
    const pid = Number(name);
    if (pid !== process.pid && !ancestors.has(pid)) return false;
  }
  return true;
}
