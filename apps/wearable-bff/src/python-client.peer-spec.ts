import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from './testing/test-app.ts';
import { asSupport } from './testing/test-services.ts';
import { until } from './testing/until.ts';

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

describe('Python’s grpcio, watching', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp({ protocol: 'grpc' });
  });
  afterAll(() => test.close());

  const advance = (status: 'out_for_delivery' | 'delivered') =>
    test.services.shipments.port.advance({ shipmentId: 'shp_0001', status, place: 'here' }, asSupport());

  it('sees a step within a second, and resumes at another instance when its own one stops', async () => {
    const token = await test.bearer();
    const first = await startTestApp({ protocol: 'grpc', beside: test });
    const watching = runClient(first, token, 'watch', 'ord_0001');
    await until(() => watching.lines.length === 1, 10_000);
    const startedAt = performance.now();
    await advance('out_for_delivery');
    await until(() => watching.lines.length === 2, 5_000);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    first.drain();
    expect(await watching.ended).toEqual([
      expect.objectContaining({ glance: expect.objectContaining({ stage: 'ORDER_STAGE_ON_THE_WAY' }) }),
      expect.objectContaining({ glance: expect.objectContaining({ stage: 'ORDER_STAGE_OUT_FOR_DELIVERY' }) }),
      expect.objectContaining({ status: 'UNAVAILABLE' }),
    ]);
    await first.close();
    const { revision } = watching.lines[1] as { revision: string };
    await advance('delivered');
    const resumed = runClient(test, token, 'watch', 'ord_0001', revision);
    await until(() => resumed.lines.length === 1, 10_000);
    expect(resumed.lines).toMatchObject([{ glance: { stage: 'ORDER_STAGE_DELIVERED' } }]);
    test.drain();
    await resumed.ended;
  });
});

/** The one thing that the client prints. */
async function readGlance(test: TestApp, orderId: string, authorization: string): Promise<unknown> {
  const [printed] = await runClient(test, authorization, 'get', orderId).ended;
  return printed;
}

/** What the client prints, as it prints it. Fails, with the package to install, when Python cannot import grpc. */
function runClient(test: TestApp, authorization: string, ...commandLine: string[]) {
  const child = spawn(python, [client, new URL(test.listener.url).host, ...commandLine]);
  const lines: unknown[] = [];
  let complaints = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  // One that fails early does not read its input; its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(authorization.replace('Bearer ', ''));
  const ended = once(child, 'close').then(([exitCode]) => {
    if (complaints.includes("No module named 'grpc'")) {
      throw new Error('Python cannot import grpc: apt-get install python3-grpcio python3-protobuf');
    }
    if (exitCode !== 0) throw new Error(`The client failed: ${complaints}`);
    return lines;
  });
  return { lines, ended };
}
