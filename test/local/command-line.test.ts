import { resolve } from 'node:path';
import { parseCommandLine, type Command } from '../../local/command-line';

const parse = (...args: string[]): Command => parseCommandLine(args, { dataDir: '/data' });

describe('parseCommandLine', () => {
  it('has defaults', () => {
    expect(parse()).toEqual({ kind: 'run', port: 4566, dataDir: '/data', json: false, context: {} });
  });

  it('reads every flag', () => {
    const args = '--port 0 --data d --json --context a=1 --context b=x=y --assembly out --duplicate-events 7';
    expect(parse(...args.split(' '))).toEqual({
      kind: 'run',
      port: 0,
      dataDir: resolve('d'),
      json: true,
      context: { a: '1', b: 'x=y' },
      assemblyDir: resolve('out'),
      faults: { duplicateEvents: { seed: 7 } },
    });
  });

  it('is asked for help', () => {
    expect(parse('--help')).toEqual({ kind: 'help' });
  });

  it.each([
    [['--port', 'http'], '--port is "http"; give a whole number from 0 to 65535.'],
    [['--port', '70000'], '--port is "70000"'],
    [['--context', 'a'], '--context is "a"; give it as KEY=VALUE.'],
    [['--duplicate-events', '-1'], '--duplicate-events'],
    [['--verbose'], /--verbose.*--port N/s],
    [['extra'], /extra/],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
