/** Passwords of servers, as windows have told them. In memory only. */
export class Secrets {
  private readonly values = new Map<string, string>();

  get(id: string, key: string): string | undefined {
    return this.values.get(nameOf(id, key));
  }

  set(id: string, key: string, value: string | null): void {
    if (value === null) this.values.delete(nameOf(id, key));
    else this.values.set(nameOf(id, key), value);
  }
}

function nameOf(id: string, key: string): string {
  return JSON.stringify([id, key]);
}
