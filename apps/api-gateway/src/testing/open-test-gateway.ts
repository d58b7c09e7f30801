import { createInternalTokenVerifier, readBearer } from '@bff/auth';
import { createTestInternalKeys, createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { systemClock } from '@bff/core';
import { readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startApiGateway } from '../app.ts';
import { configuration } from '../config.ts';
import { startFakeService } from './fake-service.ts';

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;

/** The gateway on a free port, before three fake services and a test issuer. */
export async function openTestGateway(environment: Record<string, string> = {}) {
  const issuer = createTestIssuer({ audience: 'urn:bff:api-gateway' });
  const jwks = await issuer.serveKeys();
  const keys = createTestInternalKeys();
  const orders = await startFakeService();
  const payments = await startFakeService();
  const shipments = await startFakeService();
  const values = readConfiguration(configuration, {
    PORT: '0',
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: jwks.url,
    INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
    ORDER_SERVICE_URL: orders.url,
    PAYMENT_SERVICE_URL: payments.url,
    SHIPPING_SERVICE_URL: shipments.url,
    ...environment,
  });
  const app = await startApiGateway(values, createTestKit({ name: 'api-gateway' }));
  const url = app.listeners[0]!.url;
  return {
    orders,
    payments,
    shipments,
    url,
    info: app.info!,
    signingKey: keys.privateJwk,
    token: (options?: TestTokenOptions) => issuer.token(options),
    /** Sends a request as alice, unless another token is given. */
    async send(path: string, init: RequestInit = {}): Promise<Response> {
      const authorization = `Bearer ${await issuer.token()}`;
      return fetch(url + path, {
        ...init,
        headers: { authorization, ...(init.headers as Record<string, string>) },
      });
    },
    /** The principal that a service of this name finds in the token it got; rejects when it may not trust it. */
    principalFor: (service: string, authorization: string | undefined) =>
      createInternalTokenVerifier({ audience: service, keys: keys.keys, clock: systemClock }).verify(
        readBearer(authorization),
      ),
    async close() {
      await Promise.all(app.listeners.map((listener) => listener.close(0)));
      await app.close!();
      await Promise.all([jwks.close(), orders.stop(), payments.stop(), shipments.stop()]);
    },
  };
}
