import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkEnvironment } from './check-environment.ts';
import { findBrokenReferences } from './find-broken-references.ts';
import { findPods } from './find-pods.ts';
import { renderKustomization, type Resource } from './render-kustomization.ts';

const repository = resolve(import.meta.dirname, '../../../..');
const root = join(repository, 'docker/kubernetes');
const render = (overlay: string) => renderKustomization(root, join('overlays', overlay));
const isOurs = ({ image }: { image: string }) => /(?:^|\/)bff\//.test(image);

describe.each(['local', 'production'])('the overlay %s', (overlay) => {
  let resources: Resource[];
  const ours = () => findPods(resources).filter(({ spec }) => spec.containers.some(isOurs));

  beforeAll(async () => {
    resources = await render(overlay);
  });

  it('names nothing that is not there', () => {
    expect(findBrokenReferences(resources)).toEqual([]);
  });

  it('gives every app the variables that it wants, and none that it does not know', async () => {
    const apps = join(repository, 'apps');
    const faults = await Promise.all(ours().map((pod) => checkEnvironment(apps, pod, resources)));
    expect(faults.flat()).toEqual([]);
    expect(ours().length).toBeGreaterThanOrEqual(6);
  });

  it('gives a stop the time that it takes', () => {
    const [common] = resources.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('common-'),
    );
    const { DRAIN_DELAY_MS, SHUTDOWN_TIMEOUT_MS } = common?.['data'] as Record<string, string>;
    // And five seconds for what is closed after the last request: stores, balancers.
    const stopMs = Number(DRAIN_DELAY_MS) + Number(SHUTDOWN_TIMEOUT_MS) + 5_000;
    for (const { name, spec } of ours()) {
      const { terminationGracePeriodSeconds: seconds = 30 } = spec;
      expect([name, seconds * 1_000 >= stopMs]).toEqual([name, true]);
    }
  });

  it('asks no registry for an image that the cluster has', () => {
    const policies = ours().flatMap(({ spec }) =>
      spec.containers.map(({ imagePullPolicy }) => imagePullPolicy),
    );
    expect([...new Set(policies)]).toEqual(['IfNotPresent']);
  });

  it('lets every caller find a new service pod before an old one goes', () => {
    const services = resources.filter(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('-service'),
    );
    // CoreDNS' cache, and the callers' next look.
    for (const { spec } of services) {
      expect((spec as { minReadySeconds: number }).minReadySeconds).toBeGreaterThanOrEqual(35);
    }
    expect(services).toHaveLength(3);
  });
});

describe('the check of references', () => {
  let resources: Resource[];

  beforeAll(async () => {
    resources = await render('production');
  });

  const breaking: [string, string, (resource: Resource) => void, RegExp][] = [
    ['Service', 'web-bff', (it) => set(it, 'selector', { app: 'web' }), /selects no pod/],
    ['Service', 'order-service', (it) => set(it, 'ports', [{ targetPort: 'rest' }]), /no port rest/],
    ['PodDisruptionBudget', 'web-bff', (it) => set(it, 'selector', { matchLabels: { a: 'b' } }), /no pod/],
    ['HorizontalPodAutoscaler', 'web-bff', (it) => set(it, 'scaleTargetRef', { name: 'web' }), /Deployment/],
    ['Deployment', 'web-bff', (it) => set(it, 'selector', { matchLabels: { a: 'b' } }), /own labels/],
    ['GRPCRoute', 'wearable', (it) => set(it, 'hostnames', ['shop.example.com']), /no listener has the host/],
    ['HTTPRoute', 'web', (it) => set(it, 'rules', [{ backendRefs: [{ name: 'web-bff', port: 80 }] }]), /80/],
    ['HTTPRoute', 'web', (it) => set(it, 'parentRefs', [{ name: 'edge', sectionName: 'x' }]), /no such list/],
    [
      'NetworkPolicy',
      'bffs-from-edge',
      (it) => set(it, 'podSelector', { matchLabels: { a: 'b' } }),
      /no pod/,
    ],
  ];

  it.each(breaking)('finds what is broken in %s %s', (kind, name, spoil, fault) => {
    const spoilt = resources.map((each) => {
      const copy = structuredClone(each);
      if (each.kind === kind && each.metadata.name === name) spoil(copy);
      return copy;
    });
    expect(findBrokenReferences(spoilt).join('\n')).toMatch(fault);
  });

  it('finds a variable that an app does not know, and one that it lacks', async () => {
    const pod = findPods(structuredClone(resources)).find(({ name }) => name === 'web-bff');
    if (!pod) throw new Error('There is no web-bff.');
    const [container] = pod.spec.containers;
    container.env = [{ name: 'ORDERS_URL', value: 'http://orders' }];
    expect(await checkEnvironment(join(repository, 'apps'), pod, resources)).toEqual([
      'web-bff does not know ORDERS_URL.',
      'web-bff lacks INTERNAL_SIGNING_KEY.',
    ]);
  });
});

function set(resource: Resource, field: string, value: unknown): void {
  (resource['spec'] as Record<string, unknown>)[field] = value;
}
