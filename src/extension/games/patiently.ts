import * as vscode from 'vscode';
import { viewId } from '../viewId.js';

/** What takes longer gets a notification that lets somebody stop waiting. */
const noticeAfterMs = 1000;

/**
 * Waits for what is usually done at once: in the thin bar of the view, and from a second on in a notification. Resolves
 * undefined when somebody does not want to wait any longer; `signal` is fired then.
 */
export async function patiently<T>(
  title: string,
  begin: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const controller = new AbortController();
  const left = new Promise<undefined>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(undefined));
  });
  const work = begin(controller.signal).then((value) => ({ value }));
  const ended = Promise.race([work, left]);
  // Whoever called hears of the failure, the signs of progress need only know that it is over.
  const over = ended.then(
    () => undefined,
    () => undefined,
  );
  work.catch(() => undefined);
  void vscode.window.withProgress({ location: { viewId } }, () => over);
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, async (_, token) => {
      const subscription = token.onCancellationRequested(() => controller.abort());
      await over;
      subscription.dispose();
    });
  }, noticeAfterMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
