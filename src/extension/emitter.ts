/** Shaped like vscode.Event, so that what has no other need of VS Code can be tested without it. */
export type Event<T> = (listener: (value: T) => unknown) => { dispose(): void };

export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => unknown>();

  /** One listener's failure never keeps the news from the others. */
  constructor(private readonly report: (error: unknown) => void = () => undefined) {}

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that a function subscribed twice is two subscriptions.
    const own = (value: T): unknown => listener(value);
    this.listeners.add(own);
    return { dispose: () => void this.listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.report(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
