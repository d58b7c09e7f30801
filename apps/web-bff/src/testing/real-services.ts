import { join, resolve } from 'node:path';
import { createTestInternalKeys } from '@bff/auth/testing';
import { createTemporaryFolder, spawnService, type SpawnedService } from '@bff/service-kit/testing';

const workspaceRoot = resolve(import.meta.dirname, '../../../..');
const names = ['order-service', 'payment-service', 'shipping-service'] as const;
export type ServiceName = (typeof names)[number];

/** The three services as processes of their own on free ports, with the sample data and no courier. */
export async function startRealServices() {
  const keys = createTestInternalKeys();
  const folder = createTemporaryFolder();
  const started = await Promise.all(
    names.map((name) =>
      spawnService(join(workspaceRoot, 'apps', name, 'src/main.ts'), {
        ADMIN_PORT: '0',
        INTERNAL_JWKS: JSON.stringify(keys.jwks),
        DATABASE_URL: `sqlite:${join(folder.path, `${name}.db`)}`,
        SEED_DATA: 'true',
        COURIER_INTERVAL_MS: '0',
      }),
    ),
  );
  const services = Object.fromEntries(names.map((name, index) => [name, started[index]])) as Record<
    ServiceName,
    SpawnedService
  >;
  return {
    keys,
    folder: folder.path,
    /** What web-bff is told of them. */
    environment: {
      INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
      ...addressesOf('ORDER_SERVICE', services['order-service']),
      ...addressesOf('PAYMENT_SERVICE', services['payment-service']),
      ...addressesOf('SHIPPING_SERVICE', services['shipping-service']),
    } as Readonly<Record<string, string>>,
    async setFaults(name: ServiceName, faults: object): Promise<void> {
      const body = JSON.stringify(faults);
      const headers = { 'content-type': 'application/json' };
      await fetch(`${services[name].adminUrl}/faults`, { method: 'PUT', headers, body });
    },
    /** One step of a shipment, as the courier reports it. */
    async advance(shipmentId: string, status: string, place: string): Promise<Response> {
      const token = await keys.token('shipping-service', { subject: 'courier', roles: ['courier'] });
      return fetch(`${services['shipping-service'].httpUrl}/v1/shipments/${shipmentId}:advance`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ status: `SHIPMENT_STATUS_${status.toUpperCase()}`, place }),
      });
    },
    async close(): Promise<void> {
      await Promise.all(started.map((service) => service.kill('SIGKILL')));
      folder.remove();
    },
  };
}

/** Asked over HTTP, watched over gRPC. */
function addressesOf(name: string, { httpUrl, grpcAddress }: SpawnedService): Record<string, string> {
  return { [`${name}_URL`]: httpUrl, [`${name}_WATCH_URL`]: `grpc://${grpcAddress}` };
}
