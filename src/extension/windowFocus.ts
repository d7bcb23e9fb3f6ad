import * as vscode from 'vscode';

/** Whether somebody looks at this window, and not at another. */
export const windowFocus = {
  isFocused: (): boolean => vscode.window.state.focused,
  onDidFocus: (listener: () => void): vscode.Disposable =>
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) listener();
    }),
};
