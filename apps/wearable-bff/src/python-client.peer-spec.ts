import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from './testing/test-app.ts';

/** Debian's own interpreter: the one that its python3-grpcio belongs to. */
const python = '/usr/bin/python3';
const client = fileURLToPath(new URL('../peers/glance_client.py', import.meta.url));

describe('Python’s grpcio', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ protocol: 'grpc' });
  });
  afterAll(() => test.close());

  it('reads a glance with the descriptors that reflection gives, its request in gzip', async () => {
    expect(await readGlance(test, 'ord_0001', await test.bearer())).toEqual({
      bytes: 35,
      glance: {
        order_id: 'ord_0001',
        stage: 'ORDER_STAGE_ON_THE_WAY',
        total_minor_units: '23575',
        currency: 'EUR',
        item_count: 6,
        eta_minutes: Date.parse('2026-01-06T21:12Z') / 60_000,
        updated_minutes: Date.parse('2026-01-06T06:12Z') / 60_000,
      },
    });
  });

  it('is told that the order is another user’s, or that nobody is signed in', async () => {
    const bob = await test.bearer({ sub: 'bob' });
    expect(await readGlance(test, 'ord_0001', bob)).toMatchObject({ status: 'NOT_FOUND' });
    const expired = await test.bearer({ expiresIn: -60 });
    expect(await readGlance(test, 'ord_0001', expired)).toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('is told what is missing when a service is down', async () => {
    await test.services.shipments.stop();
    expect(await readGlance(test, 'ord_0001', await test.bearer())).toMatchObject({
      glance: { stage: 'ORDER_STAGE_PAID' },
      unavailable: ['SOURCE_SHIPMENT'],
    });
  });
});

/** What the client prints. Fails, with the package to install, when Python cannot import grpc. */
async function readGlance(test: TestApp, orderId: string, authorization: string): Promise<unknown> {
  const child = spawn(python, [client, new URL(test.listener.url).host, orderId]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  // One that fails early does not read its input; its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(authorization.replace('Bearer ', ''));
  const [exitCode] = (await once(child, 'close')) as [number];
  if (output.stderr.includes("No module named 'grpc'")) {
    throw new Error('Python cannot import grpc: apt-get install python3-grpcio python3-protobuf');
  }
  if (exitCode !== 0) throw new Error(`The client failed: ${output.stderr}`);
  return JSON.parse(output.stdout);
}
