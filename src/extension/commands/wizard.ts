import * as vscode from 'vscode';

export const back = Symbol('back');
export type Answer<T> = T | typeof back | undefined;

interface Place {
  readonly title: string;
  readonly step: number;
  readonly of: number;
}

/** One question: gets its place in the row of questions, answers with a value, with `back`, or undefined to give up. */
export type Question<S> = (state: S, place: Place) => Promise<Answer<Partial<S>>>;

/** Asks one after the other. Going back keeps the answers; giving up anywhere gives undefined. */
export async function ask<S extends object>(
  title: string,
  start: S,
  questions: readonly Question<S>[],
): Promise<S | undefined> {
  let state = start;
  let index = 0;
  while (index < questions.length) {
    const question = questions[index];
    if (question === undefined) break;
    const answer = await question(state, { title, step: index + 1, of: questions.length });
    if (answer === undefined) return undefined;
    if (answer === back) index = Math.max(0, index - 1);
    else {
      state = { ...state, ...answer };
      index++;
    }
  }
  return state;
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** A heading among the choices; it cannot be chosen. */
export interface Heading extends vscode.QuickPickItem {
  readonly kind: vscode.QuickPickItemKind.Separator;
}

export async function askChoice<T>(
  place: Place,
  options: { items: readonly (Choice<T> | Heading)[]; placeholder: string; active?: T },
): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<Choice<T> | Heading>();
  pick.items = options.items;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const active = options.items.find((item) => 'value' in item && item.value === options.active);
  if (active !== undefined) pick.activeItems = [active];
  return await shown(pick, place, (answer) => [
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined && 'value' in chosen) answer(chosen.value);
    }),
  ]);
}

/** One or more of them; Enter on none is no answer. */
export async function askSeveral<T>(
  place: Place,
  options: { items: readonly Choice<T>[]; placeholder: string; selected: readonly T[] },
): Promise<Answer<T[]>> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.canSelectMany = true;
  pick.items = options.items;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.selectedItems = options.items.filter(({ value }) => options.selected.includes(value));
  return await shown(pick, place, (answer) => [
    pick.onDidAccept(() => {
      if (pick.selectedItems.length > 0) answer(pick.selectedItems.map(({ value }) => value));
    }),
  ]);
}

export type Complaint = string | vscode.InputBoxValidationMessage | undefined;

export interface TextOptions {
  readonly value: string;
  readonly prompt: string;
  readonly placeholder?: string;
  /** An error keeps the box open, a warning does not. */
  readonly check: (text: string) => Complaint | Promise<Complaint>;
  /** A button beside the title that fills in the text, such as a file dialog. */
  readonly fill?: { button: vscode.QuickInputButton; run: () => Promise<string | undefined> };
  /** It is not shown. */
  readonly isSecret?: boolean;
}

export async function askText(place: Place, options: TextOptions): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  box.value = options.value;
  box.prompt = options.prompt;
  if (options.placeholder !== undefined) box.placeholder = options.placeholder;
  if (options.fill !== undefined) box.buttons = [options.fill.button];
  if (options.isSecret === true) box.password = true;
  const hold: Hold = { active: false };
  let asked = 0;
  const check = async (): Promise<boolean> => {
    const mine = ++asked;
    const complaint = await options.check(box.value);
    // A slow check of an older text must not speak about the newer one.
    if (mine === asked) box.validationMessage = complaint;
    return complaint === undefined || (typeof complaint === 'object' && complaint.severity < severity.Error);
  };
  const wire = (answer: (value: string) => void): vscode.Disposable[] => [
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    }),
    box.onDidAccept(async () => {
      box.busy = true;
      const isFine = await check();
      box.busy = false;
      if (isFine) answer(box.value);
    }),
    box.onDidTriggerButton(async (button) => {
      if (button !== options.fill?.button) return;
      hold.active = true;
      const text = await options.fill.run();
      hold.active = false;
      if (text !== undefined) box.value = text;
      box.show();
    }),
  ];
  return await shown(box, place, wire, hold);
}

const severity = vscode.InputBoxValidationSeverity;

/** What a quick pick and an input box have in common here. */
interface Input extends vscode.QuickInput {
  buttons: readonly vscode.QuickInputButton[];
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
}

/** While active, a hidden input is no answer: a file dialog of the web is shown in its place. */
interface Hold {
  active: boolean;
}

async function shown<T>(
  input: Input,
  place: Place,
  wire: (answer: (value: T) => void) => vscode.Disposable[],
  hold: Hold = { active: false },
): Promise<Answer<T>> {
  input.title = place.title;
  input.step = place.step;
  input.totalSteps = place.of;
  // A file dialog or a glance at another window must not lose what was typed.
  input.ignoreFocusOut = true;
  if (place.step > 1) input.buttons = [vscode.QuickInputButtons.Back, ...input.buttons];
  const parts: vscode.Disposable[] = [input];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      parts.push(
        ...wire(resolve),
        input.onDidTriggerButton((button) => {
          if (button === vscode.QuickInputButtons.Back) resolve(back);
        }),
        input.onDidHide(() => {
          if (!hold.active) resolve(undefined);
        }),
      );
      input.show();
    });
  } finally {
    for (const part of parts) part.dispose();
  }
}
