// In a package of your own: '@bff/web-bff/client'.
import type { CheckoutRequest, WebClient } from './index.ts';

/**
 * What a shop's page does, from cart to doorstep: it places an order, shows it, and follows its parcel until it is
 * delivered. Made to be copied; a test runs it against the real services.
 */
export async function buyAndFollow(
  client: WebClient,
  cart: CheckoutRequest,
  show: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // One key for one purchase: whoever does not know how it ended sends it again, and pays once.
  const header = { 'Idempotency-Key': crypto.randomUUID() };
  const { data: order, error } = await client.POST('/v1/checkouts', { params: { header }, body: cart });
  if (error)
    throw new Error(
      error.errors?.map((fault) => `${fault.field} ${fault.message}`).join('; ') ?? error.detail,
    );
  show(`${order.orderId} is ${order.status}, ${order.total.minorUnits / 100} ${order.total.currency}`);

  for await (const { order: now } of client.followOrder(order.orderId, { signal })) {
    const step = now.shipment?.events.at(-1);
    show(`${now.shipment?.status ?? 'no shipment yet'}${step ? `, ${step.place}` : ''}`);
    if (now.shipment?.status === 'delivered' || now.status === 'cancelled') return;
  }
}

/** The order list: only what a row shows, so that no payment is fetched. */
export async function listOrders(client: WebClient): Promise<string[]> {
  const { data, error } = await client.GET('/v1/orders', {
    params: { query: { pageSize: 5, fields: ['orderId', 'status', 'shipment.status'] } },
  });
  if (error) throw new Error(error.detail);
  return data.orders.map(
    ({ orderId, status, shipment }) => `${orderId} ${status} ${shipment?.status ?? '–'}`,
  );
}
