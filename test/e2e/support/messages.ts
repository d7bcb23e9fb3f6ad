import type { Locator, Page } from 'playwright-core';

const clearMs = 20_000;
const pressMs = 1_000;

/** Messages in the corner, and questions that want an answer first. */
export class Messages {
  readonly toasts: Locator;
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.toasts = page.locator('.notification-toast');
    this.dialog = page.locator('.monaco-dialog-box');
  }

  toast(text: string | RegExp): Locator {
    return this.toasts.filter({ hasText: text }).first();
  }

  /** Presses a button of a message. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const toast = this.toast(text);
    await toast.waitFor({ state: 'visible' });
    await toast.getByRole('button', { name: button, exact: true }).click();
  }

  /** Takes all messages off the screen, also one that comes up meanwhile. */
  async clear(): Promise<void> {
    const deadline = Date.now() + clearMs;
    while ((await this.toasts.count()) > 0) {
      if (Date.now() > deadline) throw new Error('a message does not leave the screen');
      const button = this.toasts.first().locator('.codicon-notifications-clear');
      // It may be fading out already, and then cannot be pressed any more.
      await button.click({ timeout: pressMs }).catch(() => undefined);
    }
  }

  /** Answers a question by the name of its button. */
  async answer(button: string): Promise<void> {
    await this.dialog.waitFor({ state: 'visible' });
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  /** The errors among the messages on screen. */
  async errors(): Promise<string[]> {
    const failed = this.toasts.filter({ has: this.page.locator('.codicon-error') });
    return failed.locator('.notification-list-item-message').allInnerTexts();
  }
}
