import {
  orderOperations,
  paymentOperations,
  shipmentOperations,
  type Order,
  type Payment,
  type Shipment,
} from '@bff/contracts';
import type { ErrorCode, FieldFault, Principal } from '@bff/core';
import type { CheckoutRequest } from './checkout.ts';

/** The least by which a user can be acted for. Roles are left out: a recovery needs no more rights than a customer. */
export type ActingFor = Pick<Principal, 'subject' | 'client' | 'scopes'>;

/** Why a checkout was not done, as its client reads it. */
export interface CheckoutFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly faults: readonly FieldFault[];
}

/** What the steps have made so far. */
export interface CheckoutParts {
  readonly order?: Order;
  readonly payment?: Payment;
  readonly shipment?: Shipment;
}

interface Begun {
  readonly fingerprint: string;
  readonly actingFor: ActingFor;
  readonly request: CheckoutRequest;
  /** Milliseconds since 1970. */
  readonly beganAt: number;
  /** See `periodOf`: kept, for the lifetime of outcomes may be configured anew while this is under way. */
  readonly period: number;
  readonly parts: CheckoutParts;
}

/**
 * The journal of one checkout. Forward, `step` is the step that has begun and whose end is not known; those before it are
 * done. Backward, `step` is the next to be undone; there is no way back from backward.
 */
export type CheckoutEntry =
  | (Begun & { readonly state: 'forward'; readonly step: number })
  | (Begun & { readonly state: 'backward'; readonly step: number; readonly failure: CheckoutFailure })
  | { readonly state: 'placed'; readonly fingerprint: string; readonly parts: Required<CheckoutParts> }
  | { readonly state: 'failed'; readonly fingerprint: string; readonly failure: CheckoutFailure };

/** The journal of one cancellation; it is taken away at the end. */
export interface CancelEntry {
  readonly state: 'cancelling';
  readonly actingFor: ActingFor;
  readonly orderId: string;
}

export type JournalEntry = CheckoutEntry | CancelEntry;

export function actingFor({ subject, client, scopes }: Principal): ActingFor {
  return { subject, client, scopes };
}

export function isOpen(entry: JournalEntry): boolean {
  return entry.state !== 'placed' && entry.state !== 'failed';
}

/** Orders, payments and shipments are written as the wire writes them, so that there is no second mapping to keep in step. */
export function writeEntry(entry: JournalEntry): string {
  if (!('parts' in entry)) return JSON.stringify(entry);
  const { order, payment, shipment } = entry.parts;
  const parts = {
    order: order && orderOperations.get.response.toJson(order),
    payment: payment && paymentOperations.get.response.toJson(payment),
    shipment: shipment && shipmentOperations.get.response.toJson(shipment),
  };
  return JSON.stringify({ ...entry, parts });
}

/** Reads what `writeEntry` wrote; nobody else writes there, since entries are sealed. */
export function readEntry(text: string): JournalEntry {
  const written = JSON.parse(text) as JournalEntry;
  if (!('parts' in written)) return written;
  const { order, payment, shipment } = written.parts as Partial<Record<keyof CheckoutParts, unknown>>;
  const parts: CheckoutParts = {
    ...(order !== undefined && { order: orderOperations.get.response.fromJson(order) }),
    ...(payment !== undefined && { payment: paymentOperations.get.response.fromJson(payment) }),
    ...(shipment !== undefined && { shipment: shipmentOperations.get.response.fromJson(shipment) }),
  };
  return { ...written, parts } as JournalEntry;
}
