import { BlockList, isIPv6 } from 'node:net';
import { selects, type Labels, type Selector } from './find-pods.ts';
import type { Resource } from './render-kustomization.ts';

/** One end of a connection: a pod of this namespace, one of another, or an address outside the cluster. */
export type Party =
  | { readonly pod: Labels }
  | { readonly namespace: Labels; readonly pod: Labels }
  | { readonly address: string };

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { protocol: string; port: number }[];
}
interface Policy {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** Whether the network policies of a namespace let a connection through, by the rules of Kubernetes' own documentation. */
export function isLetThrough(
  resources: readonly Resource[],
  { from, to, port, protocol = 'TCP' }: { from: Party; to: Party; port: number; protocol?: string },
): boolean {
  const policies = resources
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((resource) => resource['spec'] as Policy);
  const passes = (own: Party, other: Party, direction: 'Ingress' | 'Egress') => {
    // Policies of this namespace say nothing about others' pods.
    if ('address' in own || 'namespace' in own) return true;
    const about = policies.filter(
      ({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, own.pod),
    );
    if (about.length === 0) return true;
    return about
      .flatMap(({ ingress = [], egress = [] }) => (direction === 'Ingress' ? ingress : egress))
      .some(({ from: sources, to: targets, ports }) => {
        const peers = direction === 'Ingress' ? sources : targets;
        return (
          (peers?.some((peer) => isPeer(peer, other)) ?? true) &&
          (ports?.some((each) => each.port === port && each.protocol === protocol) ?? true)
        );
      });
  };
  return passes(from, to, 'Egress') && passes(to, from, 'Ingress');
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, party: Party): boolean {
  if (ipBlock !== undefined) {
    return (
      'address' in party &&
      isWithin(party.address, [ipBlock.cidr]) &&
      !isWithin(party.address, ipBlock.except ?? [])
    );
  }
  if ('address' in party) return false;
  if ('namespace' in party !== (namespaceSelector !== undefined)) return false;
  if ('namespace' in party && !selects(namespaceSelector ?? {}, party.namespace)) return false;
  return selects(podSelector ?? {}, party.pod);
}

function isWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
