import { Failure } from '../shared/failure.js';
import type { Farewell, LaunchedProcess, ProcessExit, SpawnRequest } from '../shared/launcherProtocol.js';
import type { Starter } from './starter.js';

/** The servers that this launcher has started and that have not ended. */
export class Processes {
  private readonly living = new Map<string, LaunchedProcess>();
  private readonly starting = new Set<string>();
  private readonly farewells = new Map<string, Farewell>();

  constructor(
    private readonly starter: Starter,
    private readonly onExit: (exit: ProcessExit) => void,
  ) {}

  list(): LaunchedProcess[] {
    return [...this.living.values()];
  }

  get count(): number {
    return this.living.size;
  }

  /** What was agreed on for the day that the PC goes down; undefined where nothing was. */
  farewell(id: string): Farewell | undefined {
    return this.farewells.get(id);
  }

  /** It has been told to stop. */
  noteTold(id: string): void {
    const launched = this.living.get(id);
    if (launched !== undefined) launched.toldAt = Date.now();
  }

  /** Tells it to stop: by its stdin, else by a signal to it and its group. */
  tell(id: string, { lines, signal }: Farewell): void {
    const launched = this.living.get(id);
    if (launched === undefined) return;
    this.noteTold(id);
    try {
      for (const line of lines) this.starter.write(id, line);
      if (lines.length > 0) return;
    } catch {
      // Nobody reads there, or has not for long: the signal then.
    }
    this.starter.interrupt(launched, signal);
  }

  /** Resolves when the program runs, which says nothing yet about how long. */
  async spawn(request: SpawnRequest): Promise<LaunchedProcess> {
    const { id, nonce } = request;
    if (this.living.has(id) || this.starting.has(id)) throw new Failure('already-running', { id });
    this.starting.add(id);
    try {
      const { pid, startTime, priorityRefused } = await this.starter.start(request, ({ code, signal }) => {
        this.living.delete(id);
        this.onExit({ id, nonce, pid, code, signal, at: Date.now() });
      });
      const launched: LaunchedProcess = { id, nonce, pid, startTime, startedAt: Date.now() };
      if (priorityRefused) launched.priorityRefused = true;
      this.living.set(id, launched);
      if (request.farewell === undefined) this.farewells.delete(id);
      else this.farewells.set(id, request.farewell);
      return launched;
    } finally {
      this.starting.delete(id);
    }
  }
}
