import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attackedLimits } from '../tables/limits.ts';
import { clientFacingNames, openClientFacing } from './open-client-facing.ts';
import { openEdgeAlone } from './open-edge.ts';
import { openIdentityProvider } from './open-identity-provider.ts';
import { openSignIn } from './open-sign-in.ts';
import { openService, serviceNames } from './open-service.ts';
import type { Environment, OpenWorld, World, WorldOptions } from './world.ts';

/** Of every server that can be attacked: how it is started. */
const openers = {
  ...openersFor(clientFacingNames, openClientFacing),
  ...openersFor(serviceNames, openService),
  ...openersFor(['edge'], openEdgeAlone),
  ...openersFor(['identity-provider'], openIdentityProvider),
  // web-bff again, for what browsers can do to it.
  ...openersFor(['sign-in'], openSignIn),
};

export type ServerName = keyof typeof openers;
export const serverNames = Object.keys(openers) as ServerName[];
export type { World, WorldOptions };

const unlimited = '1000000';

/** Starts a server; `environment` changes how it is configured. */
export async function openWorld(
  server: ServerName,
  environment: Environment = {},
  options: WorldOptions = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'attacks-'));
  const opened = await openers[server]({ ...commonVariables(folder), ...environment }, options);
  return {
    ...opened,
    async close() {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openersFor<Name extends string>(names: readonly Name[], open: OpenWorld<Name>) {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (environment: Environment, options: WorldOptions) => open(name, environment, options),
    ]),
  ) as Record<Name, (environment: Environment, options: WorldOptions) => Promise<World>>;
}

/** Limits of time and number are low, so that the attacks on them are short. */
function commonVariables(folder: string): Environment {
  return {
    RECEIVE_TIMEOUT_MS: String(attackedLimits.receiveTimeoutMs),
    MAX_CONNECTIONS_PER_ADDRESS: String(attackedLimits.maxConnectionsPerAddress),
    RATE_LIMIT_PER_MINUTE: unlimited,
    DATABASE_URL: `sqlite:${join(folder, 'service.db')}`,
    STATE_FILE: join(folder, 'state.sqlite'),
    SEED_DATA: 'true',
  };
}
