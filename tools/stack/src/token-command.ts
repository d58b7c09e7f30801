import type { Command } from './command/command.ts';
import { oneOf, readOptions } from './command/read-options.ts';
import { defaultAudience, runningState, signIn } from './sign-in.ts';
import { clients, entries } from './topology/topology.ts';

const usage = `npm run -s token [-- OPTIONS]: signs a seeded user in at the running stack and prints the access token.

  --user NAME        alice, bob, carol or sam (default alice)
  --client NAME      ${clients.join(', ')} (default web)
  --audience NAME    ${entries.join(', ')}: the entry that the token is for
                     (default: gateway at level 1, otherwise the client's own BFF)
  --help             this text

Exit status: 0 with a token on standard output and nothing else; 1 without; 2 for wrong usage.`;

export const tokenCommand: Command = {
  usage,
  async run(args, { paths, terminal }) {
    const { values } = readOptions(args, {
      user: { type: 'string', default: 'alice' },
      client: { type: 'string', default: 'web' },
      audience: { type: 'string' },
    });
    const client = oneOf('--client', values.client, clients);
    const asked = values.audience === undefined ? undefined : oneOf('--audience', values.audience, entries);
    const state = runningState(paths);
    const audience = asked ?? defaultAudience(state, client);
    terminal.line(await signIn(state, { user: values.user, client, audience }));
    return 0;
  },
};
