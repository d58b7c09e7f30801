import { CommandError } from './command/command-error.ts';
import type { Command } from './command/command.ts';
import { readOptions } from './command/read-options.ts';
import { askLauncher } from './control/ask-launcher.ts';

const usage = `npm run restart -- APP: ends and starts the processes of APP in the running stack, one after the other.

  APP     the name of an app, web-bff for instance; each of its processes
  --all   every process of the stack
  --help  this text

The next one ends when the last one is ready and used by those in front of it, so that no request is lost where there
are replicas. Exit status: 0 when all are ready again, 1 when that failed, 2 for wrong usage.`;

export const restartCommand: Command = {
  usage,
  async run(args, surroundings) {
    const { values, positionals } = readOptions(
      args,
      { all: { type: 'boolean', default: false } },
      { allowPositionals: true },
    );
    const [app, ...more] = positionals;
    if ((app === undefined) !== values.all || more.length > 0) {
      throw new CommandError('Give one app, web-bff for instance, or --all; --help says more.', {
        exitStatus: 2,
      });
    }
    return askLauncher({ do: 'restart', ...(app !== undefined && { app }) }, surroundings);
  },
};
