import type { PaymentsPort } from '@bff/contracts';
import type { AuthorisationTable } from '@bff/service-kit';

/** Who may do what. A resource that is out of reach is not found; nobody moves another customer's money. */
export const authorisation: AuthorisationTable<keyof PaymentsPort> = {
  get: { user: 'own', support: 'any' },
  list: { user: 'own', support: 'any' },
  watch: { user: 'own', support: 'any' },
  authorise: { user: 'own' },
  capture: { user: 'own' },
  void: { user: 'own' },
  refund: { user: 'own' },
  withdraw: { user: 'own' },
};
