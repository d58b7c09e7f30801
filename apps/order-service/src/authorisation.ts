import type { OrdersPort } from '@bff/contracts';
import type { AuthorisationTable } from '@bff/service-kit';

/** Who may do what. A resource that is out of reach is not found; nobody changes another customer's order. */
export const authorisation: AuthorisationTable<keyof OrdersPort> = {
  get: { user: 'own', support: 'any' },
  list: { user: 'own', support: 'any' },
  watch: { user: 'own', support: 'any' },
  create: { user: 'own' },
  confirm: { user: 'own' },
  cancel: { user: 'own' },
  withdraw: { user: 'own' },
};
