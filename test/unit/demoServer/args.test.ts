import { describe, expect, it } from 'vitest';
import { parseOptions, usage } from '../../../src/demoServer/args.js';

const optionsOf = (...argv: string[]) => {
  const parsed = parseOptions(argv);
  return 'options' in parsed ? parsed.options : parsed;
};

describe('arguments of the demo server', () => {
  it('has defaults for everything but the world', () => {
    expect(optionsOf('w.json')).toEqual({ world: 'w.json', port: 0, saveEverySeconds: 120, players: 3, seed: 1 });
  });

  it('reads every option, before and after the world', () => {
    expect(optionsOf('--port', '25565', 'w.json', '--save-every=0.5', '--players', '0', '--seed', '7')).toEqual({
      world: 'w.json',
      port: 25565,
      saveEverySeconds: 0.5,
      players: 0,
      seed: 7,
    });
  });

  it.each([
    [[], 'WORLD is missing'],
    [['a', 'b'], 'unexpected argument "b"'],
    [['w', '--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536"'],
    [['w', '--port', '1.5'], '--port must be a whole number from 0 to 65535, not "1.5"'],
    [['w', '--players', '33'], '--players must be a number from 0 to 32, not "33"'],
    [['w', '--players='], '--players must be a number from 0 to 32, not ""'],
    [['w', '--save-every', 'often'], '--save-every must be a number from 0 to 86400, not "often"'],
    [['w', '--save-every=-1'], '--save-every must be a number from 0 to 86400, not "-1"'],
    [['w', '--nope'], "Unknown option '--nope'"],
  ])('refuses %j', (argv, error) => {
    expect(parseOptions(argv)).toEqual({ error });
  });

  it('helps', () => {
    expect(parseOptions(['--help'])).toEqual({ help: true });
    expect(usage).toContain('--save-every SECONDS');
  });
});
