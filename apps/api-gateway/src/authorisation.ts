import type { AuthorisationTable } from '@bff/auth';

type Prefix = '/v1/orders' | '/v1/payments' | '/v1/shipments';
export type GatewayOperation = `${'GET' | 'HEAD' | 'POST'} ${Prefix}`;

/**
 * Who may send what to which route, which is the path and everything below it, with an access token for the gateway alone;
 * nobody without one. A method without a row is not offered (405). The scopes are of orders with their payments and shipments.
 * The service behind decides each operation, by a table of the same kind, and whose resource it is: what is out of reach is
 * not found.
 */
export const authorisation: AuthorisationTable<GatewayOperation> = {
  'GET /v1/orders': { scope: 'orders:read', user: 'own', support: 'any' },
  'HEAD /v1/orders': { scope: 'orders:read', user: 'own', support: 'any' },
  'POST /v1/orders': { scope: 'orders:write', user: 'own', support: 'own' },
  'GET /v1/payments': { scope: 'orders:read', user: 'own', support: 'any' },
  'HEAD /v1/payments': { scope: 'orders:read', user: 'own', support: 'any' },
  'POST /v1/payments': { scope: 'orders:write', user: 'own', support: 'own' },
  'GET /v1/shipments': { scope: 'orders:read', user: 'own', support: 'any' },
  'HEAD /v1/shipments': { scope: 'orders:read', user: 'own', support: 'any' },
  // A courier reports where any parcel is.
  'POST /v1/shipments': { scope: 'orders:write', user: 'own', support: 'own', courier: 'any' },
};
