import type { ShipmentsPort } from '@bff/contracts';
import type { AuthorisationTable } from '@bff/service-kit';

/** Who may do what. A resource that is out of reach is not found; only a courier reports that a shipment moved. */
export const authorisation: AuthorisationTable<keyof ShipmentsPort> = {
  get: { user: 'own', support: 'any' },
  list: { user: 'own', support: 'any' },
  watch: { user: 'own', support: 'any' },
  create: { user: 'own' },
  cancel: { user: 'own' },
  release: { user: 'own' },
  withdraw: { user: 'own' },
  advance: { courier: 'any' },
};
