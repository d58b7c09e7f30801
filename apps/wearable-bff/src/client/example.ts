import { randomUUID } from 'node:crypto';
import { followOrder, OrderStage, WearableError, type WearableClient } from './index.ts';

/** Shows an order until it is at its end, and calls it off when `changedMyMind` says so. */
export async function showOrder(
  client: WearableClient,
  orderId: string,
  show: (line: string) => void,
  changedMyMind: () => boolean,
): Promise<void> {
  for await (const { glance, unavailable } of followOrder(client, orderId)) {
    if (!glance) continue;
    const marker = unavailable.length > 0 ? ' (more is not known at the moment)' : '';
    show(`${orderId}: ${nameOf(glance.stage)}${marker}`);
    if (atTheEnd.includes(glance.stage)) return;
    if (!changedMyMind()) continue;
    try {
      // Made once for this intention: if the answer is lost, it is asked again with the same id.
      await client.cancelOrder({ orderId: orderId, requestId: randomUUID() });
    } catch (thrown) {
      if (!(thrown instanceof WearableError) || thrown.status !== 'FAILED_PRECONDITION') throw thrown;
      show(`${orderId}: too late to call it off`);
    }
  }
}

const atTheEnd: readonly OrderStage[] = [
  OrderStage.ORDER_STAGE_DELIVERED,
  OrderStage.ORDER_STAGE_CANCELLED,
  OrderStage.ORDER_STAGE_REFUNDED,
];

function nameOf(stage: OrderStage): string {
  const [name = 'UNKNOWN'] = Object.entries(OrderStage).find(([, value]) => value === stage) ?? [];
  return name.replace('ORDER_STAGE_', '').replaceAll('_', ' ').toLowerCase();
}
