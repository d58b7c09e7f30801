import { obtainSession, SignInError } from '@bff/auth/headless';
import { CommandError } from './command/command-error.ts';
import type { Command } from './command/command.ts';
import { readOptions } from './command/read-options.ts';
import { developmentPassword, runningState } from './sign-in.ts';

const usage = `npm run -s session [-- OPTIONS]: signs a seeded user in at web-bff of the running stack and prints the Cookie header.

  --user NAME      alice, bob, carol or sam (default alice)
  --help           this text

  curl -H "$(npm run -s session)" http://127.0.0.1:8081/v1/orders

What changes something also needs the headers X-CSRF: 1 and Origin: http://127.0.0.1:8081.
Exit status: 0 with the header on standard output and nothing else; 1 without; 2 for wrong usage.`;

export const sessionCommand: Command = {
  usage,
  async run(args, { paths, terminal }) {
    const { values } = readOptions(args, { user: { type: 'string', default: 'alice' } });
    const state = runningState(paths);
    const [site] = state.entries.web ?? [];
    if (site === undefined) {
      throw new CommandError(
        `Level ${state.level} has no BFF for the browser; start one with \`npm start -- --level 2\`.`,
      );
    }
    try {
      const cookie = await obtainSession({ site, user: values.user, password: developmentPassword });
      terminal.line(`Cookie: ${cookie}`);
    } catch (cause) {
      throw new CommandError(explain(cause, site, values.user), { cause });
    }
    return 0;
  },
};

function explain(cause: unknown, site: string, user: string): string {
  if (!(cause instanceof SignInError))
    return `web-bff at ${site} does not answer; is the stack still running?`;
  return `No session for "${user}": ${cause.message.replace(/\.$/, '')}. Users are alice, bob, carol and sam.`;
}
