import { join } from 'node:path';
import { CommandError } from './command/command-error.ts';
import type { Command } from './command/command.ts';
import { readOptions } from './command/read-options.ts';
import { runningState, signIn } from './sign-in.ts';

const usage = `npm run -s glance [-- OPTIONS] ORDER: asks the watch's BFF of the running stack for one order, over gRPC.

  --user NAME      alice, bob, carol or sam (default alice)
  --token TOKEN    an access token for the watch's BFF, instead of signing in as the user
  --help           this text

Exit status: 0 with the answer as JSON on standard output; 1 for a status other than OK; 2 for wrong usage.`;

/** What needs nothing installed; \`grpcurl\` and every other gRPC client do the same with the same .proto file. */
export const glanceCommand: Command = {
  usage,
  async run(args, { paths, terminal }) {
    const { values, positionals } = readOptions(
      args,
      { user: { type: 'string', default: 'alice' }, token: { type: 'string' } },
      { allowPositionals: true },
    );
    const [orderId, ...more] = positionals;
    if (orderId === undefined || more.length > 0) {
      throw new CommandError('Give one order, ord_0001 for instance; --help lists the options.', {
        exitStatus: 2,
      });
    }
    const state = runningState(paths);
    const [address] = state.entries.wearable ?? [];
    if (address === undefined) {
      throw new CommandError(
        `Level ${state.level} has no BFF for the watch; start one with \`npm start -- --level 2\`.`,
      );
    }
    const token =
      values.token ?? (await signIn(state, { user: values.user, client: 'wearable', audience: 'wearable' }));
    const { fetchGlance } = await import('./fetch-glance.ts');
    const protoFolder = join(paths.root, 'apps/wearable-bff/proto');
    terminal.line(JSON.stringify(await fetchGlance({ address, protoFolder, orderId, token }), undefined, 2));
    return 0;
  },
};
