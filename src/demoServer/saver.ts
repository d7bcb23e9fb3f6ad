/** Never two saves at once. A save that is asked for during another follows it, since that one began too early for it. */
export class Saver {
  private running: Promise<boolean> | null = null;
  private following: Promise<boolean> | null = null;

  /** `saveOnce` says whether it worked; it must not throw. */
  constructor(private readonly saveOnce: () => Promise<boolean>) {}

  get busy(): boolean {
    return this.running !== null;
  }

  save(): Promise<boolean> {
    if (this.running === null) {
      this.running = this.saveOnce().finally(() => (this.running = null));
      return this.running;
    }
    this.following ??= this.running.then(() => {
      this.following = null;
      return this.save();
    });
    return this.following;
  }
}
