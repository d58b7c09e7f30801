import { join } from 'node:path';
import type { StackPaths } from '../prepare/stack-paths.ts';
import { fixedPort } from './ports.ts';
import type { Entry, Tier, Topology } from './topology.ts';

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
  /** What clients connect to: URLs, and `host:port` where the entry speaks gRPC. */
  readonly entries: Readonly<Partial<Record<Entry, string>>>;
}

export interface ProcessPorts {
  readonly public: number;
  readonly admin: number;
  readonly grpc?: number;
  /** An edge's further entries. */
  readonly mobile?: number;
  readonly wearable?: number;
}

export interface PlanOptions {
  /** Address that the processes bind to. */
  host: string;
  portBase: number;
  paths: StackPaths;
  /** Gives ports that nobody uses, each once. */
  freePorts: readonly number[];
}

/** So many free ports are enough for one process beside its fixed ones. */
export const portsPerProcess = 4;

/** How many free ports `topology` needs. */
export function portsNeeded({ tiers }: Topology): number {
  return tiers.reduce((sum, { replicas }) => sum + portsPerProcess * replicas, 0);
}

/** The processes of a level, in the order in which a person reads them: services first, entries last. */
export function planProcesses(topology: Topology, options: PlanOptions): ProcessPlan[] {
  const free = [...options.freePorts];
  return topology.tiers.flatMap((tier) =>
    Array.from({ length: tier.replicas }, (_, index) =>
      planProcess(tier, index, { ...options, freePorts: free.splice(0, portsPerProcess) }),
    ),
  );
}

/** The process of a tier at `index`; it takes what it needs from `freePorts`. */
export function planProcess(tier: Tier, index: number, options: PlanOptions): ProcessPlan {
  const { host, paths } = options;
  const name = tier.replicas === 1 && index === 0 ? tier.app : `${tier.app}-${index + 1}`;
  const ports = choosePorts(tier, index, options);
  const authority = (port: number) => `${reachable(host)}:${port}`;
  return {
    name,
    tier,
    script: join(paths.root, tier.script ?? `apps/${tier.app}/src/main.ts`),
    logFile: join(paths.logs, `${name}.log`),
    ports,
    url: `${tier.protocol}://${authority(ports.public)}`,
    // The admin listener never leaves the machine.
    admin: `http://127.0.0.1:${ports.admin}`,
    ...(ports.grpc !== undefined && { grpc: authority(ports.grpc) }),
    entries: entryAddresses(tier, ports, authority),
  };
}

function choosePorts(tier: Tier, index: number, { portBase, freePorts }: PlanOptions): ProcessPorts {
  const free = [...freePorts];
  const take = () => {
    const port = free.shift();
    if (port === undefined) throw new Error('The topology needs more free ports than were found.');
    return port;
  };
  const [first] = tier.entries;
  const fixed = tier.role === 'identity' ? 'identity' : first;
  const entryPort = (entry: Entry | 'identity') => fixedPort(portBase, entry, index) ?? take();
  return {
    public: fixed === undefined ? take() : entryPort(fixed),
    ...(tier.role === 'service' && { grpc: take() }),
    admin: take(),
    ...(tier.role === 'edge' && { mobile: entryPort('mobile'), wearable: entryPort('wearable') }),
  };
}

function entryAddresses(
  { entries, role, protocol }: Tier,
  ports: ProcessPorts,
  authority: (port: number) => string,
): ProcessPlan['entries'] {
  const addresses = entries.map((entry): [Entry, string] => {
    const port = role === 'edge' && entry !== 'web' && entry !== 'gateway' ? ports[entry] : ports.public;
    const isGrpc = role === 'edge' ? entry === 'wearable' : protocol === 'grpc';
    const address = authority(port ?? ports.public);
    return [entry, isGrpc ? address : `http://${address}`];
  });
  return Object.fromEntries(addresses);
}

/** A wildcard is no address to connect to. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
