import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testCallers, type TestCaller, type TestTokenOptions } from '@bff/auth/testing';
import type { ServiceError } from '@grpc/grpc-js';
import { authorisation } from './authorisation.ts';
import { wearableOperations } from './handlers/wearable-operations.ts';
import { startTestApp, type TestApp } from './testing/test-app.ts';
import { failureOf, type CallOptions, type Failure } from './testing/test-client.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp({ protocol: 'grpc', environment: { RATE_LIMIT_PER_MINUTE: '1000' } });
});
afterAll(() => test.close());

type Method = keyof typeof authorisation;

const denied = 'PERMISSION_DENIED';
const always = { nobody: 'UNAUTHENTICATED', otherAudience: 'UNAUTHENTICATED', noScope: denied };
const read = { ...always, readScope: 'OK', writeScope: denied, alice: 'OK', support: 'OK' };
// Her parcel is on its way: she may, and cannot.
const write = {
  ...always,
  readScope: denied,
  writeScope: 'FAILED_PRECONDITION',
  alice: 'FAILED_PRECONDITION',
};

const expected: Record<Method, Record<TestCaller, string>> = {
  GetOrderGlance: { ...read, bob: 'NOT_FOUND' },
  ListOrderGlances: { ...read, bob: 'OK' },
  WatchOrder: { ...read, bob: 'NOT_FOUND' },
  CancelOrder: { ...write, bob: 'NOT_FOUND', support: 'NOT_FOUND' },
};

const { getOrderGlance, listOrderGlances, watchOrder, cancelOrder } = wearableOperations;
const order = { orderId: 'ord_0001', view: 0 };
let requests = 0;

const calls: Record<Method, (options: CallOptions) => Promise<unknown>> = {
  GetOrderGlance: (options) => test.client.call(getOrderGlance, order, options),
  ListOrderGlances: (options) =>
    test.client.call(listOrderGlances, { pageSize: 1, pageToken: '', view: 0 }, options),
  async WatchOrder(options) {
    for await (const _first of test.client.stream(watchOrder, { ...order, afterRevision: '' }, options))
      return;
  },
  CancelOrder: (options) =>
    test.client.call(cancelOrder, { orderId: 'ord_0001', requestId: `row-${++requests}` }, options),
};

const rows = Object.entries(expected).flatMap(([method, statuses]) =>
  Object.entries(statuses).map(
    ([caller, status]) => [method as Method, caller as TestCaller, status] as const,
  ),
);

describe('the authorisation of wearable-bff', () => {
  it.each(rows)('%s by %s: %s', async (method, caller, status) => {
    const before = await test.countCalls();
    const token: TestTokenOptions | undefined = testCallers[caller];
    const authorization = token && (await test.bearer(token));
    const failure = await calls[method]({ authorization }).then(
      (): Partial<Failure> => ({ status: 'OK' }),
      (thrown: unknown) => failureOf(thrown as ServiceError),
    );
    expect(failure.status).toBe(status);
    if (status !== 'UNAUTHENTICATED' && status !== denied) return;
    expect(failure.details?.code).toBe(status.toLowerCase());
    if (status === denied) {
      expect(failure.message).toBe(`The access token must have the scope ${authorisation[method].scope}.`);
    }
    expect(await test.countCalls()).toBe(before);
  });

  it('lists to everybody his own orders, support included', async () => {
    const listFor = async (token: TestTokenOptions) => {
      const page = { pageSize: 100, pageToken: '', view: 0 };
      const authorization = await test.bearer(token);
      const { response } = await test.client.call(listOrderGlances, page, { authorization });
      return response.glances.map(({ orderId }) => orderId);
    };
    const hers = new Set(await listFor(testCallers.alice));
    expect(hers.size).toBe(100);
    for (const other of [testCallers.bob, testCallers.support]) {
      expect((await listFor(other)).filter((orderId) => hers.has(orderId))).toEqual([]);
    }
  });

  it('has a row for every method of the .proto file, and no other', () => {
    const file = new URL('../proto/wearable/v1/wearable_service.proto', import.meta.url);
    const methods = [...readFileSync(file, 'utf8').matchAll(/^\s*rpc (\w+)/gm)].map(([, name]) => name);
    expect(Object.keys(authorisation).sort()).toEqual(methods.sort());
  });
});
