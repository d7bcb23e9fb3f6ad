import * as v from 'valibot';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type Schema<T> = v.GenericSchema<unknown, T>;

/**
 * The view's end of the border to its host. Whatever does not match the schema is dropped with a warning: a broken
 * message must not break a panel that works. One per page, as VS Code gives its API out only once.
 */
export class Bridge<In, Out, Intent> {
  private readonly api = acquireVsCodeApi();

  constructor(
    private readonly incoming: Schema<In>,
    private readonly intentSchema: Schema<Intent>,
  ) {}

  /** Returns what stops listening. */
  listen(receive: (message: In) => void): () => void {
    const onMessage = ({ data }: MessageEvent<unknown>) => {
      const message = v.safeParse(this.incoming, data);
      if (message.success) receive(message.output);
      else console.warn('A message from the extension was ignored:', v.summarize(message.issues));
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }

  post(message: Out): void {
    this.api.postMessage(message);
  }

  /** What somebody chose to look at, kept by VS Code across hiding and reloads; null the first time. */
  get intent(): Intent | null {
    const stored = v.safeParse(this.intentSchema, this.api.getState());
    return stored.success ? stored.output : null;
  }

  saveIntent(intent: Intent): void {
    this.api.setState(intent);
  }
}
