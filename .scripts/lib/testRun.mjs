// A run of the tests has a folder of its own for temporary files, and a mark that all its processes carry. Both show
// what is left over afterwards: a process or a folder that stays is a fault like any other.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { killAll, waitUntilGone } from './processes.mjs';

const markName = 'GSP_TEST_RUN';
const graceMs = 5_000;
/** What the tools themselves leave there: Node's cache of compiled code, and what Chromium and Wine forget when they are ended. */
const ofTools = [/^node-compile-cache$/, /^\.org\.chromium\./, /^wine-\w{6}$/];

export class TestRun {
  constructor() {
    // A short path, because the sockets in it may have 107 characters at most.
    // Under its real name: Windows may give the user's folder in its short form, as RUNNER~1.
    const parent = process.platform === 'win32' ? realpathSync.native(os.tmpdir()) : os.tmpdir();
    this.folder = mkdtempSync(path.join(parent, 'gsp-t-'));
    this.mark = path.basename(this.folder);
    this.open();
  }

  /** The environment of everything in this run. */
  environment(more) {
    const { folder } = this;
    // Vite's own notice about the ending of its configuration file is of no use to anyone here.
    const quiet = { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' };
    return { ...process.env, ...quiet, ...more, [markName]: this.mark, TMPDIR: folder, TMP: folder, TEMP: folder };
  }

  /** Ends and removes what is left over, and returns what that was, one sentence each. */
  async takeLeftovers() {
    const processes = await waitUntilGone(markName, this.mark, graceMs);
    await this.killProcesses();
    const files = readdirSync(this.folder).filter((name) => !ofTools.some((pattern) => pattern.test(name)));
    const held = this.remove();
    mkdirSync(this.folder, { recursive: true }); // the next project uses it again
    this.open();
    return [
      ...processes.map(({ pid, command }) => `a process was left running: ${pid} ${command.slice(0, 200)}`),
      ...files.map((name) => `a temporary file or folder was left: ${name}`),
      ...(held === undefined ? [] : [`the folder for temporary files is held by somebody: ${held}`]),
    ];
  }

  /** Some games refuse to run as root: they are started as another user, who has to get to the files of their own. */
  open() {
    chmodSync(this.folder, 0o711);
  }

  async killProcesses() {
    await killAll(markName, this.mark);
  }

  /** Returns why it is still there, if it is: on Windows, whoever has a file in it open or works in it keeps it. */
  remove() {
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
      return undefined;
    } catch (error) {
      return error.message;
    }
  }
}
