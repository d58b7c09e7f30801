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
  readonly role: 'identity' | 'service' | 'client-facing';
  /** What the public listener, `PORT`, speaks. */
  readonly protocol: 'http' | 'grpc';
  /** The entry of which these processes are; their ports are then fixed. */
  readonly entry?: Entry;
  readonly fronts?: Fronting;
}

/** Which processes a level runs and who fronts whom. */
export interface Topology {
  readonly level: number;
  readonly summary: string;
  readonly tiers: readonly Tier[];
}

const services = ['order-service', 'payment-service', 'shipping-service'];

const identity: Tier = { app: 'identity-provider', replicas: 1, role: 'identity', protocol: 'http' };

const serviceTiers: readonly Tier[] = services.map((app) => ({
  app,
  replicas: 1,
  role: 'service',
  protocol: 'http',
}));

const gateway: Tier = {
  app: 'api-gateway',
  replicas: 1,
  role: 'client-facing',
  protocol: 'http',
  entry: 'gateway',
  fronts: { protocol: 'http', apps: services },
};

/** The BFF of `client`. The watch's speaks gRPC on both sides, the others HTTP. */
function bff(client: Client): Tier {
  const protocol = client === 'wearable' ? 'grpc' : 'http';
  const fronts = { protocol, apps: services } as const;
  return { app: `${client}-bff`, replicas: 1, role: 'client-facing', protocol, entry: client, fronts };
}

export const topologies: readonly Topology[] = [
  { level: 1, summary: 'one gateway for all clients', tiers: [identity, ...serviceTiers, gateway] },
  { level: 2, summary: 'one BFF per client', tiers: [identity, ...serviceTiers, ...clients.map(bff)] },
];
