import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { screenshots } from './machine.js';
import { Messages } from './messages.js';
import { QuickInput } from './quickInput.js';
import { ServersTree } from './serversTree.js';

const extensionId = 'game-server-panel.game-server-panel';
const openMs = 60_000;

/** One window of VS Code. */
export class VscodeWindow {
  readonly quickInput: QuickInput;
  readonly servers: ServersTree;
  readonly alerts: ServersTree;
  readonly messages: Messages;
  /** What the page said on its console, errors that nobody caught among it. */
  readonly consoleLines: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => this.consoleLines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.consoleLines.push(`uncaught: ${error.message}`));
    this.quickInput = new QuickInput(page);
    this.servers = new ServersTree(page, 'servers');
    this.alerts = new ServersTree(page, 'alerts');
    this.messages = new Messages(page);
  }

  static async open(page: Page, url: string, folder: string): Promise<VscodeWindow> {
    const window = new VscodeWindow(page);
    await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded', timeout: openMs });
    await window.waitUntilReady();
    return window;
  }

  /** Runs a command by its title in the palette, with its category: `Game Servers: Start`. */
  async run(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** The extension's entry in the status bar. */
  get status(): Locator {
    return this.page.locator(`[id="${extensionId}.status"]`);
  }

  /** The page inside the extension's panel; VS Code nests it twice. */
  get panel(): FrameLocator {
    const outer = `iframe.webview[src*="extensionId=${extensionId}"]:not([src*="purpose=webviewView"]):visible`;
    return this.page.frameLocator(outer).frameLocator('iframe#active-frame');
  }

  /** The text of the editor that is open, as far as it is on screen. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .view-lines');
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded', timeout: openMs });
    await this.waitUntilReady();
  }

  /** Keeps a picture of the window among the results of the tests. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(screenshots, { recursive: true });
    const file = path.join(screenshots, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  private async waitUntilReady(): Promise<void> {
    const activityBar = this.page.locator('.monaco-workbench .part.activitybar .action-item').first();
    await activityBar.waitFor({ timeout: openMs });
  }
}
