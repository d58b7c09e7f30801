import type { Context } from '@bff/core';
import type { OrderInclude, OrderParts } from '../order-overview/order-parts.ts';
import { isLater, type OfOrder } from '../order-overview/latest-by-order.ts';
import { mapPart } from '../plan/part.ts';
import { createPlan, type PlanOptions } from '../plan/plan.ts';
import { readOf } from './follow-source.ts';
import type { OrderWatchPorts, Revisions } from './order-change.ts';

export interface ReadOrderOptions extends PlanOptions {
  ports: OrderWatchPorts;
  partTimeoutMs?: number;
}

/** An order as it is now, with the revisions after which changes are news; undefined for what could not be read. */
export interface OrderNow {
  readonly parts: OrderParts;
  readonly revisions: { readonly [Source in keyof Revisions]: number | undefined };
}

interface Latest<T> {
  readonly value: T | null;
  readonly revision: number;
}

/** Reads by the caller's own right: `not_found` when the order is not his. */
export function createReadOrderNow(options: ReadOrderOptions) {
  const { ports, partTimeoutMs: timeoutMs } = options;
  const plan = createPlan<{ orderId: string; include: OrderInclude }>(options)
    .required('order', {
      load: ({ request: { orderId } }, context) => ports.orders.get({ orderId }, context),
    })
    .optional('payment', {
      timeoutMs,
      when: ({ request }) => request.include.payment ?? true,
      load: async ({ request }, context) => latestOf(await readOf(request.orderId, ports.payments, context)),
    })
    .optional('shipment', {
      timeoutMs,
      when: ({ request }) => request.include.shipment ?? true,
      load: async ({ request }, context) => latestOf(await readOf(request.orderId, ports.shipments, context)),
    });
  return async (orderId: string, include: OrderInclude, context: Context): Promise<OrderNow> => {
    const { values } = await plan.run({ orderId, include }, context);
    const { order, payment, shipment } = values;
    return {
      parts: {
        order,
        payment: mapPart(payment, ({ value }) => value),
        shipment: mapPart(shipment, ({ value }) => value),
      },
      revisions: {
        order: order.revision,
        payment: payment.ok ? payment.value.revision : undefined,
        shipment: shipment.ok ? shipment.value.revision : undefined,
      },
    };
  };
}

/** The one to show, and the revision of the last change to any: an older payment may have changed later. */
function latestOf<T extends OfOrder>(all: readonly T[]): Latest<T> {
  return {
    value: all.reduce<T | null>((latest, one) => (!latest || isLater(one, latest) ? one : latest), null),
    revision: Math.max(0, ...all.map(({ revision }) => revision)),
  };
}
