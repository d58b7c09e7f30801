import { afterEach, describe, expect, it } from '@jest/globals';
import { healthOperations } from '@bff/contracts';
import type { Client } from '@grpc/grpc-js';
import { wearableOperations } from './handlers/wearable-operations.ts';
import { startTestApp, type TestApp } from './testing/test-app.ts';

describe('wearable-bff', () => {
  let test: TestApp | undefined;
  afterEach(() => test?.close());

  it('tells its health without credentials, for the server and for its service, and first when it stops', async () => {
    test = await startTestApp();
    const { client, listener } = test;
    for (const service of ['', 'wearable.v1.WearableService']) {
      expect((await client.call(healthOperations.check, { service })).response).toBe('serving');
    }
    const unknown = await client.fail(healthOperations.check, { service: 'wearable.v1.Sundial' });
    expect(unknown.status).toBe('NOT_FOUND');
    listener.drain();
    expect((await client.call(healthOperations.check, { service: '' })).response).toBe('not_serving');
  });

  it('offers reflection in development', async () => {
    test = await startTestApp();
    expect(await listServices(test.client.grpc)).toContain('wearable.v1.WearableService');
  });

  it('offers none in production', async () => {
    test = await startTestApp({ environment: { NODE_ENV: 'production' } });
    await expect(listServices(test.client.grpc)).rejects.toThrow('UNIMPLEMENTED');
  });

  it('counts the sources of its answers by how they ended', async () => {
    test = await startTestApp();
    const { client, kit, services } = test;
    await services.payments.stop();
    const authorization = await test.bearer();
    await client.call(wearableOperations.getOrderGlance, { orderId: 'ord_0001', view: 0 }, { authorization });
    const metrics = await kit.metrics.expose();
    expect(metrics).toMatch(/aggregation_sources_total\{source="payment",status="unavailable".*\} 1/);
    expect(metrics).toMatch(/aggregation_sources_total\{source="shipment",status="ok".*\} 1/);
  });

  it('shows the instances of each service', async () => {
    test = await startTestApp();
    expect(test.app.info?.()).toMatchObject({
      upstreams: {
        'order-service': [{ state: 'available' }],
        'payment-service': [{ state: 'available' }],
        'shipping-service': [{ state: 'available' }],
      },
    });
  });
});

/** `ServerReflectionRequest { list_services: "" }`, written by hand: a client has no code for it. */
const listServicesRequest = Buffer.from([0x3a, 0x00]);

async function listServices(client: Client): Promise<string> {
  const bytes = (message: Buffer) => message;
  const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
  const call = client.makeBidiStreamRequest<Buffer, Buffer>(path, bytes, bytes);
  call.end(listServicesRequest);
  const answers: Buffer[] = [];
  for await (const answer of call) answers.push(answer as Buffer);
  return Buffer.concat(answers).toString('latin1');
}
