import { isIP } from 'node:net';
import { join } from 'node:path';
import { developmentClients } from '@bff/auth/headless';
import type { StackPaths } from '../prepare/stack-paths.ts';
import { endpointFile } from './endpoint-files.ts';
import { reachable, type ProcessPlan } from './process-plan.ts';

export interface EnvironmentOptions {
  host: string;
  paths: StackPaths;
  /** Variables that the caller set are passed on, `LOG_LEVEL` for instance. */
  inherited: Readonly<Record<string, string | undefined>>;
}

/** Everything that `plan`'s process is told; apps are configured by environment alone. */
export function processEnvironment(
  plan: ProcessPlan,
  all: readonly ProcessPlan[],
  options: EnvironmentOptions,
): Record<string, string | undefined> {
  return {
    ...options.inherited,
    ...commonVariables(plan, options),
    ...roleVariables(plan, all, options),
  };
}

function commonVariables({ name, ports }: ProcessPlan, { host, paths }: EnvironmentOptions) {
  return {
    HOST: host,
    PORT: String(ports.public),
    ADMIN_PORT: String(ports.admin),
    INSTANCE: name,
    // Those that front it notice within a second; the end of the whole stack, SIGINT, does not wait for them.
    DRAIN_DELAY_MS: '1500',
    SHUTDOWN_TIMEOUT_MS: '4000',
    NODE_COMPILE_CACHE: paths.compileCache,
  };
}

function roleVariables(plan: ProcessPlan, all: readonly ProcessPlan[], options: EnvironmentOptions) {
  const { tier, ports } = plan;
  const { paths } = options;
  switch (tier.role) {
    case 'identity':
      return {
        ISSUER_URL: plan.url,
        // A key of its own file, so that tokens outlive a restart of the provider.
        SIGNING_KEY_FILE: privateKeyFile(paths, tier.app),
        // And so do sign-ins and grants, which that key seals.
        STATE_FILE: join(paths.data, 'identity-provider-state.db'),
        ...webClientVariables(all),
      };
    case 'service':
      return {
        GRPC_PORT: String(ports.grpc),
        DATABASE_URL: `sqlite:${join(paths.data, `${tier.app}.db`)}`,
        SEED_DATA: 'true',
        INTERNAL_JWKS_FILE: internalKeySetFile(paths),
      };
    case 'client-facing':
      return {
        ...clientFacingVariables(plan, all, options),
        ...upstreamVariables(plan, paths),
        ...watchVariables(plan, paths),
      };
    case 'edge':
      return {
        MOBILE_PORT: String(ports.mobile),
        WEARABLE_PORT: String(ports.wearable),
        ...upstreamVariables(plan, paths),
      };
  }
}

/** The reads that screens are made of. */
const hedgedReads = 'GetOrder,ListOrders,ListPayments,ListShipments';

function clientFacingVariables(
  { tier }: ProcessPlan,
  all: readonly ProcessPlan[],
  { host, paths, inherited }: EnvironmentOptions,
) {
  const servicesHaveReplicas = all.some(({ tier: { role, replicas } }) => role === 'service' && replicas > 1);
  const isBehindEdge = all.some((other) => other.tier.role === 'edge');
  return {
    ISSUER_URL: all.find((other) => other.tier.role === 'identity')?.url ?? '',
    INTERNAL_SIGNING_KEY_FILE: privateKeyFile(paths, tier.app),
    // Replicas share it: a session that begins at one goes on at another.
    STATE_FILE: join(paths.data, 'state.db'),
    ...(tier.app === 'web-bff' && { PUBLIC_URL: webEntries(all).join(',') }),
    RATE_LIMIT_INSTANCES: String(tier.replicas),
    // A service that freezes with a read in hand costs the read a few milliseconds instead of its part of the deadline.
    ...(servicesHaveReplicas && {
      SERVICE_HEDGED_OPERATIONS: inherited['SERVICE_HEDGED_OPERATIONS'] ?? hedgedReads,
    }),
    // What an edge says of its clients is believed, and its connections are not counted as one client's.
    ...(isBehindEdge && { TRUST_PROXY: ownAddress(host) }),
  };
}

/** Where browsers may come in, and so where the issuer may send them back to. */
function webEntries(all: readonly ProcessPlan[]): string[] {
  return all.flatMap(({ entries }) => entries.web ?? []);
}

function webClientVariables(all: readonly ProcessPlan[]) {
  const callbacks = webEntries(all).map((entry) => `${entry}/auth/callback`);
  // The last is what `npm run token` and the documentation write, whatever the ports.
  const uris = new Set([...callbacks, developmentClients.web.redirectUri]);
  return { WEB_REDIRECT_URIS: [...uris].join(',') };
}

/** Where connections from this machine to `host` come from. */
function ownAddress(host: string): string {
  const address = reachable(host).replaceAll(/[[\]]/g, '');
  return isIP(address) === 0 ? '127.0.0.1,::1' : address;
}

/** `ORDER_SERVICE_URL` and its like, each a file with the addresses of all replicas. */
function upstreamVariables({ tier: { fronts } }: ProcessPlan, paths: StackPaths) {
  const variables = fronts.flatMap(({ protocol, apps }) =>
    apps.map((app) => [`${variableOf(app)}_URL`, `file+${protocol}://${endpointFile(paths, app, protocol)}`]),
  );
  return Object.fromEntries(variables) as Record<string, string>;
}

/** `ORDER_SERVICE_WATCH_URL` and its like: change streams are gRPC's, whatever carries the other calls. */
function watchVariables({ tier: { fronts } }: ProcessPlan, paths: StackPaths) {
  const variables = fronts.flatMap(({ apps }) =>
    apps.map((app) => [`${variableOf(app)}_WATCH_URL`, `file+grpc://${endpointFile(paths, app, 'grpc')}`]),
  );
  return Object.fromEntries(variables) as Record<string, string>;
}

/** `order-service` → `ORDER_SERVICE`. */
function variableOf(app: string): string {
  return app.toUpperCase().replaceAll('-', '_');
}

/** The private key that the instances of `app` share. */
export function privateKeyFile(paths: StackPaths, app: string): string {
  return join(paths.secrets, `${app}.jwk.json`);
}

/** The public halves of all keys that sign internal tokens. */
export function internalKeySetFile(paths: StackPaths): string {
  return join(paths.secrets, 'internal-jwks.json');
}
