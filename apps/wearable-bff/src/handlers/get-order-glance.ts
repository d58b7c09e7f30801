import type { GetOrderOverview } from '@bff/aggregation';
import type { Call } from '@bff/core';
import type {
  GetOrderGlanceRequest,
  GetOrderGlanceResponse,
} from '../generated/wearable/v1/wearable_service.ts';
import { missingSources } from '../present/missing-sources.ts';
import { presentGlance } from '../present/order-glance.ts';
import { checkOrderId } from './check-order-id.ts';
import { partsOfView } from './parts-of-view.ts';

/** `GetOrderGlance`: one order, partial when payment or shipment did not answer. */
export function createGetOrderGlance(
  getOverview: GetOrderOverview,
): Call<GetOrderGlanceRequest, GetOrderGlanceResponse> {
  return async ({ orderId, view }, context) => {
    checkOrderId(orderId);
    const overview = await getOverview({ orderId, include: partsOfView(view) }, context);
    return { glance: presentGlance(overview), unavailable: missingSources(overview) };
  };
}
