import type { AuthorisationTable } from '@bff/auth';
import type { WearableServiceDefinition } from './generated/wearable/v1/wearable_service.ts';

type Methods = WearableServiceDefinition['methods'];
type Method = Methods[keyof Methods]['name'];

/**
 * Who may call what of `wearable.v1.WearableService`, with an access token for this app alone; nobody without one. The
 * services decide, by a table of the same kind, whose orders these are: what is out of reach is not found.
 */
export const authorisation: AuthorisationTable<Method> = {
  GetOrderGlance: { scope: 'orders:read', user: 'own', support: 'any' },
  ListOrderGlances: { scope: 'orders:read', user: 'own', support: 'own' },
  WatchOrder: { scope: 'orders:read', user: 'own', support: 'any' },
  CancelOrder: { scope: 'orders:write', user: 'own', support: 'own' },
};
