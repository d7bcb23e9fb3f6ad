import type { Locator, Page } from 'playwright-core';

const inputIn = '.quick-input-box input';

/** VS Code's one box for commands, choices and short texts. */
export class QuickInput {
  readonly box: Locator;
  /** What it says below the text: a question, or what is wrong with the input. */
  readonly message: Locator;
  readonly rows: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('.quick-input-widget');
    this.input = this.box.locator(inputIn);
    this.message = this.box.locator('.quick-input-message');
    this.rows = this.box.locator('.quick-input-list .monaco-list-row');
  }

  async waitUntilOpen(): Promise<void> {
    await this.input.waitFor({ state: 'visible' });
  }

  /**
   * Types a text over what stands there; leaves the box open. question: what the box asks, below its text or in it as long as it
   * is empty. The box of the question before stays for a moment after its answer, and what is typed into that one is lost.
   */
  async fill(question: string, text: string): Promise<void> {
    await this.asks(question);
    await this.input.fill(text);
  }

  /** Answers an input box. question: see fill. */
  async answer(question: string, text: string): Promise<void> {
    await this.fill(question, text);
    await this.input.press('Enter');
  }

  /** Takes what stands there. question: see fill. */
  async accept(question: string): Promise<void> {
    await this.asks(question);
    await this.input.press('Enter');
  }

  /** The row with exactly this label. */
  row(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^\\s*${escape(label)}\\s*$`) });
    return this.rows.filter({ has: name }).first();
  }

  /** Chooses the row with exactly this label. */
  async pick(label: string): Promise<void> {
    await this.waitUntilOpen();
    const row = this.row(label);
    await row.waitFor({ state: 'visible' });
    await row.click();
  }

  /** The labels of the rows on screen, from top to bottom. */
  async labels(): Promise<string[]> {
    await this.rows.first().waitFor({ state: 'visible' });
    return (await this.rows.locator('.label-name').allInnerTexts()).map((text) => text.trim());
  }

  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }

  /** Runs a command by its title in the palette, with its category: `Game Servers: Start`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    // An answered box that is still closing is not the palette.
    await this.page.waitForFunction(`document.querySelector(${JSON.stringify(inputIn)})?.value.startsWith('>')`);
    await this.input.fill(`>${title}`);
    await this.pick(title);
  }

  private async asks(question: string): Promise<void> {
    const inside = this.page.locator(`${inputIn}[placeholder*="${question}"]`);
    await this.box
      .filter({ hasText: question })
      .or(this.box.filter({ has: inside }))
      .waitFor();
  }
}

export function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
