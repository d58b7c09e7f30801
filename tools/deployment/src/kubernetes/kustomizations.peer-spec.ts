import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkResource } from './check-resource.ts';
import { checkWorkload } from './check-workload.ts';
import { findUnknownFields } from './find-unknown-fields.ts';
import { renderKustomization, type Resource } from './render-kustomization.ts';

const root = resolve(import.meta.dirname, '../../../../docker/kubernetes');
const bffs = ['web-bff', 'mobile-bff', 'wearable-bff'];
const services = ['order-service', 'payment-service', 'shipping-service'];

describe.each(['local', 'production'])('the overlay %s', (overlay) => {
  let resources: Resource[];
  const named = (kind: string, name: string) =>
    resources.find((resource) => resource.kind === kind && resource.metadata.name === name);

  beforeAll(async () => {
    resources = await renderKustomization(root, join('overlays', overlay));
  });

  it('renders objects that their published schemas accept', async () => {
    const faults = await Promise.all(resources.map(checkResource));
    expect(faults.flat()).toEqual([]);
  });

  it('names no field that its kind does not have', () => {
    expect(findUnknownFields(resources)).toEqual([]);
  });

  it('gives every container requests, limits, probes and a security context', () => {
    expect(resources.filter(({ kind }) => kind === 'Deployment').length).toBeGreaterThanOrEqual(6);
    expect(resources.flatMap(checkWorkload)).toEqual([]);
  });

  it.each(bffs)('scales %s, spreads it, and keeps one while nodes are drained', (app) => {
    expect(named('Deployment', app)?.spec).toMatchObject({
      template: { spec: { topologySpreadConstraints: [expect.anything(), expect.anything()] } },
    });
    expect(named('HorizontalPodAutoscaler', app)?.spec).toMatchObject({
      minReplicas: 2,
      scaleTargetRef: { name: app },
      // Of the one core that an event loop can use, as docs/scaling.md plans, and not of what is requested.
      metrics: [{ resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '600m' } } }],
    });
    expect(named('PodDisruptionBudget', app)?.spec).toMatchObject({ maxUnavailable: 1 });
  });

  it.each(services)('lets callers of %s balance over its pods themselves', (app) => {
    expect(named('Service', app)?.spec).toMatchObject({ clusterIP: 'None' });
  });

  it('lets BFFs alone reach services', () => {
    expect(named('NetworkPolicy', 'default-deny')?.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(named('NetworkPolicy', 'services-from-bffs')?.spec).toMatchObject({
      ingress: [
        { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/component': 'client-facing' } } }] },
      ],
    });
  });

  it('holds no secret', () => {
    const holders = resources.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    expect(holders).toEqual([]);
  });
});

describe('the checks', () => {
  it('find a misspelt field, however deep', () => {
    const spec = { ports: [{ port: 80, targetport: 8080 }] };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec };
    expect(findUnknownFields([service])).toEqual([
      expect.stringMatching(/^Service x: .*targetport.* does not exist/),
    ]);
  });

  it('refuse a field of the wrong type and a kind that does not exist', async () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } };
    expect(await checkResource({ ...service, spec: { ports: 'all' } })).toEqual([
      expect.stringContaining('ports'),
    ]);
    expect(await checkResource({ ...service, kind: 'Servise' })).toEqual([
      expect.stringContaining('no Servise'),
    ]);
  });

  it('name what a bare Deployment lacks', () => {
    const spec = { template: { spec: { containers: [{ name: 'app' }] } } };
    const faults = checkWorkload({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      spec,
    });
    expect(faults).toHaveLength(13);
    expect(faults).toContain('Deployment x lacks readinessProbe in container app.');
  });
});
