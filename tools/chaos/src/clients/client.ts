import type { StreamKind } from '../streams/order-stream.ts';
import type { Outcome } from './attempt.ts';

/** A client application as far as the load is concerned. */
export interface Client {
  readonly name: 'web' | 'mobile' | 'wearable';
  /** Shows a screen. */
  read(): Promise<Outcome>;
  /** Buys something with this key; the value is the order's id. Undefined where the client cannot buy. */
  buy?(key: string): Promise<Outcome<string>>;
  /** How it follows an order of the buyer's. */
  readonly streams: StreamKind;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly addresses: readonly string[];
  /** For reads: somebody who has orders. */
  readonly readerToken: string;
  /** For purchases: somebody whose orders are all of this run. */
  readonly buyerToken: string;
}

/** The payment provider's test card. */
export const cardToken = 'tok_visa';

/** What everybody buys. */
export const basket = {
  lines: [{ sku: 'mug-01', name: 'Mug', quantity: 1, unitPrice: { currency: 'EUR', minorUnits: 1_290 } }],
  shippingAddress: {
    recipient: 'Carol Example',
    street: '1 Main Street',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  },
} as const;
