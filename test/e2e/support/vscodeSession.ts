import type { Browser, BrowserContext } from 'playwright-core';
import {
  installVsix,
  startCodeServer,
  type ProfileSettings,
  type RunningServer,
} from '../../../.scripts/lib/codeServer.mjs';
import { killAll, processesWith, type FoundProcess } from '../../../.scripts/lib/processes.mjs';
import { launchBrowser } from './browser.js';
import { given } from './machine.js';
import { Profile, type Language } from './profile.js';
import { VscodeWindow } from './vscodeWindow.js';

export interface SessionOptions {
  /** The display language; English unless said otherwise. */
  readonly language?: Language;
  /** Where the extension comes from: this clone's folder (unless said otherwise), or the package built from it. */
  readonly extension?: 'source' | 'package';
  readonly settings?: ProfileSettings;
  /** Called before VS Code starts, when the folders are there. */
  readonly prepare?: (profile: Profile) => void | Promise<void>;
  readonly size?: { readonly width: number; readonly height: number };
}

/** A real VS Code with a fresh profile and data directory, and a browser that shows its windows. */
export class VscodeSession {
  /** Those that are open, in the order of opening. */
  readonly windows: VscodeWindow[] = [];

  private constructor(
    readonly profile: Profile,
    private readonly server: RunningServer,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {}

  static async open(options: SessionOptions = {}): Promise<VscodeSession> {
    const profile = new Profile(options.language ?? 'en');
    const program = { node: given('GSP_VSCODE_NODE'), entry: given('GSP_VSCODE_ENTRY') };
    const env = profile.environment;
    try {
      profile.writeSettings(options.settings ?? {});
      if (options.extension === 'package') {
        await installVsix({ ...program, root: profile.root, vsix: given('GSP_VSIX'), env });
      } else {
        profile.linkSource();
      }
      await options.prepare?.(profile);
      const server = await startCodeServer({
        ...program,
        root: profile.root,
        folder: profile.workspace,
        // A closed page leaves no farewell; without this, its extension host would wait three hours for it to return.
        args: [...profile.arguments, '--reconnection-grace-time', '5'],
        env,
        logFile: profile.serverLog,
      });
      const browser = await launchBrowser(profile.root, { [Profile.markName]: profile.mark });
      const context = await browser.newContext({ viewport: options.size ?? { width: 1400, height: 900 } });
      const session = new VscodeSession(profile, server, browser, context);
      await session.openWindow();
      return session;
    } catch (error) {
      await killAll(Profile.markName, profile.mark);
      profile.remove();
      throw error;
    }
  }

  /** The first window. */
  get window(): VscodeWindow {
    const [first] = this.windows;
    if (first === undefined) throw new Error('no window is open');
    return first;
  }

  get dataDir(): string {
    return this.profile.dataDir;
  }

  /** Another window on the same folder, with an extension host of its own; the browser, and so its memory, is the same. */
  async openWindow(): Promise<VscodeWindow> {
    const page = await this.context.newPage();
    const window = await VscodeWindow.open(page, this.server.url, this.profile.workspace);
    this.windows.push(window);
    page.once('close', () => this.windows.splice(this.windows.indexOf(window), 1));
    return window;
  }

  /** All that this VS Code has led to: its own processes, the core, the launcher, game servers. */
  processes(): FoundProcess[] {
    return processesWith(Profile.markName, this.profile.mark);
  }

  /** Ends everything by force, game servers included, and removes every trace. */
  async close(): Promise<void> {
    await this.browser.close().catch(() => undefined);
    await this.server.stop();
    const left = await killAll(Profile.markName, this.profile.mark);
    this.profile.remove();
    if (left.length > 0)
      throw new Error(`cannot be ended: ${left.map(({ pid, command }) => `${pid} ${command}`).join(', ')}`);
  }
}
