import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isLetThrough, type Party } from './network-reach.ts';
import { renderKustomization, type Resource } from './render-kustomization.ts';

const root = resolve(import.meta.dirname, '../../../../docker/kubernetes');
const app = (name: string, component: string): Party => ({
  pod: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': component },
});
const elsewhere = (labels: Record<string, string>, pod: Record<string, string> = {}): Party => ({
  namespace: labels,
  pod,
});
const parties = {
  'web-bff': app('web-bff', 'client-facing'),
  'mobile-bff': app('mobile-bff', 'client-facing'),
  'wearable-bff': app('wearable-bff', 'client-facing'),
  'order-service': app('order-service', 'service'),
  'payment-service': app('payment-service', 'service'),
  'identity-provider': app('identity-provider', 'identity'),
  redis: app('redis', 'store'),
  postgres: app('postgres', 'store'),
  edge: elsewhere({ 'bff.example.com/edge': 'true' }),
  prometheus: elsewhere({ 'bff.example.com/monitoring': 'true' }),
  stranger: elsewhere({ 'kubernetes.io/metadata.name': 'default' }),
  // A pod of a stranger with the labels of one of ours.
  impostor: elsewhere(
    { 'kubernetes.io/metadata.name': 'default' },
    { 'app.kubernetes.io/component': 'client-facing' },
  ),
  dns: elsewhere({ 'kubernetes.io/metadata.name': 'kube-system' }, { 'k8s-app': 'kube-dns' }),
  'node-local dns': { address: '169.254.20.10' },
  'the public network': { address: '198.51.100.7' },
  'a private address': { address: '10.99.0.1' },
  'the data network': { address: '10.20.0.5' },
  'the cloud’s metadata': { address: '169.254.169.254' },
} satisfies Record<string, Party>;
type Name = keyof typeof parties;

const open: [Name, Name, number][] = [
  ['edge', 'web-bff', 8081],
  ['edge', 'mobile-bff', 8082],
  ['edge', 'wearable-bff', 8083],
  ['web-bff', 'order-service', 8080],
  ['web-bff', 'order-service', 8081],
  ['wearable-bff', 'payment-service', 8081],
  ['prometheus', 'web-bff', 9090],
  ['prometheus', 'order-service', 9090],
];
const closed: [Name, Name, number][] = [
  ['edge', 'order-service', 8080],
  ['edge', 'web-bff', 9090],
  ['stranger', 'web-bff', 8081],
  ['stranger', 'order-service', 8080],
  ['impostor', 'order-service', 8080],
  ['impostor', 'order-service', 8081],
  ['prometheus', 'web-bff', 8081],
  ['order-service', 'payment-service', 8080],
  ['order-service', 'web-bff', 8081],
  ['web-bff', 'mobile-bff', 8082],
  ['web-bff', 'order-service', 9090],
  ['order-service', 'the public network', 443],
  ['web-bff', 'a private address', 443],
  ['web-bff', 'a private address', 6379],
  ['order-service', 'a private address', 5432],
  ['web-bff', 'the cloud’s metadata', 80],
  ['web-bff', 'the cloud’s metadata', 443],
];
const differences: Record<'local' | 'production', { open: typeof open; closed: typeof closed }> = {
  local: {
    open: [
      ['web-bff', 'redis', 6379],
      ['order-service', 'postgres', 5432],
      ['web-bff', 'identity-provider', 8090],
      ['identity-provider', 'web-bff', 8081],
    ],
    closed: [
      ['web-bff', 'postgres', 5432],
      ['order-service', 'redis', 6379],
      ['identity-provider', 'order-service', 8080],
      ['identity-provider', 'mobile-bff', 8082],
      ['stranger', 'redis', 6379],
      ['stranger', 'postgres', 5432],
      ['web-bff', 'the public network', 443],
      ['redis', 'the public network', 443],
    ],
  },
  production: {
    open: [
      ['web-bff', 'the public network', 443],
      ['web-bff', 'the data network', 6379],
      ['order-service', 'the data network', 5432],
    ],
    closed: [
      ['web-bff', 'the public network', 6379],
      ['web-bff', 'the data network', 5432],
      ['order-service', 'the data network', 6379],
      ['order-service', 'the public network', 5432],
    ],
  },
};

describe.each(['local', 'production'] as const)('the network of the overlay %s', (overlay) => {
  let resources: Resource[];
  const passes = (from: Name, to: Name, port: number, protocol?: 'UDP') =>
    isLetThrough(resources, { from: parties[from], to: parties[to], port, ...(protocol && { protocol }) });

  beforeAll(async () => {
    resources = await renderKustomization(root, join('overlays', overlay));
  });

  it.each([...open, ...differences[overlay].open])('lets %s reach %s at port %i', (from, to, port) => {
    expect(passes(from, to, port)).toBe(true);
  });

  it.each([...closed, ...differences[overlay].closed])('keeps %s from %s at port %i', (from, to, port) => {
    expect(passes(from, to, port)).toBe(false);
  });

  it.each<Name>(['web-bff', 'order-service'])('lets %s resolve names, over UDP and TCP', (name) => {
    for (const server of ['dns', 'node-local dns'] as const) {
      expect([passes(name, server, 53), passes(name, server, 53, 'UDP')]).toEqual([true, true]);
    }
    expect(passes(name, 'the public network', 53, 'UDP')).toBe(false);
  });
});
