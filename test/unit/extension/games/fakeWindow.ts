import { t } from '../fixtures.js';

export interface Item {
  readonly label: string;
  readonly description?: string;
}
type Accept = () => void;

/** A list as `createQuickPick` makes it. */
export class FakePick {
  title = '';
  placeholder = '';
  busy = false;
  items: Item[] = [];
  selectedItems: Item[] = [];
  isHidden = false;
  private readonly accepts: Accept[] = [];
  private readonly hides: Accept[] = [];

  onDidAccept(listener: Accept): void {
    this.accepts.push(listener);
  }

  onDidHide(listener: Accept): void {
    this.hides.push(listener);
  }

  show(): void {}

  dispose(): void {}

  hide(): void {
    this.isHidden = true;
    for (const hide of this.hides) hide();
  }

  choose(label: string): void {
    this.selectedItems = this.items.filter((item) => item.label === label);
    for (const accept of this.accepts) accept();
  }
}

interface Notice {
  readonly title: string | undefined;
  cancel(): void;
  isOver: boolean;
}

/** What somebody sees and does in VS Code, for the commands of games. */
export const user = {
  /** What is typed into the next boxes; undefined: Escape. */
  types: [] as (string | undefined)[],
  boxes: [] as { title?: string; prompt?: string; validateInput(text: string): string | undefined }[],
  /** Labels that are chosen in the next lists. */
  picks: [] as (string | undefined)[],
  lists: [] as { items: Item[]; options: { title?: string; placeHolder?: string } }[],
  /** Buttons that are pressed in the next messages. */
  presses: [] as (string | undefined)[],
  said: [] as unknown[][],
  status: [] as string[],
  quickPicks: [] as FakePick[],
  notices: [] as Notice[],
  ran: [] as unknown[][],
  copied: [] as string[],
};

export function forgetAll(): void {
  for (const list of Object.values(user)) list.length = 0;
}

const say =
  (kind: string) =>
  async (...message: unknown[]): Promise<unknown> => {
    user.said.push([kind, ...message]);
    return user.presses.shift();
  };

/** The part of the vscode module that they use. */
export const fakeVscode = {
  l10n: { t },
  ProgressLocation: { Notification: 15 },
  QuickPickItemKind: { Separator: -1 },
  ThemeIcon: class {
    constructor(readonly id: string) {}
  },
  env: { clipboard: { writeText: async (text: string) => void user.copied.push(text) } },
  commands: { executeCommand: async (...command: unknown[]) => void user.ran.push(command) },
  window: {
    createQuickPick: () => {
      const pick = new FakePick();
      user.quickPicks.push(pick);
      return pick;
    },
    showQuickPick: async (items: Item[], options: { title?: string }) => {
      user.lists.push({ items, options });
      const label = user.picks.shift();
      return items.find((item) => item.label === label);
    },
    showInputBox: async (box: (typeof user.boxes)[number]) => {
      user.boxes.push(box);
      return user.types.shift();
    },
    showInformationMessage: say('information'),
    showWarningMessage: say('warning'),
    showErrorMessage: say('error'),
    setStatusBarMessage: (text: string) => user.status.push(text),
    withProgress: async (
      { title, location }: { title?: string; location: unknown },
      task: (progress: undefined, token: unknown) => Promise<unknown>,
    ) => {
      const cancels: (() => void)[] = [];
      const notice = { title, cancel: () => cancels.forEach((cancel) => cancel()), isOver: false };
      if (location === 15) user.notices.push(notice);
      const token = {
        onCancellationRequested: (listener: () => void) => {
          cancels.push(listener);
          return { dispose: () => undefined };
        },
      };
      await task(undefined, token);
      notice.isOver = true;
    },
  },
};
