import type { ProcessState, StackState } from '../prepare/stack-state.ts';

/** One line per tier: its name and how often it runs, then the addresses that clients use, or those of its processes. */
export function addressTable({ processes, entries }: StackState): string[] {
  const tiers = [...Map.groupBy(processes, ({ app }) => app)];
  const isEdge = (app: string) => app === 'edge';
  const rows = tiers
    .filter(([app]) => !isEdge(app))
    .map(([app, replicas]) => [nameOf(app, replicas), describe(replicas)] as const);
  const edges = processes.filter(({ app }) => isEdge(app));
  const entryRows = edges.length === 0 ? [] : Object.entries(entries);
  const all = [...rows, ...entryRows.map(([entry, urls]) => [`${entry} entry`, urls.join('  ')] as const)];
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, addresses]) => `${name.padEnd(width)}  ${addresses}`);
}

function nameOf(app: string, replicas: readonly ProcessState[]): string {
  return replicas.length === 1 ? app : `${app} ×${replicas.length}`;
}

function describe(replicas: readonly ProcessState[]): string {
  const [only, ...others] = replicas;
  if (only === undefined || others.length > 0) return replicas.map(({ url }) => url).join('  ');
  const { url, grpc, admin } = only;
  return [url, `admin ${admin}`, ...(grpc === undefined ? [] : [`grpc://${grpc}`])].join('  ');
}
