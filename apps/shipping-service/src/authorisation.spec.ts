import { describeAuthorisation } from '@bff/service-kit/testing';
import { authorisation } from './authorisation.ts';

const readable = { customer: 'own', support: 'any', courier: 'own' } as const;
const writable = { customer: 'own', support: 'own', courier: 'own' } as const;

describeAuthorisation('shipping-service', authorisation, {
  get: readable,
  list: readable,
  watch: readable,
  create: writable,
  cancel: writable,
  release: writable,
  withdraw: writable,
  advance: { customer: 'denied', support: 'denied', courier: 'any' },
});
