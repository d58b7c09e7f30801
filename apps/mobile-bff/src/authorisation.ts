import type { AuthorisationTable } from '@bff/auth';
import type { MutationResolvers, QueryResolvers, SubscriptionResolvers } from './generated/resolver-types.ts';

type RootField =
  | `Query.${keyof QueryResolvers}`
  | `Mutation.${keyof MutationResolvers}`
  | `Subscription.${keyof SubscriptionResolvers}`;

/**
 * Who may ask for which root field of the schema, with an access token for this app alone; nobody without one. The services
 * decide, by a table of the same kind, whose orders these are: what is out of reach is not found.
 */
export const authorisation: AuthorisationTable<RootField> = {
  // From the access token alone; no service is asked.
  'Query.me': { user: 'own', support: 'own' },
  'Query.node': { scope: 'orders:read', user: 'own', support: 'any' },
  'Query.order': { scope: 'orders:read', user: 'own', support: 'any' },
  'Query.orders': { scope: 'orders:read', user: 'own', support: 'own' },
  'Mutation.checkout': { scope: 'orders:write', user: 'own', support: 'own' },
  'Mutation.cancelOrder': { scope: 'orders:write', user: 'own', support: 'own' },
  'Subscription.orderUpdated': { scope: 'orders:read', user: 'own', support: 'any' },
};
