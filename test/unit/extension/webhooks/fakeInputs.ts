import { fakeVscode } from '../games/fakeWindow.js';

interface Item {
  readonly label: string;
}
type Listener = (value?: unknown) => unknown;

const backButton = { iconPath: 'back' };

/** A quick pick or an input box as `createQuickPick` and `createInputBox` make it. */
class FakeInput {
  title = '';
  step = 0;
  totalSteps = 0;
  prompt = '';
  placeholder = '';
  value = '';
  password = false;
  canSelectMany = false;
  validationMessage: unknown;
  buttons: unknown[] = [];
  items: Item[] = [];
  selectedItems: Item[] = [];
  activeItems: Item[] = [];
  private readonly listeners: Record<string, Listener[]> = {};

  onDidAccept = (listener: Listener) => this.listen('accept', listener);
  onDidHide = (listener: Listener) => this.listen('hide', listener);
  onDidChangeValue = (listener: Listener) => this.listen('value', listener);
  onDidTriggerButton = (listener: Listener) => this.listen('button', listener);

  show(): void {
    inputs.shown.push(this);
    const act = inputs.acts.shift();
    // Escape, where nobody knows what to do.
    queueMicrotask(() => void (act ?? escape)(this));
  }

  dispose(): void {}

  async fire(event: string, value?: unknown): Promise<void> {
    for (const listener of this.listeners[event] ?? []) await listener(value);
  }

  private listen(event: string, listener: Listener): { dispose(): void } {
    (this.listeners[event] ??= []).push(listener);
    return { dispose: () => undefined };
  }
}

type Act = (input: FakeInput) => Promise<void>;

/** What is done with the inputs that are shown, one after the other, and what they were. */
export const inputs = { acts: [] as Act[], shown: [] as FakeInput[], faults: [] as unknown[] };

export const escape: Act = (input) => input.fire('hide');
export const goBack: Act = (input) => input.fire('button', backButton);

/** Types one after the other, Enter behind each; what is wrong with one is kept in `faults`. */
export const types =
  (...texts: string[]): Act =>
  async (input) => {
    for (const text of texts) {
      input.value = text;
      await input.fire('accept');
      if (input.validationMessage !== undefined) inputs.faults.push(input.validationMessage);
    }
  };

export const enters: Act = (input) => input.fire('accept');

export const chooses =
  (...labels: string[]): Act =>
  async (input) => {
    input.selectedItems = input.items.filter(({ label }) => labels.includes(label));
    await input.fire('accept');
  };

export const vscodeWithInputs = {
  ...fakeVscode,
  QuickInputButtons: { Back: backButton },
  InputBoxValidationSeverity: { Info: 1, Warning: 2, Error: 3 },
  ConfigurationTarget: { Global: 1 },
  window: { ...fakeVscode.window, createQuickPick: () => new FakeInput(), createInputBox: () => new FakeInput() },
};
