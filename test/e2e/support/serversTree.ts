import type { Locator, Page } from 'playwright-core';
import { escape } from './quickInput.js';

/** VS Code ignores a click on a menu that has only just opened, lest it be the end of the click that opened it. */
const menuGuardMs = 350;

/** VS Code takes a moment to know a row that it has drawn; a button pressed before that acts on nothing. */
const newRowMs = 700;

/** What has not come, or gone, after so long does not by itself. */
const patienceMs = 5000;

const tabLink = 'a[aria-label^="Game Servers"], a[aria-label^="게임 서버"]';
const titles = { servers: /^\s*(Game Servers|게임 서버)\s*$/, alerts: /^\s*(Alerts|알림)\s*$/ };

/** A view of the panel: the servers, or their alerts. */
export class ServersTree {
  readonly rows: Locator;
  /** What stands there instead of rows while there is no server. */
  readonly welcome: Locator;
  private readonly tab: Locator;
  private readonly pane: Locator;

  constructor(
    private readonly page: Page,
    view: keyof typeof titles,
  ) {
    const title = page.locator('.pane-header h3.title', { hasText: titles[view] });
    this.pane = page.locator('.part.sidebar .pane').filter({ has: title });
    this.tab = page.locator('.activitybar').locator(tabLink);
    this.rows = this.pane.locator('.monaco-list-row[role="treeitem"]');
    this.welcome = this.pane.locator('.welcome-view-content');
  }

  /** Brings the view to the front. */
  async show(): Promise<void> {
    await this.tab.waitFor();
    const isChosen = this.page.locator('.activitybar .action-item.checked').filter({ has: this.page.locator(tabLink) });
    const shown = this.pane.locator('.pane-body');
    for (let tries = 1; ; tries++) {
      // While a window opens, VS Code brings back what it showed before: a click in that moment hides it again.
      if (!(await isChosen.isVisible())) await this.tab.click();
      try {
        await isChosen.waitFor({ timeout: patienceMs });
        await shown.waitFor({ timeout: patienceMs });
        return;
      } catch (error) {
        if (tries === 6) throw error;
      }
    }
  }

  /** The row of a server, by the name it shows. */
  row(name: string): Locator {
    const label = this.page.locator('.label-name', { hasText: new RegExp(`^\\s*${escape(name)}\\s*$`) });
    return this.rows.filter({ has: label }).first();
  }

  /** The line of numbers and words behind the name. */
  description(name: string): Locator {
    return this.row(name).locator('.label-description');
  }

  async expand(name: string): Promise<void> {
    const row = this.row(name);
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses one of the buttons that a row shows under the pointer. */
  async inline(name: string, action: string): Promise<void> {
    const row = this.row(name);
    for (let tries = 1; ; tries++) {
      await row.hover();
      await this.page.waitForTimeout(newRowMs);
      try {
        await row.locator(`.actions a[aria-label^="${action}"]`).click({ timeout: patienceMs });
        return;
      } catch (error) {
        if (tries === 4) throw error;
        // A tooltip may lie over it, of this row or of the one that the pointer was on; it goes when the pointer does.
        await this.page.mouse.move(900, 20);
        await this.page.waitForTimeout(newRowMs);
      }
    }
  }

  /** Opens a row's context menu and returns its entries as they stand there. */
  async openMenu(name: string): Promise<Locator> {
    await this.row(name).waitFor();
    await this.page.waitForTimeout(newRowMs);
    await this.row(name).click({ button: 'right' });
    const entries = this.page.locator('.context-view .monaco-menu .action-item a.action-menu-item');
    await entries.first().waitFor({ state: 'visible' });
    await this.page.waitForTimeout(menuGuardMs);
    return entries;
  }

  /** Chooses an entry of a row's context menu. */
  async menu(name: string, entry: string): Promise<void> {
    const entries = await this.openMenu(name);
    const exactly = this.page.locator('.action-label', { hasText: new RegExp(`^${escape(entry)}$`) });
    const wanted = entries.filter({ has: exactly }).first();
    if (await wanted.isVisible()) {
      await wanted.click();
      return;
    }
    const found = await entries.allInnerTexts();
    await this.page.keyboard.press('Escape'); // an open menu would keep later tests from everything else
    throw new Error(`the menu of ${name} has no ${entry}, but ${found.join(', ')}`);
  }

  /** Presses a button in the title of the view. */
  async title(action: string): Promise<void> {
    // Its buttons are there while the pointer is.
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator(`.pane-header a.action-label[aria-label^="${action}"]`).first().click();
  }
}
