interface Call {
  readonly number: number;
  readonly command: string;
  readonly argument: unknown;
}

/**
 * Makes this process a subject of a bench: the runner calls the commands one after the other, and each answers with plain
 * data. It ends with the runner.
 */
export function serve(commands: Readonly<Record<string, (argument: never) => unknown>>): void {
  const answer = async ({ number, command, argument }: Call): Promise<void> => {
    try {
      const run = commands[command];
      if (!run) throw new Error(`there is no command ${command}`);
      process.send?.({ number, result: await run(argument as never) });
    } catch (error) {
      process.send?.({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on('message', (call: Call) => {
    if (call.command === 'end') process.exit(0);
    void answer(call);
  });
  process.on('disconnect', () => process.exit(1));
}
