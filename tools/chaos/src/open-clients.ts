import { obtainToken } from '@bff/auth/headless';
import type { Clock } from '@bff/core';
import { createAskAddresses } from './clients/ask-addresses.ts';
import type { Client } from './clients/client.ts';
import { createMobileClient } from './clients/create-mobile-client.ts';
import { createWearableClient } from './clients/create-wearable-client.ts';
import { createWebClient } from './clients/create-web-client.ts';
import type { RunningStack } from './stack/running-stack.ts';

/** Has orders from the start. */
const reader = 'alice';
/** Has none: whatever she has afterwards is of this run. */
export const buyer = 'carol';

export interface OpenClientsOptions {
  stack: RunningStack;
  workspaceRoot: string;
  clock: Clock;
  random: () => number;
}

/** The three clients, signed in, each with all addresses of its entry. */
export async function openClients(options: OpenClientsOptions): Promise<Client[]> {
  const { stack, clock, random, workspaceRoot } = options;
  const { entries } = stack.state();
  const open = async (name: Client['name']) => {
    const addresses = entries[name] ?? [];
    const [readerToken, buyerToken] = await Promise.all([
      signIn(stack, name, reader),
      signIn(stack, name, buyer),
    ]);
    const ask = createAskAddresses({ addresses, clock, random });
    const given = { addresses, readerToken, buyerToken, workspaceRoot };
    switch (name) {
      case 'web':
        return createWebClient(given, ask);
      case 'mobile':
        return createMobileClient(given, ask);
      case 'wearable':
        return createWearableClient(given, ask);
    }
  };
  return Promise.all([open('web'), open('mobile'), open('wearable')]);
}

async function signIn(stack: RunningStack, client: Client['name'], user: string): Promise<string> {
  const { issuer, webClientSecret } = stack;
  const { accessToken } = await obtainToken({
    ...{ issuer, client, user, password: 'password', audience: `urn:bff:${client}-bff` },
    ...(client === 'web' && webClientSecret !== undefined && { clientSecret: webClientSecret }),
  });
  return accessToken;
}
