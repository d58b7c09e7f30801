import type { ListQuery, Order, Page, Payment, PaymentsPort, Shipment, ShipmentsPort } from '@bff/contracts';
import { AppError, type Context } from '@bff/core';
import type { CancelOutcome, CheckoutPorts } from './checkout.ts';

/** How often the state is read anew when somebody else changes it meanwhile. */
const rounds = 5;

/**
 * Stops the shipment, cancels the order, gives the money back, in this order: as long as the shipment can be stopped the
 * cancellation can still be refused, and nothing is refunded that is delivered all the same. May be repeated at any point.
 * Throws `failed_precondition` when the courier has the parcel, with nothing changed.
 */
export async function cancelWhole(
  ports: CheckoutPorts,
  orderId: string,
  context: Context,
): Promise<CancelOutcome> {
  for (let round = 1; ; round++) {
    try {
      const order = await ports.orders.get({ orderId }, context);
      const shipments = await stopShipments(ports.shipments, order, context);
      // In the revision that was looked at: a checkout on its way may have confirmed it, and made a shipment, since.
      const cancelled = await ports.orders.cancel({ orderId, ifRevision: order.revision }, context);
      const payments = await giveBack(ports.payments, orderId, context);
      return { order: cancelled, payment: payments[0] ?? null, shipment: shipments[0] ?? null };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== 'conflict' || round === rounds) throw error;
    }
  }
}

/** However many pages it takes. */
async function listAll<T>(
  port: { list(query: ListQuery<never>, context: Context): Promise<Page<T>> },
  orderId: string,
  context: Context,
): Promise<readonly T[]> {
  const all: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await port.list({ orderIds: [orderId], pageToken }, context);
    all.push(...page.items);
    ({ nextPageToken: pageToken } = page);
  } while (pageToken !== undefined);
  return all;
}

/** Newest first. */
async function stopShipments(
  port: ShipmentsPort,
  { orderId, status }: Order,
  context: Context,
): Promise<readonly Shipment[]> {
  const items = await listAll(port, orderId, context);
  const underWay = items.some((shipment) => !['preparing', 'cancelled'].includes(shipment.status));
  if (underWay && status !== 'cancelled') {
    throw new AppError(
      'failed_precondition',
      'The parcel is on its way; the order can no longer be cancelled.',
    );
  }
  return Promise.all(
    items.map(async (shipment) =>
      shipment.status === 'preparing' ? port.cancel({ shipmentId: shipment.shipmentId }, context) : shipment,
    ),
  );
}

/** Newest first. */
async function giveBack(port: PaymentsPort, orderId: string, context: Context): Promise<readonly Payment[]> {
  const items = await listAll(port, orderId, context);
  return Promise.all(
    items.map(async (payment) => {
      const { paymentId, status } = payment;
      if (status === 'captured') return port.refund({ paymentId }, context);
      return status === 'authorised' ? voidOrRefund(port, paymentId, context) : payment;
    }),
  );
}

async function voidOrRefund(port: PaymentsPort, paymentId: string, context: Context): Promise<Payment> {
  try {
    return await port.void({ paymentId }, context);
  } catch (thrown) {
    if (AppError.from(thrown).code !== 'failed_precondition') throw thrown;
    // Captured since it was read, by a checkout on its way.
    return port.refund({ paymentId }, context);
  }
}
