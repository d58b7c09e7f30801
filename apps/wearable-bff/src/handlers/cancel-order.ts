import type { Checkout } from '@bff/aggregation';
import type { Call } from '@bff/core';
import type { CancelOrderRequest, CancelOrderResponse } from '../generated/wearable/v1/wearable_service.ts';
import { presentGlance } from '../present/order-glance.ts';
import { checkId, checkOrderId } from './check-order-id.ts';

/** `CancelOrder`: what has begun is finished even if this process dies; a repetition is answered again. */
export function createCancelOrder(
  cancelOrder: Checkout['cancelOrder'],
): Call<CancelOrderRequest, CancelOrderResponse> {
  return async ({ orderId, requestId }, context) => {
    checkOrderId(orderId);
    checkId('request_id', requestId);
    const { order, payment, shipment } = await cancelOrder(
      { orderId },
      { ...context, idempotencyKey: requestId },
    );
    return {
      glance: presentGlance({
        order,
        payment: { ok: true, value: payment },
        shipment: { ok: true, value: shipment },
      }),
    };
  };
}
