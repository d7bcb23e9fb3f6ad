// A file system of its own for each subject, so that what reaches the device can be told apart: ext4 in a file, mounted
// through a loop device. That takes root on Linux; elsewhere a subject gets a plain folder, and nobody counts for it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Interrupted, onPath, wasInterrupted } from '../run.mjs';

/** The file is sparse: it takes what is written only. */
const imageBytes = 2 * 1024 ** 3;
const sectorBytes = 512;
const commandMs = 60_000;

/** Bytes written to a block device since the system's start, from the text of /proc/diskstats; undefined if not listed. */
export function writtenToDevice(diskstats, device) {
  const fields = diskstats
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, , name]) => name === device);
  return fields && Number(fields[9]) * sectorBytes;
}

/** The last mount at a place, from the text of /proc/self/mounts: its device (as `loop0`) and kind of file system. */
export function mountAt(mounts, place) {
  const found = mounts
    .split('\n')
    .map((line) => line.split(' '))
    // Blanks in paths are written as octal numbers there.
    .filter(
      ([, point]) => point?.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))) === place,
    )
    .at(-1);
  return found && { device: path.basename(found[0]), kind: found[2] };
}

const readMount = (place) =>
  process.platform === 'linux' ? mountAt(readFileSync('/proc/self/mounts', 'utf8'), place) : undefined;

/** The kind of file system that a folder is on, or undefined. */
export function fileSystemOf(folder) {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const mount = readMount(place);
    if (mount) return mount.kind;
    if (place === path.dirname(place)) return undefined;
  }
}

/** Runs a short command to its end. Not through `start`: unmounting must work after an interruption, too. */
function command(name, ...args) {
  const { status, stderr, error } = spawnSync(name, args, { encoding: 'utf8', timeout: commandMs });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

/** Why device bytes cannot be counted here, or undefined. */
function whyNoDevice() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting takes root on Linux';
  const missing = ['mkfs.ext4', 'mount', 'umount', 'sync'].filter((name) => !onPath(name));
  return missing.length > 0 ? `there is no ${missing.join(', ')}` : undefined;
}

export class Volumes {
  /** Why bytes are counted per process and not at the device, or undefined. */
  whyNoDevice = whyNoDevice();
  #root;

  /** @param root a folder for this alone; what an earlier run has left there is removed */
  constructor(root) {
    this.#root = path.resolve(root);
    this.removeAll();
    mkdirSync(this.#root, { recursive: true });
  }

  /** A folder to write into. `written()` brings everything to the device and returns its bytes so far, or undefined. */
  create(name) {
    if (wasInterrupted()) throw new Interrupted();
    const folder = path.join(this.#root, name);
    mkdirSync(folder);
    if (this.whyNoDevice) return { folder, written: () => undefined };
    try {
      const image = `${folder}.img`;
      writeFileSync(image, '');
      truncateSync(image, imageBytes);
      // What mkfs leaves for later would be written while a subject is measured.
      command('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image);
      command('mount', '-o', 'loop', image, folder);
    } catch (error) {
      this.whyNoDevice = error.message;
      return { folder, written: () => undefined };
    }
    const { device } = readMount(folder);
    return {
      folder,
      written: () => {
        command('sync', '-f', folder);
        return writtenToDevice(readFileSync('/proc/diskstats', 'utf8'), device);
      },
    };
  }

  /** Unmounts and removes everything. Whatever still has a file open there must have ended. */
  removeAll() {
    if (!existsSync(this.#root)) return;
    for (const entry of readdirSync(this.#root, { withFileTypes: true })) {
      const place = path.join(this.#root, entry.name);
      while (entry.isDirectory() && readMount(place)) unmount(place);
    }
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function unmount(place) {
  try {
    command('umount', place);
  } catch {
    // Still in use by a process that is just ending: it goes as soon as that is gone.
    command('umount', '--lazy', place);
  }
}
