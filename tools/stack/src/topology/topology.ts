export const clients = ['web', 'mobile', 'wearable'] as const;
export type Client = (typeof clients)[number];

export const entries = ['gateway', ...clients] as const;
/** What clients connect to. */
export type Entry = (typeof entries)[number];

/** How a process finds those that it fronts. */
export interface Fronting {
  readonly protocol: 'http' | 'grpc';
  readonly apps: readonly string[];
}

/** Identical processes of one app. */
export interface Tier {
  readonly app: string;
  readonly replicas: number;
  readonly role: 'identity' | 'service' | 'client-facing' | 'edge';
  /** What the public listener, `PORT`, speaks. */
  readonly protocol: 'http' | 'grpc';
  /** The entries that these processes are; their ports are then fixed. */
  readonly entries: readonly Entry[];
  readonly fronts: readonly Fronting[];
  /** Its main file, in the workspace; that of the app of the same name unless given. */
  readonly script?: string;
}

/** Which processes a level runs and who fronts whom. */
export interface Topology {
  readonly level: number;
  readonly summary: string;
  readonly tiers: readonly Tier[];
}

/** How many processes each tier of a level has where that is a choice. */
export const defaultReplicas = 2;

const services = ['order-service', 'payment-service', 'shipping-service'];

const identity: Tier = {
  ...{ app: 'identity-provider', replicas: 1, role: 'identity', protocol: 'http' },
  ...{ entries: [], fronts: [] },
};

const serviceTiers = (replicas: number): Tier[] =>
  services.map((app) => ({
    ...{ app, replicas, role: 'service', protocol: 'http' },
    ...{ entries: [], fronts: [] },
  }));

const gateway: Tier = {
  ...{ app: 'api-gateway', replicas: 1, role: 'client-facing', protocol: 'http' },
  ...{ entries: ['gateway'], fronts: [{ protocol: 'http', apps: services }] },
};

const protocolOf = (client: Client) => (client === 'wearable' ? 'grpc' : 'http');

/** The BFF of `client`; an entry itself where nothing stands in front. The watch's speaks gRPC on both sides, the others HTTP. */
function bff(client: Client, replicas: number, isEntry: boolean): Tier {
  const protocol = protocolOf(client);
  return {
    ...{ app: `${client}-bff`, replicas, role: 'client-facing', protocol },
    ...{ entries: isEntry ? [client] : [], fronts: [{ protocol, apps: services }] },
  };
}

/** The load balancer in front of the BFFs: the gateway app with another route table. */
const edge = (replicas: number): Tier => ({
  ...{ app: 'edge', replicas, role: 'edge', protocol: 'http' },
  entries: clients,
  fronts: clients.map((client) => ({ protocol: protocolOf(client), apps: [`${client}-bff`] })),
  script: 'apps/api-gateway/src/edge/main.ts',
});

const bffs = (replicas: number, isEntry: boolean) => clients.map((client) => bff(client, replicas, isEntry));

type Build = (replicas: number) => Topology;

/** The levels by their number; `replicas` is how often the tiers run that are replicated there. */
const builds: Readonly<Record<string, Build>> = {
  1: () => ({
    level: 1,
    summary: 'one gateway for all clients',
    tiers: [identity, ...serviceTiers(1), gateway],
  }),
  2: () => ({
    level: 2,
    summary: 'one BFF per client',
    tiers: [identity, ...serviceTiers(1), ...bffs(1, true)],
  }),
  3: (replicas) => ({
    level: 3,
    summary: 'replicated BFFs behind a load balancer',
    tiers: [identity, ...serviceTiers(1), ...bffs(replicas, false), edge(1)],
  }),
  4: (replicas) => ({
    level: 4,
    summary: 'every tier replicated and balanced',
    tiers: [identity, ...serviceTiers(replicas), ...bffs(replicas, false), edge(2)],
  }),
};

export const levels = Object.keys(builds);

/** The topology of a level in `levels`. */
export function topologyOf(level: string, replicas: number = defaultReplicas): Topology {
  const build = builds[level];
  if (!build) throw new Error(`There is no level ${level}.`);
  return build(replicas);
}
