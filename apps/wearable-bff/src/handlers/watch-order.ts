import { isDeepStrictEqual } from 'node:util';
import type { OrderWatch } from '@bff/aggregation';
import { AppError, type Context } from '@bff/core';
import type { WatchOrderRequest, WatchOrderResponse } from '../generated/wearable/v1/wearable_service.ts';
import { missingSources } from '../present/missing-sources.ts';
import { presentGlance } from '../present/order-glance.ts';
import { checkOrderId } from './check-order-id.ts';
import { partsOfView } from './parts-of-view.ts';

/** `WatchOrder`: the glance whenever it changes; who reads slowly gets the latest and not the ones before. */
export function createWatchOrder(live: Pick<OrderWatch, 'watch'>) {
  return async function* (
    { orderId, afterRevision, view }: WatchOrderRequest,
    context: Context,
  ): AsyncGenerator<WatchOrderResponse, undefined> {
    checkOrderId(orderId);
    const include = partsOfView(view);
    let shown: unknown;
    try {
      const after = afterRevision || undefined;
      for await (const update of live.watch({ orderId, after, delivery: 'latest', include }, context)) {
        const glance = presentGlance(update);
        const unavailable = missingSources(update);
        const looks = { glance, unavailable };
        // A change that a wrist does not show is not worth waking the radio for.
        if (isDeepStrictEqual(looks, shown)) continue;
        shown = looks;
        yield { glance, unavailable, revision: update.cursor };
      }
    } catch (thrown) {
      throw inRequestTerms(AppError.from(thrown));
    }
    return undefined;
  };
}

/** The use case calls it `after`; callers here know it as `after_revision`. */
function inRequestTerms(error: AppError): AppError {
  if (!error.faults.some(({ field }) => field === 'after')) return error;
  const faults = error.faults.map((fault) => ({ ...fault, field: 'after_revision' }));
  return new AppError(error.code, error.message, { cause: error.cause, faults });
}
