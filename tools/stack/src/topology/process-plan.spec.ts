import { describe, expect, it } from '@jest/globals';
import { stackPaths } from '../prepare/stack-paths.ts';
import { processEnvironment } from './process-environment.ts';
import { planProcesses, portsNeeded } from './process-plan.ts';
import { topologies, type Topology } from './topology.ts';

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

const level = (number: number) => topologies.find((topology) => topology.level === number)!;

describe('the plan of a level', () => {
  it('gives level 1 one entry in front of three services', () => {
    const { plans } = plan(level(1));
    expect(plans.map(({ name, url }) => `${name} ${url}`)).toEqual([
      'identity-provider http://127.0.0.1:8090',
      'order-service http://127.0.0.1:20001',
      'payment-service http://127.0.0.1:20004',
      'shipping-service http://127.0.0.1:20007',
      'api-gateway http://127.0.0.1:8080',
    ]);
  });

  it('gives level 2 one entry per client, the watch’s over gRPC', () => {
    const { plans } = plan(level(2));
    expect(plans.slice(4).map(({ name, url }) => `${name} ${url}`)).toEqual([
      'web-bff http://127.0.0.1:8081',
      'mobile-bff http://127.0.0.1:8082',
      'wearable-bff grpc://127.0.0.1:8083',
    ]);
  });

  it.each(topologies)('uses no port twice at level $level', (topology) => {
    const ports = plan(topology).plans.flatMap(({ ports }) => Object.values(ports) as number[]);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('numbers replicas and tells those in front of them all addresses', () => {
    const tiers = level(2).tiers.map((tier) =>
      tier.app === 'order-service' ? { ...tier, replicas: 2 } : tier,
    );
    const { plans, environmentOf } = plan({ ...level(2), tiers });
    const replicas = plans.filter(({ tier }) => tier.app === 'order-service');
    expect(replicas.map(({ name }) => name)).toEqual(['order-service-1', 'order-service-2']);
    expect(environmentOf('web-bff')['ORDER_SERVICE_URL']).toBe(replicas.map(({ url }) => url).join(','));
    expect(environmentOf('web-bff')['ORDER_SERVICE_WATCH_URL']).toBe(
      replicas.map(({ grpc }) => `grpc://${grpc!}`).join(','),
    );
    expect(environmentOf('order-service-1')['DATABASE_URL']).toBe(
      environmentOf('order-service-2')['DATABASE_URL'],
    );
  });

  it('shows an address that can be connected to when it listens everywhere', () => {
    const { plans, environmentOf } = plan(level(2), '0.0.0.0');
    expect(plans.at(-2)).toMatchObject({ url: 'http://127.0.0.1:8082', admin: expect.stringMatching(/127/) });
    expect(environmentOf('mobile-bff')['HOST']).toBe('0.0.0.0');
  });
});

describe('the environment of a process', () => {
  const { plans, environmentOf } = plan(level(2));
  const service = plans.find(({ name }) => name === 'order-service')!;

  it('is the caller’s, except for what the plan decides', () => {
    expect(environmentOf('order-service')).toMatchObject({
      ...{ LOG_LEVEL: 'warn', PORT: String(service.ports.public), GRPC_PORT: String(service.ports.grpc) },
      ...{ ADMIN_PORT: String(service.ports.admin), INSTANCE: 'order-service', SEED_DATA: 'true' },
      ...{ DATABASE_URL: 'sqlite:/stack/data/order-service.db' },
      INTERNAL_JWKS_FILE: '/stack/secrets/internal-jwks.json',
    });
  });

  it('gives each BFF the services in its own protocol, the issuer, and a key of its own', () => {
    expect(environmentOf('web-bff')).toMatchObject({
      ...{ ORDER_SERVICE_URL: service.url, ISSUER_URL: 'http://127.0.0.1:8090' },
      INTERNAL_SIGNING_KEY_FILE: '/stack/secrets/web-bff.jwk.json',
    });
    expect(environmentOf('wearable-bff')).toMatchObject({
      ORDER_SERVICE_URL: `grpc://${service.grpc!}`,
      INTERNAL_SIGNING_KEY_FILE: '/stack/secrets/wearable-bff.jwk.json',
    });
  });

  it('gives no service a private key', () => {
    for (const name of ['order-service', 'payment-service', 'shipping-service']) {
      expect(JSON.stringify(environmentOf(name))).not.toContain('.jwk.json');
    }
  });
});
