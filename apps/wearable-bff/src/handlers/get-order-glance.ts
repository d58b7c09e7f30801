import type { GetOrderOverview, OrderParts } from '@bff/aggregation';
import type { Call } from '@bff/core';
import { invalidField } from '../errors.ts';
import {
  Source,
  type GetOrderGlanceRequest,
  type GetOrderGlanceResponse,
} from '../generated/wearable/v1/wearable_service.ts';
import { presentGlance } from '../present/order-glance.ts';

/** Far above any id of ours, far below what would trouble a service behind. */
const longestOrderId = 128;

/** `GetOrderGlance`: one order, partial when payment or shipment did not answer. */
export function createGetOrderGlance(
  getOverview: GetOrderOverview,
): Call<GetOrderGlanceRequest, GetOrderGlanceResponse> {
  return async ({ orderId }, context) => {
    if (orderId === '') throw invalidField('order_id', 'is required');
    if (orderId.length > longestOrderId) {
      throw invalidField('order_id', `must have at most ${longestOrderId} characters`);
    }
    const overview = await getOverview({ orderId }, context);
    return { glance: presentGlance(overview), unavailable: missingSources(overview) };
  };
}

function missingSources({ payment, shipment }: OrderParts): Source[] {
  const missing: Source[] = [];
  if (!payment.ok) missing.push(Source.SOURCE_PAYMENT);
  if (!shipment.ok) missing.push(Source.SOURCE_SHIPMENT);
  return missing;
}
