import { afterEach, describe, expect, it } from '@jest/globals';
import { noFaults } from '@bff/server-kit';
import { startFakeGrpcBff } from '../testing/fake-grpc-bff.ts';
import { openGrpcClient, readPath } from '../testing/grpc-client.ts';
import { openTestEdge } from '../testing/open-test-edge.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open() {
  const bff = await startFakeGrpcBff();
  const edge = await openTestEdge({ wearable: [bff.url] });
  closing.push(
    () => bff.stop(),
    () => edge.close(),
  );
  const call = async (path: string) => {
    const client = openGrpcClient(edge.wearableUrl);
    try {
      return (await client.call(path)).status;
    } finally {
      client.close();
    }
  };
  return { bff, edge, faults: edge.kit.faults!, call };
}

describe('faults of an edge', () => {
  it('concern its HTTP entries and not their health', async () => {
    const { edge, faults } = await open();
    faults.set({ ...noFaults, errorRate: 1, errorCode: 'unavailable' });
    for (const url of [edge.webUrl, edge.mobileUrl]) {
      expect((await fetch(`${url}/v1/orders`)).status).toBe(503);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    }
  });

  it('concern gRPC calls, which no instance then sees, and not health', async () => {
    const { bff, faults, call } = await open();
    faults.set({ ...noFaults, errorRate: 1 });
    expect(await call(readPath)).toBe('13');
    expect(await call('/grpc.health.v1.Health/Check')).toBe('0');
    faults.set({ ...noFaults, hang: true });
    const held = call(readPath);
    expect(await call('/grpc.health.v1.Health/Check')).toBe('0');
    expect(bff.seen).toHaveLength(0);
    faults.heal();
    expect(await held).toBe('0');
    faults.set({ ...noFaults, reset: true });
    expect(await call(readPath)).toBeUndefined();
    expect(bff.seen).toHaveLength(1);
  });
});
