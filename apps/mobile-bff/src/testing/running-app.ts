import {
  createTestInternalKeys,
  createTestIssuer,
  type TestInternalKeys,
  type TestTokenOptions,
} from '@bff/auth/testing';
import { orderOperations, paymentOperations, shipmentOperations } from '@bff/contracts';
import { readConfiguration, type ProcessKit } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startMobileBff } from '../app.ts';
import { configuration } from '../config.ts';
import type { Answer, GraphqlBody } from './answer.ts';
import { startFakeService, type FakeService } from './fake-service.ts';
import { readSample, type Sample } from './sample.ts';

export interface Question {
  variables?: Record<string, unknown>;
  /** Null for none. Default: a good one of alice's. */
  token?: string | null;
  headers?: Record<string, string>;
}

export interface RunningMobileBff {
  readonly url: string;
  readonly services: Readonly<Record<'orders' | 'payments' | 'shipments', FakeService>>;
  readonly sample: Sample;
  token(options?: TestTokenOptions): Promise<string>;
  /** Posts a GraphQL document. */
  ask(query: string, question?: Question): Promise<Answer>;
  /** A plain request to the app. */
  fetch(path: string, init?: RequestInit): Promise<Answer>;
  /** The calls of all three services since the last time. */
  takeCalls(): string[];
  close(): Promise<void>;
}

/** mobile-bff on a free port, before three fake services and a test issuer. */
export async function startTestApp(
  environment: Record<string, string> = {},
  kit: ProcessKit = createTestKit({ name: 'mobile-bff' }),
): Promise<RunningMobileBff> {
  const issuer = createTestIssuer({ audience: 'urn:bff:mobile-bff' });
  const issuerKeys = await issuer.serveKeys();
  const keys = createTestInternalKeys();
  const sample = readSample();
  const services = await startServices(sample, keys);
  const app = await startMobileBff(
    readConfiguration(configuration, {
      PORT: '0',
      ISSUER_URL: issuer.issuer,
      ISSUER_JWKS_URL: issuerKeys.url,
      INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
      ORDER_SERVICE_URL: services.orders.url,
      PAYMENT_SERVICE_URL: services.payments.url,
      SHIPPING_SERVICE_URL: services.shipments.url,
      ...environment,
    }),
    kit,
  );
  const url = app.listeners[0]!.url;
  const token = (options?: TestTokenOptions) => issuer.token(options);
  const fetchText = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const { status, statusText: reason, headers } = response;
    return { status, reason, headers, text, body: parseOrNothing(text) };
  };
  return {
    url,
    services,
    sample,
    token,
    fetch: fetchText,
    async ask(query, { variables, token: given, headers } = {}) {
      const bearer = given === undefined ? await token() : given;
      const authorization: Record<string, string> =
        bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      return fetchText('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...authorization,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
    },
    takeCalls: () => Object.values(services).flatMap(({ calls }) => calls.splice(0)),
    async close() {
      await Promise.all(app.listeners.map((listener) => listener.close(0)));
      await app.close?.();
      await issuerKeys.close();
      await Promise.all(Object.values(services).map((service) => service.stop()));
    },
  };
}

async function startServices({ orders, payments, shipments }: Sample, keys: TestInternalKeys) {
  const [orderService, paymentService, shippingService] = await Promise.all([
    startFakeService({ name: 'order-service', items: orders, ...orderOperations, keys }),
    startFakeService({ name: 'payment-service', items: payments, list: paymentOperations.list, keys }),
    startFakeService({ name: 'shipping-service', items: shipments, list: shipmentOperations.list, keys }),
  ]);
  return { orders: orderService, payments: paymentService, shipments: shippingService };
}

function parseOrNothing(text: string): GraphqlBody {
  try {
    return JSON.parse(text) as GraphqlBody;
  } catch {
    return undefined as unknown as GraphqlBody;
  }
}
