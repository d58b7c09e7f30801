import type { Order, Payment, Shipment } from '@bff/contracts';
import { AppError, type Clock, type Context } from '@bff/core';
import type { CheckoutPorts } from '../checkout/checkout.ts';

/** What happened to one resource, in the order of all three services. */
export interface Effect {
  readonly name: string;
  readonly id: string;
}

interface Known {
  id: string | undefined;
  /** As it was when it was made, whatever has become of it. */
  answer: unknown;
  request: string;
  closed: boolean;
}

/** The three services in memory, as far as writes need them, with the promises of the real ones: keys, withdrawals, states. */
export class MemoryCommerce {
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly shipments = new Map<string, Shipment>();
  /** Shipments that the courier may have. */
  readonly released = new Set<string>();
  /** Every change, once. */
  readonly effects: Effect[] = [];
  readonly ports: CheckoutPorts;
  readonly #keys = new Map<string, Known>();
  readonly #clock: Clock;
  #revision = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.ports = {
      orders: this.#ordersPort(),
      payments: this.#paymentsPort(),
      shipments: this.#shipmentsPort(),
    };
  }

  #ordersPort(): CheckoutPorts['orders'] {
    const orders = this.orders;
    const move = (orderId: string, status: Order['status'], from: Order['status'][]) =>
      this.#move('order', orders, orderId, status, from);
    return {
      ...unused,
      get: async ({ orderId }) => found(orders.get(orderId)),
      create: async ({ lines, shippingAddress }, context) =>
        this.#once('order', context, { lines, shippingAddress }, orders, (orderId): Order => ({
          orderId,
          customerId: context.principal?.subject ?? '',
          status: 'pending',
          lines,
          shippingAddress,
          total: {
            currency: 'EUR',
            minorUnits: lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.minorUnits, 0),
          },
          ...this.#times(),
        })),
      confirm: async ({ orderId }) => move(orderId, 'confirmed', ['pending']),
      cancel: async ({ orderId, ifRevision }) => {
        const { status, revision } = found(orders.get(orderId));
        if (status !== 'cancelled' && ifRevision !== undefined && ifRevision !== revision) {
          throw new AppError('conflict', 'The order has changed.');
        }
        return move(orderId, 'cancelled', ['pending', 'confirmed']);
      },
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#close('order', idempotencyKey, context);
        return id === undefined ? undefined : move(id, 'cancelled', ['pending', 'confirmed']);
      },
    };
  }

  #paymentsPort(): CheckoutPorts['payments'] {
    const payments = this.payments;
    const move = (paymentId: string, status: Payment['status'], from: Payment['status'][]) =>
      this.#move('payment', payments, paymentId, status, from);
    return {
      ...unused,
      list: async ({ orderIds }) => listed(payments, orderIds),
      authorise: async ({ orderId, amount, methodToken }, context) =>
        this.#once('payment', context, { orderId, amount, methodToken }, payments, (paymentId): Payment => ({
          paymentId,
          orderId,
          customerId: context.principal?.subject ?? '',
          status: methodToken === 'tok_declined' ? 'declined' : 'authorised',
          amount,
          method: { brand: 'visa', lastFour: '4242' },
          events: [],
          ...this.#times(),
        })),
      capture: async ({ paymentId }) => move(paymentId, 'captured', ['authorised']),
      void: async ({ paymentId }) => move(paymentId, 'voided', ['authorised']),
      refund: async ({ paymentId }) => move(paymentId, 'refunded', ['captured']),
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#close('payment', idempotencyKey, context);
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
      this.#move('shipment', shipments, shipmentId, status, from);
    return {
      ...unused,
      list: async ({ orderIds }) => listed(shipments, orderIds),
      create: async ({ orderId, address, hold = false }, context) =>
        this.#once('shipment', context, { orderId, address, hold }, shipments, (shipmentId): Shipment => {
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
            ...this.#times(),
          };
        }),
      cancel: async ({ shipmentId }) => move(shipmentId, 'cancelled', ['preparing']),
      release: async ({ shipmentId }) => {
        const shipment = found(shipments.get(shipmentId));
        if (shipment.status === 'cancelled') throw refused();
        if (!this.released.has(shipmentId)) this.effects.push({ name: 'shipment released', id: shipmentId });
        this.released.add(shipmentId);
        return shipment;
      },
      withdraw: async ({ idempotencyKey }, context) => {
        const id = this.#close('shipment', idempotencyKey, context);
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

  #once<T extends { status: string }>(
    kind: string,
    { idempotencyKey = '', principal }: Context,
    request: object,
    all: Map<string, T>,
    make: (id: string) => T,
  ): T {
    const scope = JSON.stringify([principal?.subject, kind, idempotencyKey]);
    const text = JSON.stringify(request);
    const known = this.#keys.get(scope);
    if (known?.closed) throw new AppError('failed_precondition', 'Withdrawn.');
    if (known && known.request !== text) throw new AppError('idempotency_key_reused', 'Another request.');
    if (known) return known.answer as T;
    const id = `${kind}-${String(all.size + 1)}`;
    const made = make(id);
    all.set(id, made);
    this.#keys.set(scope, { id, answer: made, request: text, closed: false });
    this.effects.push({ name: `${kind} ${made.status}`, id });
    return made;
  }

  #close(kind: string, key: string, { principal }: Context): string | undefined {
    const scope = JSON.stringify([principal?.subject, kind, key]);
    const known = this.#keys.get(scope);
    this.#keys.set(scope, { id: undefined, answer: undefined, request: '', ...known, closed: true });
    return known?.id;
  }

  #move<S extends string, T extends { status: S; revision: number }>(
    kind: string,
    all: Map<string, T>,
    id: string,
    status: S,
    from: readonly S[],
  ): T {
    const current = found(all.get(id));
    if (current.status === status) return current;
    if (!from.includes(current.status)) throw refused();
    const moved = { ...current, status, revision: ++this.#revision, updateTime: this.#clock.date() };
    all.set(id, moved);
    this.effects.push({ name: `${kind} ${status}`, id });
    return moved;
  }

  #times() {
    const now = this.#clock.date();
    return { createTime: now, updateTime: now, revision: ++this.#revision };
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

function found<T>(resource: T | undefined): T {
  if (resource) return resource;
  throw new AppError('not_found', 'There is no such resource.');
}

function refused(): AppError {
  return new AppError('failed_precondition', 'The state does not allow this.');
}
