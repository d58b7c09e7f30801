import { describe, expect, it } from '@jest/globals';
import { stackPaths } from '../prepare/stack-paths.ts';
import { processEnvironment } from './process-environment.ts';
import { planProcess, planProcesses, portsNeeded } from './process-plan.ts';
import { levels, topologyOf, type Topology } from './topology.ts';

const paths = stackPaths({ STACK_DIR: '/stack' });

function plan(topology: Topology, host = '127.0.0.1') {
  const freePorts = Array.from({ length: portsNeeded(topology) }, (_, index) => 20_000 + index);
  const plans = planProcesses(topology, { host, portBase: 8000, paths, freePorts });
  const environmentOf = (name: string) => {
    const found = plans.find((candidate) => candidate.name === name)!;
    return processEnvironment(found, plans, { host, paths, inherited: { LOG_LEVEL: 'warn', PORT: '1' } });
  };
  return { plans, environmentOf };
}

const entriesOf = (topology: Topology) =>
  Object.fromEntries(
    plan(topology).plans.flatMap(({ name, entries }) =>
      Object.keys(entries).length > 0 ? [[name, entries]] : [],
    ),
  );

describe('the plan of a level', () => {
  it('gives level 1 one entry in front of three services', () => {
    const { plans } = plan(topologyOf('1'));
    expect(plans.map(({ name, url }) => `${name} ${url}`)).toEqual([
      'identity-provider http://127.0.0.1:8090',
      'order-service http://127.0.0.1:20004',
      'payment-service http://127.0.0.1:20008',
      'shipping-service http://127.0.0.1:20012',
      'api-gateway http://127.0.0.1:8080',
    ]);
    expect(entriesOf(topologyOf('1'))).toEqual({ 'api-gateway': { gateway: 'http://127.0.0.1:8080' } });
  });

  it('gives level 2 one entry per client, the watch’s over gRPC', () => {
    expect(entriesOf(topologyOf('2'))).toEqual({
      'web-bff': { web: 'http://127.0.0.1:8081' },
      'mobile-bff': { mobile: 'http://127.0.0.1:8082' },
      'wearable-bff': { wearable: '127.0.0.1:8083' },
    });
  });

  it('keeps the entries’ addresses at levels 3 and 4, where edges are the entries', () => {
    const first = {
      web: 'http://127.0.0.1:8081',
      mobile: 'http://127.0.0.1:8082',
      wearable: '127.0.0.1:8083',
    };
    expect(entriesOf(topologyOf('3'))).toEqual({ edge: first });
    expect(entriesOf(topologyOf('4'))).toEqual({
      'edge-1': first,
      'edge-2': { web: 'http://127.0.0.1:8181', mobile: 'http://127.0.0.1:8182', wearable: '127.0.0.1:8183' },
    });
  });

  it('replicates BFFs at level 3, services as well at level 4, as often as is asked', () => {
    const counts = (topology: Topology) =>
      Object.fromEntries(topology.tiers.map(({ app, replicas }) => [app, replicas]));
    expect(counts(topologyOf('3', 3))).toMatchObject({ 'web-bff': 3, 'order-service': 1, edge: 1 });
    expect(counts(topologyOf('4'))).toMatchObject({ 'web-bff': 2, 'order-service': 2, edge: 2 });
    const { plans } = plan(topologyOf('4'));
    expect(plans).toHaveLength(15);
    expect(plans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['order-service-1', 'order-service-2']),
    );
  });

  it.each(levels)('uses no port twice at level %s', (level) => {
    const ports = plan(topologyOf(level, 4)).plans.flatMap(({ ports }) => Object.values(ports) as number[]);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('gives a third edge free ports', () => {
    const edge = topologyOf('4').tiers.find(({ app }) => app === 'edge')!;
    const options = { host: '127.0.0.1', portBase: 8000, paths, freePorts: [1, 2, 3, 4] };
    expect(planProcess(edge, 2, options)).toMatchObject({
      name: 'edge-3',
      entries: { web: 'http://127.0.0.1:1', mobile: 'http://127.0.0.1:3', wearable: '127.0.0.1:4' },
    });
  });

  it('shows an address that can be connected to when it listens everywhere', () => {
    const { plans, environmentOf } = plan(topologyOf('2'), '0.0.0.0');
    expect(plans.at(-2)).toMatchObject({ url: 'http://127.0.0.1:8082', admin: expect.stringMatching(/127/) });
    expect(environmentOf('mobile-bff')['HOST']).toBe('0.0.0.0');
  });
});

describe('the environment of a process', () => {
  const { plans, environmentOf } = plan(topologyOf('4'));
  const service = plans.find(({ name }) => name === 'order-service-1')!;

  it('is the caller’s, except for what the plan decides', () => {
    expect(environmentOf('order-service-1')).toMatchObject({
      ...{ LOG_LEVEL: 'warn', PORT: String(service.ports.public), GRPC_PORT: String(service.ports.grpc) },
      ...{ ADMIN_PORT: String(service.ports.admin), INSTANCE: 'order-service-1', SEED_DATA: 'true' },
      ...{ DATABASE_URL: 'sqlite:/stack/data/order-service.db' },
      INTERNAL_JWKS_FILE: '/stack/secrets/internal-jwks.json',
    });
  });

  it('gives each BFF the services in its own protocol, the issuer, and a key and state that its replicas share', () => {
    expect(environmentOf('web-bff-1')).toMatchObject({
      ORDER_SERVICE_URL: 'file+http:///stack/endpoints/order-service.http.json',
      ISSUER_URL: 'http://127.0.0.1:8090',
      INTERNAL_SIGNING_KEY_FILE: '/stack/secrets/web-bff.jwk.json',
      STATE_FILE: '/stack/data/state.db',
      RATE_LIMIT_INSTANCES: '2',
      SERVICE_HEDGED_OPERATIONS: 'GetOrder,ListOrders,ListPayments,ListShipments',
      TRUST_PROXY: '127.0.0.1',
    });
    expect(environmentOf('wearable-bff-2')).toMatchObject({
      ORDER_SERVICE_URL: 'file+grpc:///stack/endpoints/order-service.grpc.json',
      INTERNAL_SIGNING_KEY_FILE: '/stack/secrets/wearable-bff.jwk.json',
    });
  });

  it('gives an edge its three ports and the BFFs, and no key', () => {
    const environment = environmentOf('edge-2');
    expect(environment).toMatchObject({
      ...{ PORT: '8181', MOBILE_PORT: '8182', WEARABLE_PORT: '8183' },
      WEB_BFF_URL: 'file+http:///stack/endpoints/web-bff.http.json',
      WEARABLE_BFF_URL: 'file+grpc:///stack/endpoints/wearable-bff.grpc.json',
    });
    expect(JSON.stringify(environment)).not.toContain('.jwk.json');
  });

  it('trusts nobody’s word about clients where no edge stands in front', () => {
    expect(plan(topologyOf('2')).environmentOf('web-bff')).not.toHaveProperty('TRUST_PROXY');
  });

  it('gives no service a private key', () => {
    for (const name of ['order-service-1', 'payment-service-2', 'shipping-service-1']) {
      expect(JSON.stringify(environmentOf(name))).not.toContain('.jwk.json');
    }
  });
});
