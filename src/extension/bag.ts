export interface Disposable {
  dispose(): unknown;
}

/** Disposes in reverse order; one failure never keeps the rest alive, and what is added too late is disposed at once. */
export class Bag implements Disposable {
  private items: Disposable[] | undefined = [];

  constructor(private readonly report: (error: unknown) => void = () => undefined) {}

  add<T extends Disposable>(item: T): T {
    if (this.items === undefined) this.end(item);
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    const items = this.items ?? [];
    this.items = undefined;
    for (const item of items.reverse()) this.end(item);
  }

  private end(item: Disposable): void {
    try {
      item.dispose();
    } catch (error) {
      this.report(error);
    }
  }
}
