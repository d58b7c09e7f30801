import { createTestInternalKeys, signInAt, startTestProvider } from '@bff/auth/testing';
import { site } from '../wire/sign-in-requests.ts';
import { signInSecrets } from './open-client-facing.ts';
import { spawnServer } from './spawn-server.ts';
import type { AttackedSite, HonestAnswer, Target } from './target.ts';
import type { OpenWorld } from './world.ts';

const instances = 3;
const nowhere = 'http://127.0.0.1:1';

/** web-bff as the browsers of one site see it: three instances with one store, before an issuer that gives what an attack needs. */
export const openSignIn: OpenWorld<'sign-in'> = async (server, environment, { preload }) => {
  const provider = await startTestProvider('urn:bff:web-bff');
  const secrets = signInSecrets();
  const variables = {
    ...secrets,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    ISSUER_URL: provider.issuer,
    ...{ ORDER_SERVICE_URL: nowhere, PAYMENT_SERVICE_URL: nowhere, SHIPPING_SERVICE_URL: nowhere },
    SERVICE_HEALTH_CHECK_MS: '0',
    PUBLIC_URL: site,
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '1000000',
    // Nothing here is about time.
    REQUEST_TIMEOUT_MS: '20000',
    ...environment,
    // Attacks on these are others; here are many browsers at one address.
    ...{ MAX_CONNECTIONS_PER_ADDRESS: '1000', RECEIVE_TIMEOUT_MS: '9000' },
  };
  const start = (more = {}) => spawnServer('web-bff', { ...variables, ...more }, preload);
  const processes = await Promise.all(Array.from({ length: instances }, () => start()));
  const urls = processes.map(({ listeners }) => listeners['http'] ?? '');
  const isAlive = () => processes.every((process) => process.isAlive());
  const signIn = { provider, urls, clientSecret: secrets.OIDC_CLIENT_SECRET, startInstance: start };
  return {
    onMessage: (listener) => processes.forEach((process) => process.onMessage(listener)),
    targets: [
      signInTarget({
        server,
        signIn,
        isAlive,
        publicAddresses: [provider.issuer, encodeURIComponent(provider.issuer)],
      }),
    ],
    async close() {
      await Promise.all(processes.map((process) => process.stop()));
      await provider.close();
    },
  };
};

/** The honest request is a sign-in that begins on one instance and ends on another. */
export function signInTarget(
  parts: Pick<Target, 'server' | 'isAlive' | 'publicAddresses'> & { readonly signIn: AttackedSite },
): Target {
  const { urls } = parts.signIn;
  return {
    ...parts,
    protocol: 'sign-in',
    isThroughEdge: false,
    url: urls[0] ?? '',
    path: '/v1/me',
    extraHeaders: '',
    reached: [],
    keyFetches: () => 0,
    token: async () => 'none',
    async askHonestly(): Promise<HonestAnswer> {
      const { browser, callback } = await signInAt(parts.signIn);
      const isServed = callback.status === 303 && browser.cookies.has('__Host-session');
      return { status: callback.status, isServed, reaches: 0 };
    },
  };
}
