import { httpTarget } from './make-targets.ts';
import { spawnServer } from './spawn-server.ts';
import type { OpenWorld } from './world.ts';

/** The identity provider, in development mode: it refuses to run in production. */
export const openIdentityProvider: OpenWorld<'identity-provider'> = async (
  server,
  environment,
  { preload },
) => {
  const process = await spawnServer(server, { ...environment, NODE_ENV: 'development' }, preload);
  const url = process.listeners['http'] ?? '';
  const target = httpTarget({
    server,
    url,
    // The issuer names itself in what it says.
    publicAddresses: [url, encodeURIComponent(url), new URL(url).host],
    path: '/.well-known/openid-configuration',
    reached: [],
    isThroughEdge: false,
    isAlive: process.isAlive,
    keyFetches: () => 0,
    // Its discovery document is for everybody.
    token: async () => 'none',
  });
  return { onMessage: process.onMessage, targets: [target], close: () => process.stop() };
};
