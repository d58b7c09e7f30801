import {
  orderOperations,
  type NewOrder,
  type Order,
  type OrdersPort,
  type OrderStatus,
} from '@bff/contracts';
import { AppError } from '@bff/core';
import type { PortParts, Written } from '@bff/service-kit';
import { checkNewOrder } from './check-new-order.ts';

/** From which states an order may go into another. */
const mayBecome: Readonly<Partial<Record<OrderStatus, readonly OrderStatus[]>>> = {
  confirmed: ['pending'],
  cancelled: ['pending', 'confirmed'],
};

/** The order service, as its callers' interface. */
export function createOrdersPort({ core, clock }: PortParts<Order, keyof OrdersPort>): OrdersPort {
  const moveTo = (status: OrderStatus) => (order: Order) => move(order, status, clock.date());
  return {
    get: ({ orderId }, context) => core.get('get', orderId, context),
    list: (query, context) => core.list('list', query, context),
    watch: (query, context) => core.watch('watch', query, context),
    create: (request, context) =>
      core.create(
        { operation: 'create', rules: orderOperations.create, check: checkNewOrder },
        request,
        context,
        (identity) => place(request, identity, clock.date()),
      ),
    confirm: ({ orderId }, context) =>
      core.transition({ operation: 'confirm', read: 'get' }, orderId, context, moveTo('confirmed')),
    cancel: ({ orderId, ifRevision }, context) =>
      core.transition({ operation: 'cancel', read: 'get' }, orderId, context, (order) => {
        const cancelled = move(order, 'cancelled', clock.date());
        if (cancelled) checkRevision(order, ifRevision);
        return cancelled;
      }),
    withdraw: ({ idempotencyKey }, context) =>
      core.withdraw(
        { operation: 'withdraw', created: orderOperations.create },
        idempotencyKey,
        context,
        moveTo('cancelled'),
      ),
  };
}

function place(
  { lines, shippingAddress }: NewOrder,
  { id, customerId, revision }: { id: string; customerId: string; revision: number },
  now: Date,
): Written<Order> {
  const minorUnits = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.minorUnits, 0);
  const total = { currency: lines[0]?.unitPrice.currency ?? '', minorUnits };
  const times = { createTime: now, updateTime: now };
  return {
    value: { orderId: id, customerId, status: 'pending', lines, total, shippingAddress, ...times, revision },
  };
}

function checkRevision(order: Order, expected: number | undefined): void {
  if (expected === undefined || order.revision === expected) return;
  throw new AppError('conflict', 'The order has changed since it was read. Read it again.');
}

/** Undefined when the order is there already. */
function move(order: Order, status: OrderStatus, now: Date): Written<Order> | undefined {
  if (order.status === status) return undefined;
  if (!mayBecome[status]?.includes(order.status)) {
    throw new AppError('failed_precondition', `The order is ${order.status}; it cannot become ${status}.`);
  }
  return { value: { ...order, status, updateTime: now } };
}
