import type { Order, Payment, Shipment } from '@bff/contracts';
import { AppError, type Clock } from '@bff/core';
import type { CheckoutPorts } from '../checkout/checkout.ts';
import { found, MemoryLedger, refused, type Effect } from './memory-ledger.ts';

/** The three services in memory, as far as writes need them, with the promises of the real ones: keys, withdrawals, states. */
export class MemoryCommerce {
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly shipments = new Map<string, Shipment>();
  /** Shipments that the courier may have. */
  readonly released = new Set<string>();
  readonly ports: CheckoutPorts;
  readonly #clock: Clock;
  readonly #ledger: MemoryLedger;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#ledger = new MemoryLedger(clock);
    this.ports = {
      orders: this.#ordersPort(),
      payments: this.#paymentsPort(),
      shipments: this.#shipmentsPort(),
    };
  }

  /** Every change, once, in the order of all three services. */
  get effects(): readonly Effect[] {
    return this.#ledger.effects;
  }

  #ordersPort(): CheckoutPorts['orders'] {
    const orders = this.orders;
    const move = (orderId: string, status: Order['status'], from: Order['status'][]) =>
      this.#ledger.move('order', orders, orderId, status, from);
    return {
      ...unused,
      get: async ({ orderId }) => found(orders.get(orderId)),
      create: async ({ lines, shippingAddress }, context) =>
        this.#ledger.once('order', context, { lines, shippingAddress }, orders, (orderId): Order => ({
          orderId,
          customerId: context.principal?.subject ?? '',
          status: 'pending',
          lines,
          shippingAddress,
          total: {
            currency: 'EUR',
            minorUnits: lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.minorUnits, 0),
          },
          ...this.#ledger.times(),
        })),
      confirm: async ({ orderId }) => move(orderId, 'confirmed', ['pending']),
      cancel: async ({ orderId, ifRevision }) => {
        const { status, revision } = found(orders.get(orderId));
        if (status !== 'cancelled' && ifRevision !== undefined && ifRevision !== revision) {
          throw changed();
        }
        return move(orderId, 'cancelled', ['pending', 'confirmed']);
      },
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#ledger.close('order', idempotencyKey, context);
        return id === undefined ? undefined : move(id, 'cancelled', ['pending', 'confirmed']);
      },
    };
  }

  #paymentsPort(): CheckoutPorts['payments'] {
    const payments = this.payments;
    const move = (paymentId: string, status: Payment['status'], from: Payment['status'][]) =>
      this.#ledger.move('payment', payments, paymentId, status, from);
    return {
      ...unused,
      list: async ({ orderIds }) => listed(payments, orderIds),
      authorise: async ({ orderId, amount, methodToken }, context) =>
        this.#ledger.once(
          'payment',
          context,
          { orderId, amount, methodToken },
          payments,
          (paymentId): Payment => ({
            paymentId,
            orderId,
            customerId: context.principal?.subject ?? '',
            status: methodToken === 'tok_declined' ? 'declined' : 'authorised',
            amount,
            method: { brand: 'visa', lastFour: '4242' },
            events: [],
            ...this.#ledger.times(),
          }),
        ),
      capture: async ({ paymentId }) => move(paymentId, 'captured', ['authorised']),
      void: async ({ paymentId }) => move(paymentId, 'voided', ['authorised']),
      refund: async ({ paymentId }) => move(paymentId, 'refunded', ['captured']),
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#ledger.close('payment', idempotencyKey, context);
        const status = id === undefined ? undefined : payments.get(id)?.status;
        if (id !== undefined && status === 'authorised') return move(id, 'voided', ['authorised']);
        if (id !== undefined && status === 'captured') return move(id, 'refunded', ['captured']);
        return id === undefined ? undefined : payments.get(id);
      },
    };
  }

  #shipmentsPort(): CheckoutPorts['shipments'] {
    const shipments = this.shipments;
    const move = (shipmentId: string, status: Shipment['status'], from: Shipment['status'][]) =>
      this.#ledger.move('shipment', shipments, shipmentId, status, from);
    return {
      ...unused,
      list: async ({ orderIds }) => listed(shipments, orderIds),
      create: async ({ orderId, address, hold = false }, context) =>
        this.#ledger.once(
          'shipment',
          context,
          { orderId, address, hold },
          shipments,
          (shipmentId): Shipment => {
            if (!hold) this.released.add(shipmentId);
            return {
              shipmentId,
              orderId,
              customerId: context.principal?.subject ?? '',
              status: 'preparing',
              carrier: 'DHL',
              trackingNumber: 'T1',
              address,
              estimatedDeliveryTime: this.#clock.date(),
              events: [],
              ...this.#ledger.times(),
            };
          },
        ),
      cancel: async ({ shipmentId }) => move(shipmentId, 'cancelled', ['preparing']),
      release: async ({ shipmentId }) => {
        const shipment = found(shipments.get(shipmentId));
        if (shipment.status === 'cancelled') throw refused();
        if (!this.released.has(shipmentId))
          this.#ledger.effects.push({ name: 'shipment released', id: shipmentId });
        this.released.add(shipmentId);
        return shipment;
      },
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#ledger.close('shipment', idempotencyKey, context);
        return id === undefined ? undefined : move(id, 'cancelled', ['preparing']);
      },
    };
  }

  /** The courier takes whatever he may have. */
  dispatch(): void {
    for (const [id, shipment] of this.shipments) {
      if (this.released.has(id) && shipment.status === 'preparing') {
        this.shipments.set(id, { ...shipment, status: 'in_transit' });
      }
    }
  }
}

const unusedCall = () => Promise.reject(new Error('Not used by writes.'));
/** Every method that no write uses; the ones that are used stand after it. */
const unused = {
  get: unusedCall,
  list: unusedCall,
  advance: unusedCall,
  watch: (): AsyncIterable<never> => {
    throw new Error('Not used by writes.');
  },
};

function listed<T extends { orderId: string }>(all: Map<string, T>, orderIds: readonly string[] = []) {
  const items = [...all.values()].filter(({ orderId }) => orderIds.includes(orderId)).reverse();
  return { items, nextPageToken: undefined };
}

function changed(): AppError {
  return new AppError('conflict', 'The order has changed.');
}
