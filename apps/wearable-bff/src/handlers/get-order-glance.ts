import type { GetOrderOverview } from '@bff/aggregation';
import type { Call } from '@bff/core';
import type {
  GetOrderGlanceRequest,
  GetOrderGlanceResponse,
} from '../generated/wearable/v1/wearable_service.ts';
import { missingSources } from '../present/missing-sources.ts';
import { presentGlance } from '../present/order-glance.ts';
import { checkOrderId } from './check-order-id.ts';

/** `GetOrderGlance`: one order, partial when payment or shipment did not answer. */
export function createGetOrderGlance(
  getOverview: GetOrderOverview,
): Call<GetOrderGlanceRequest, GetOrderGlanceResponse> {
  return async ({ orderId }, context) => {
    checkOrderId(orderId);
    const overview = await getOverview({ orderId }, context);
    return { glance: presentGlance(overview), unavailable: missingSources(overview) };
  };
}
