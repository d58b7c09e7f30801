import { describeAuthorisation } from '@bff/service-kit/testing';
import { authorisation } from './authorisation.ts';

const readable = { customer: 'own', support: 'any', courier: 'own' } as const;
const writable = { customer: 'own', support: 'own', courier: 'own' } as const;

describeAuthorisation('payment-service', authorisation, {
  get: readable,
  list: readable,
  watch: readable,
  authorise: writable,
  capture: writable,
  void: writable,
  refund: writable,
  withdraw: writable,
});
