import { join } from 'node:path';
import type { StackPaths } from '../prepare/stack-paths.ts';
import { fixedPort } from './ports.ts';
import type { Tier, Topology } from './topology.ts';

/** One process of the stack: what to run, where it will listen. Addresses stay the same after a restart. */
export interface ProcessPlan {
  /** `web-bff`, or `web-bff-1` among replicas. */
  readonly name: string;
  readonly tier: Tier;
  readonly script: string;
  readonly logFile: string;
  readonly ports: ProcessPorts;
  /** `http://127.0.0.1:8081`; `grpc://…` where the public listener speaks gRPC. */
  readonly url: string;
  readonly admin: string;
  /** `host:port` of a service's second listener. */
  readonly grpc?: string;
}

export interface ProcessPorts {
  readonly public: number;
  readonly admin: number;
  readonly grpc?: number;
}

export interface PlanOptions {
  /** Address that the processes bind to. */
  host: string;
  portBase: number;
  paths: StackPaths;
  /** Gives ports that nobody uses, each once. */
  freePorts: readonly number[];
}

/** How many free ports `topology` needs beside its fixed ones: at most three for each process. */
export function portsNeeded({ tiers }: Topology): number {
  return tiers.reduce((sum, { replicas }) => sum + 3 * replicas, 0);
}

/** The processes of a level, in the order in which a person reads them: services first, entries last. */
export function planProcesses(topology: Topology, options: PlanOptions): ProcessPlan[] {
  const free = [...options.freePorts];
  const take = () => {
    const port = free.shift();
    if (port === undefined) throw new Error('The topology needs more free ports than were found.');
    return port;
  };
  return topology.tiers.flatMap((tier) =>
    Array.from({ length: tier.replicas }, (_, index) => planProcess(tier, index, take, options)),
  );
}

function planProcess(
  tier: Tier,
  index: number,
  take: () => number,
  { host, portBase, paths }: PlanOptions,
): ProcessPlan {
  const name = tier.replicas === 1 ? tier.app : `${tier.app}-${index + 1}`;
  const fixed = tier.replicas > 1 ? undefined : tier.role === 'identity' ? 'identity' : tier.entry;
  const publicPort = fixed ? fixedPort(portBase, fixed) : take();
  const grpcPort = tier.role === 'service' ? take() : undefined;
  const adminPort = take();
  const authority = (port: number) => `${reachable(host)}:${port}`;
  return {
    name,
    tier,
    script: join(paths.root, 'apps', tier.app, 'src/main.ts'),
    logFile: join(paths.logs, `${name}.log`),
    ports: { public: publicPort, admin: adminPort, ...(grpcPort !== undefined && { grpc: grpcPort }) },
    url: `${tier.protocol}://${authority(publicPort)}`,
    // The admin listener never leaves the machine.
    admin: `http://127.0.0.1:${adminPort}`,
    ...(grpcPort !== undefined && { grpc: authority(grpcPort) }),
  };
}

/** A wildcard is no address to connect to. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
