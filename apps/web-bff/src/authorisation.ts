import type { AuthorisationTable } from '@bff/auth';
import type { OperationId } from './contract/operations.ts';

/**
 * Who may use which operation of the API (by `operationId`): with his session, and then whatever is not a GET also needs the
 * header `X-CSRF` and a page of this site, or with an access token for this app alone; nobody without either. The services
 * decide, by a table of the same kind, whose orders these are: what is out of reach is not found.
 */
export const authorisation: AuthorisationTable<OperationId> = {
  listOrders: { scope: 'orders:read', user: 'own', support: 'own' },
  getOrder: { scope: 'orders:read', user: 'own', support: 'any' },
  watchOrder: { scope: 'orders:read', user: 'own', support: 'any' },
  cancelOrder: { scope: 'orders:write', user: 'own', support: 'own' },
  checkout: { scope: 'orders:write', user: 'own', support: 'own' },
  // From the credential alone; no service is asked.
  getMe: { user: 'own', support: 'own', courier: 'own' },
};

/** What is answered to anybody, and has nothing of anybody but of whom the request itself shows to be his. */
export const openRoutes: readonly string[] = [
  'GET /',
  'GET /pages/page.js',
  'GET /pages/style.css',
  'GET /openapi.json',
  // In development.
  'GET /docs',
  'GET /docs/start.js',
  'GET /docs/swagger-ui.css',
  'GET /docs/swagger-ui-bundle.js',
  'GET /auth/login',
  // The browser that began to sign in shows its sealed state.
  'GET /auth/callback',
  // Says who is signed in, if the session cookie does.
  'GET /auth/session',
  // Needs the session cookie, the header `X-CSRF` and a page of this site.
  'POST /auth/logout',
  // Needs a logout token that the issuer has signed.
  'POST /auth/backchannel-logout',
];
