import type { ServerId, ServerView } from '../shared/contract.js';
import type { Disposable } from './bag.js';

interface Parts {
  readonly mirror: {
    onDidChange(listener: (ids: ReadonlySet<ServerId>) => unknown): Disposable;
    get(id: ServerId): ServerView | undefined;
  };
  /** Somebody looks at this window, and not at another. */
  isFocused(this: void): boolean;
  tell(this: void, server: ServerView): void;
}

/** Says of a server, once while this window is open, that it could not be given the priority that it was to have. */
export function priorityNotice({ mirror, isFocused, tell }: Parts): Disposable {
  const told = new Set<ServerId>();
  return mirror.onDidChange((ids) => {
    for (const id of ids) {
      const view = mirror.get(id);
      // It changes with every sample: who comes back to this window is told then.
      if (view?.priority !== 'refused' || told.has(id) || !isFocused()) continue;
      told.add(id);
      tell(view);
    }
  });
}
