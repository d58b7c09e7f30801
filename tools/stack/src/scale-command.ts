import { CommandError } from './command/command-error.ts';
import type { Command } from './command/command.ts';
import { readOptions } from './command/read-options.ts';
import { askLauncher } from './control/ask-launcher.ts';

const usage = `npm run scale -- APP N: runs APP so many times in the running stack; those in front notice by themselves.

  APP     web-bff, mobile-bff, wearable-bff or edge at levels 3 and 4; order-service, payment-service, shipping-service
  N       how many processes, 1 to 20
  --help  this text

Exit status: 0 when they run and are used, 1 when that failed, 2 for wrong usage.`;

export const scaleCommand: Command = {
  usage,
  async run(args, surroundings) {
    const { positionals } = readOptions(args, {}, { allowPositionals: true });
    const [app, count = '', ...more] = positionals;
    if (app === undefined || !/^\d{1,3}$/.test(count) || more.length > 0) {
      throw new CommandError('Give an app and how many, web-bff 3 for instance; --help says more.', {
        exitStatus: 2,
      });
    }
    return askLauncher({ do: 'scale', app, replicas: Number(count) }, surroundings);
  },
};
