import { createTestInternalKeys, createTestIssuer, type TestTokenOptions } from '@bff/auth/testing';
import { orderOperations, paymentOperations, shipmentOperations } from '@bff/contracts';
import { AppError, hasRole } from '@bff/core';
import { readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWebBff } from '../app.ts';
import { configuration } from '../config.ts';
import { startFakeService } from './fake-service.ts';
import { sampleOrder, samplePayment, sampleShipment } from './sample-order.ts';

export type TestBff = Awaited<ReturnType<typeof openTestBff>>;

/** web-bff on a free port, before three fake services and a test issuer. */
export async function openTestBff(environment: Record<string, string> = {}) {
  const services = await startFakeServices();
  const bff = await openBff({
    INTERNAL_SIGNING_KEY: JSON.stringify(services.keys.privateJwk),
    ORDER_SERVICE_URL: services.orders.url,
    PAYMENT_SERVICE_URL: services.payments.url,
    SHIPPING_SERVICE_URL: services.shipments.url,
    ...environment,
  });
  return {
    ...services,
    ...bff,
    async close() {
      await bff.close();
      const { orders, payments, shipments } = services;
      await Promise.all([orders.stop(), payments.stop(), shipments.stop()]);
    },
  };
}

/** web-bff on a free port with a test issuer, before the services that the environment names. */
export async function openBff(environment: Record<string, string>) {
  const issuer = createTestIssuer({ audience: 'urn:bff:web-bff' });
  const jwks = await issuer.serveKeys();
  const kit = createTestKit();
  const values = readConfiguration(configuration, {
    PORT: '0',
    STATE_FILE: ':memory:',
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: jwks.url,
    ...environment,
  });
  const app = await startWebBff(values, kit);
  const url = app.listeners[0]!.url;
  return {
    issuer,
    kit,
    url,
    info: app.info!,
    token: (options?: TestTokenOptions) => issuer.token(options),
    /** GET as alice, unless another token is given. */
    async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
      const authorization = headers['authorization'] ?? `Bearer ${await issuer.token()}`;
      return fetch(url + path, { headers: { ...headers, authorization } });
    },
    /** POST of JSON as alice, unless another token is given. */
    async post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
      const authorization = headers['authorization'] ?? `Bearer ${await issuer.token()}`;
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      return fetch(url + path, {
        method: 'POST',
        headers: { ...json, ...headers, authorization },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
    async close() {
      await Promise.all(app.listeners.map((listener) => listener.close(0)));
      await app.close!();
      await jwks.close();
    },
  };
}

/** The three services with the README's order, healthy until told otherwise. */
export async function startFakeServices(keys = createTestInternalKeys()) {
  const orders = await startFakeService('order-service', keys, {
    get: {
      operation: orderOperations.get,
      answer(id, principal) {
        const visible = principal.subject === sampleOrder.customerId || hasRole(principal, 'support');
        if (id === sampleOrder.orderId && visible) return sampleOrder;
        throw new AppError('not_found', 'There is no such order.');
      },
    },
    list: {
      operation: orderOperations.list,
      answer(query) {
        const token = query.get('pageToken');
        if (token !== null && token !== 'page-2') {
          throw new AppError('invalid_argument', 'The page token is not valid.');
        }
        const second = { ...sampleOrder, orderId: 'ord_0002', status: 'pending' as const };
        return token === null
          ? { items: [sampleOrder, second], nextPageToken: 'page-2' }
          : { items: [second], nextPageToken: undefined };
      },
    },
  });
  const payments = await startFakeService('payment-service', keys, {
    list: {
      operation: paymentOperations.list,
      answer: () => ({ items: [samplePayment], nextPageToken: undefined }),
    },
  });
  const shipments = await startFakeService('shipping-service', keys, {
    list: {
      operation: shipmentOperations.list,
      answer: () => ({ items: [sampleShipment], nextPageToken: undefined }),
    },
  });
  return { keys, orders, payments, shipments };
}
