import { obtainToken, SignInError } from '@bff/auth/headless';
import { CommandError } from './command/command-error.ts';
import { readState, type StackState } from './prepare/stack-state.ts';
import type { StackPaths } from './prepare/stack-paths.ts';
import type { Client, Entry } from './topology/topology.ts';

/** What access tokens of an entry are made for. */
const audiences: Readonly<Record<Entry, string>> = {
  gateway: 'urn:bff:api-gateway',
  web: 'urn:bff:web-bff',
  mobile: 'urn:bff:mobile-bff',
  wearable: 'urn:bff:wearable-bff',
};

/** Every seeded user has it; the provider never runs in production. */
export const developmentPassword = 'password';

export interface SignIn {
  user: string;
  client: Client;
  /** Which entry the token is for. */
  audience: Entry;
}

/** An access token from the identity provider of the running stack. Throws a `CommandError`. */
export async function signIn(state: StackState, { user, client, audience }: SignIn): Promise<string> {
  const issuer = state.processes.find(({ app }) => app === 'identity-provider')?.url ?? '';
  try {
    const { accessToken } = await obtainToken({
      issuer,
      client,
      user,
      password: developmentPassword,
      audience: audiences[audience],
    });
    return accessToken;
  } catch (cause) {
    throw new CommandError(explain(cause, issuer, { user, client, audience }), { cause });
  }
}

function explain(cause: unknown, issuer: string, { user, client, audience }: SignIn): string {
  if (!(cause instanceof SignInError)) {
    return `The identity provider at ${issuer} does not answer; is the stack still running?`;
  }
  const what = `No token for "${user}" at client ${client}, audience ${audience}`;
  return `${what}: ${cause.message.replace(/\.$/, '')}. Users are alice, bob, carol and sam; a client gets tokens for its own BFF and for the gateway.`;
}

/** Where tokens are for unless something else is asked for: level 1 has one entry, from level 2 on each client has its own. */
export function defaultAudience({ entries }: StackState, client: Client): Entry {
  return entries.gateway ? 'gateway' : client;
}

/** Throws a `CommandError` when no stack runs. */
export function runningState({ stateFile }: StackPaths): StackState {
  const state = readState(stateFile);
  if (state) return state;
  throw new CommandError('No stack is running in this workspace; start one with `npm start`.');
}
