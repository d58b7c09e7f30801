import type { CheckoutRequest } from '@bff/aggregation';

/** What `recipient` buys in these tests. */
export function requestOf(recipient: string): CheckoutRequest {
  return {
    lines: [{ sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: { currency: 'EUR', minorUnits: 1_250 } }],
    shippingAddress: { recipient, street: 'Dam 1', postalCode: '1012 JS', city: 'Amsterdam', country: 'NL' },
    methodToken: 'tok_visa',
  };
}
