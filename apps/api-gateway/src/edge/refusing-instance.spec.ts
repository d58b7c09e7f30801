import { afterEach, describe, expect, it } from '@jest/globals';
import { answerMessage, startFakeGrpcBff } from '../testing/fake-grpc-bff.ts';
import { answerJson, startFakeService } from '../testing/fake-service.ts';
import { openGrpcClient, readPath } from '../testing/grpc-client.ts';
import { openTestEdge } from '../testing/open-test-edge.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const limits = { BFF_TIMEOUT_MS: '150' };

describe('while an instance is replaced, and its successor is cold', () => {
  it.each([
    ['GET', undefined, {}],
    ['POST', '{}', { 'idempotency-key': 'k-0000000000000001' }],
    ['POST', '{"query":"{ orders { id } }"}', {}],
  ])(
    '%s with body %s goes to the slow one again, and not to the closed one alone',
    async (method, body, keys) => {
      const cold = await startFakeService();
      const gone = await startFakeService();
      // Of equal instances the last is taken.
      const edge = await openTestEdge({ mobile: [gone.url, cold.url] }, limits);
      cleanUps.push(
        () => cold.stop(),
        () => edge.close(),
      );
      let calls = 0;
      cold.answer = (request, response) => {
        if (calls++ === 0) request.resume();
        else answerJson(200, { from: 'cold' })(request, response);
      };
      await gone.stop();
      const response = await fetch(`${edge.mobileUrl}/graphql`, {
        method,
        headers: { 'content-type': 'application/json', ...keys },
        ...(body !== undefined && { body }),
      });
      expect([response.status, await response.json()]).toEqual([200, { from: 'cold' }]);
    },
  );

  it('a gRPC read goes to the slow one again, too', async () => {
    const cold = await startFakeGrpcBff('cold');
    const gone = await startFakeGrpcBff('gone');
    const edge = await openTestEdge({ wearable: [gone.url, cold.url] }, limits);
    const client = openGrpcClient(edge.wearableUrl);
    cleanUps.push(
      () => cold.stop(),
      () => edge.close(),
      () => client.close(),
    );
    cold.answer = () => void (cold.answer = answerMessage('cold'));
    await gone.stop();
    expect((await client.call(readPath)).message).toBe('cold');
  });
});

describe('a write without a key', () => {
  it('that is lost with its instance says that it is not known whether it was carried out, and names nothing inside', async () => {
    const dying = await startFakeService();
    const edge = await openTestEdge({ mobile: [dying.url] }, limits);
    cleanUps.push(
      () => dying.stop(),
      () => edge.close(),
    );
    dying.answer = (request) => {
      request.resume();
      request.once('end', () => request.socket.resetAndDestroy());
    };
    const response = await fetch(`${edge.mobileUrl}/v1/orders`, { method: 'POST', body: 'x' });
    const text = await response.text();
    expect(response.status).toBe(502);
    expect(text).toContain('not known whether');
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|ECONN|socket|mobile-bff|undici|node:/i);
  });
});
