import type { Locator, Page } from 'playwright-core';

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

  /** Takes all messages off the screen. */
  async clear(): Promise<void> {
    for (let left = await this.toasts.count(); left > 0; left--) {
      const toast = this.toasts.first();
      await toast.hover();
      await toast.locator('.codicon-notifications-clear').click();
    }
    await this.toasts.first().waitFor({ state: 'hidden' });
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
