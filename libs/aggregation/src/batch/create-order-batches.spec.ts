import { describe, expect, it } from '@jest/globals';
import { AppError } from '@bff/core';
import { createManualClock, openTestContext } from '@bff/core/testing';
import {
  createFakeServices,
  orderOf,
  paymentOf,
  shipmentOf,
  type FakeData,
} from '../testing/fake-services.ts';
import { createOrderBatches } from './create-order-batches.ts';

const ids = Array.from({ length: 250 }, (_, index) => `ord_${index + 1}`);
const data: FakeData = {
  orders: ids.map((id) => orderOf(id)),
  payments: ids.filter((_, index) => index % 2 === 0).map((id) => paymentOf(id, 'captured')),
  shipments: ids.map((id) => shipmentOf(id)),
};

function setUp(changes: FakeData = {}, maxBatchSize?: number) {
  const clock = createManualClock();
  const scope = openTestContext({ clock });
  const { ports, calls } = createFakeServices({ ...data, ...changes });
  const batches = createOrderBatches({ ports, clock, timeoutMs: 300, ...(maxBatchSize && { maxBatchSize }) });
  return { clock, scope, calls, batches };
}

describe('a batch', () => {
  it('answers for each id in its place, from one call', async () => {
    const { scope, calls, batches } = setUp();
    const payments = await batches.payments(['ord_3', 'ord_2', 'ord_1', 'ord_3'], scope.context);
    expect(payments.map((payment) => payment && 'orderId' in payment && payment.orderId)).toEqual([
      'ord_3',
      null,
      'ord_1',
      'ord_3',
    ]);
    expect(calls).toHaveLength(1);
    expect(await batches.orders(['ord_9', 'nothing'], scope.context)).toMatchObject([
      { orderId: 'ord_9' },
      null,
    ]);
    expect(await batches.shipments([], scope.context)).toEqual([]);
    expect(calls).toHaveLength(2);
  });

  it('is split where it is larger than a service takes, and one part may fail alone', async () => {
    const { scope, calls, batches } = setUp({
      fault: async () => {
        if (calls.length === 2) throw new AppError('unavailable', 'connect ECONNREFUSED 10.0.0.7');
      },
    });
    const shipments = await batches.shipments(ids, scope.context);
    expect(calls.map(({ query }) => (query as { orderIds: string[] }).orderIds.length)).toEqual([
      100, 100, 50,
    ]);
    const failed = shipments.filter((one) => one instanceof AppError);
    expect(failed).toHaveLength(100);
    expect(failed[0]).toMatchObject({
      code: 'upstream_failed',
      message: 'The shipment source is unavailable.',
    });
    expect(shipments.at(-1)).toMatchObject({ orderId: 'ord_250' });
  });

  it('is given up after its time', async () => {
    const { clock, scope, batches } = setUp({
      fault: (_name, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const answer = batches.payments(['ord_1'], scope.context);
    await clock.advance(300);
    expect(await answer).toMatchObject([{ code: 'deadline_exceeded' }]);
    scope.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('fails as a whole only for a caller who has left', async () => {
    const gone = new AppError('cancelled', 'The client left.');
    const { clock, scope, batches } = setUp({
      fault: (_name, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const answer = Promise.allSettled([batches.payments(['ord_1'], scope.context)]);
    scope.cancel(gone);
    await clock.advance(0);
    expect(await answer).toEqual([{ status: 'rejected', reason: gone }]);
  });
});
