import type { PaymentMethod } from '@bff/contracts';

export interface TokenisedMethod extends PaymentMethod {
  declined?: boolean;
}

/** The tokens that the simulated payment provider has given out. */
export const methodTokens: ReadonlyMap<string, TokenisedMethod> = new Map([
  ['tok_visa', { brand: 'visa', lastFour: '4242' }],
  ['tok_mastercard', { brand: 'mastercard', lastFour: '4444' }],
  ['tok_sepa', { brand: 'sepa', lastFour: '3000' }],
  ['tok_declined', { brand: 'visa', lastFour: '0002', declined: true }],
]);
