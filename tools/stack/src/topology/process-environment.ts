import { join } from 'node:path';
import type { StackPaths } from '../prepare/stack-paths.ts';
import type { ProcessPlan } from './process-plan.ts';

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
    ...roleVariables(plan, all, options.paths),
  };
}

function commonVariables({ name, ports }: ProcessPlan, { host, paths }: EnvironmentOptions) {
  return {
    HOST: host,
    PORT: String(ports.public),
    ADMIN_PORT: String(ports.admin),
    INSTANCE: name,
    // The launcher promises an end within two seconds.
    DRAIN_DELAY_MS: '0',
    SHUTDOWN_TIMEOUT_MS: '1000',
    NODE_COMPILE_CACHE: paths.compileCache,
  };
}

function roleVariables(plan: ProcessPlan, all: readonly ProcessPlan[], paths: StackPaths) {
  const { tier, ports } = plan;
  const issuer = all.find((other) => other.tier.role === 'identity')?.url ?? '';
  switch (tier.role) {
    case 'identity':
      // A key of its own file, so that tokens outlive a restart of the provider.
      return { ISSUER_URL: plan.url, SIGNING_KEY_FILE: privateKeyFile(paths, tier.app) };
    case 'service':
      return {
        GRPC_PORT: String(ports.grpc),
        DATABASE_URL: `sqlite:${join(paths.data, `${tier.app}.db`)}`,
        SEED_DATA: 'true',
        INTERNAL_JWKS_FILE: internalKeySetFile(paths),
      };
    case 'client-facing':
      return {
        ISSUER_URL: issuer,
        INTERNAL_SIGNING_KEY_FILE: privateKeyFile(paths, tier.app),
        ...upstreamVariables(plan, all),
      };
  }
}

/** `ORDER_SERVICE_URL` and its like: every replica of each app that this process fronts. */
function upstreamVariables({ tier: { fronts } }: ProcessPlan, all: readonly ProcessPlan[]) {
  return Object.fromEntries(
    (fronts?.apps ?? []).map((app) => {
      const addresses = all
        .filter(({ tier }) => tier.app === app)
        .map(({ url, grpc }) => (fronts?.protocol === 'grpc' ? `grpc://${grpc ?? ''}` : url));
      return [`${app.toUpperCase().replaceAll('-', '_')}_URL`, addresses.join(',')];
    }),
  );
}

/** The private key that the instances of `app` share. */
export function privateKeyFile(paths: StackPaths, app: string): string {
  return join(paths.secrets, `${app}.jwk.json`);
}

/** The public halves of all keys that sign internal tokens. */
export function internalKeySetFile(paths: StackPaths): string {
  return join(paths.secrets, 'internal-jwks.json');
}
