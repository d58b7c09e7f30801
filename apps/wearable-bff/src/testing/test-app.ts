import {
  createTestInternalKeys,
  createTestIssuer,
  type TestInternalKeys,
  type TestIssuer,
  type TestTokenOptions,
} from '@bff/auth/testing';
import { AppError } from '@bff/core';
import { readConfiguration, type Listener, type ProcessKit, type RunningApp } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWearableBff } from '../app.ts';
import { configuration } from '../config.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { startTestServices, type TestServices } from './test-services.ts';

export interface TestAppOptions {
  /** Protocol between the BFF and the services. Default `http`. */
  protocol?: 'http' | 'grpc';
  /** Another instance, with the same issuer, services and keys; it outlives this one. */
  beside?: TestApp;
  /** On top of what the test needs. */
  environment?: Readonly<Record<string, string>>;
}

/** The BFF in this process with everything around it: issuer, three services, a client. */
export interface TestApp {
  readonly kit: ProcessKit;
  readonly app: RunningApp;
  readonly listener: Listener;
  readonly surroundings: Surroundings;
  readonly services: TestServices;
  readonly client: TestClient;
  /** `Bearer …` of an access token; alice's unless told otherwise. */
  bearer(token?: TestTokenOptions): Promise<string>;
  /** As after SIGTERM: streams end, so that clients go to another instance. */
  drain(): void;
  /** How many calls to services are under way. */
  pendingCalls(): number;
  /** How many calls to services there have been. */
  countCalls(): Promise<number>;
  close(): Promise<void>;
}

export const audience = 'urn:bff:wearable-bff';

/** What the instances of a test have in common. */
export interface Surroundings {
  readonly issuer: TestIssuer;
  readonly keys: TestInternalKeys;
  readonly jwksUrl: string;
  readonly services: TestServices;
  close(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const issuer = createTestIssuer({ audience });
  const keys = createTestInternalKeys();
  const [issuerKeys, services] = await Promise.all([issuer.serveKeys(), startTestServices(keys)]);
  const { orders, payments, shipments } = services;
  return {
    issuer,
    keys,
    jwksUrl: issuerKeys.url,
    services,
    async close() {
      await Promise.all([orders.stop(), payments.stop(), shipments.stop(), issuerKeys.close()]);
    },
  };
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const surroundings = options.beside?.surroundings ?? (await startSurroundings());
  const { issuer, services } = surroundings;
  const draining = new AbortController();
  const kit = createTestKit({ name: 'wearable-bff', drain: draining.signal });
  const environment = environmentOf(options, surroundings);
  const app = await startWearableBff(readConfiguration(configuration, environment), kit);
  const listener = app.listeners[0]!;
  const client = createTestClient(listener.url);
  return {
    kit,
    app,
    listener,
    surroundings,
    services,
    client,
    bearer: async (token) => `Bearer ${await issuer.token(token)}`,
    pendingCalls: () => pendingCalls(app),
    countCalls: async () => sumOf(await kit.metrics.expose(), 'upstream_attempt_duration_seconds_count'),
    drain() {
      draining.abort(new AppError('unavailable', 'This server is stopping; call again.'));
    },
    async close() {
      client.close();
      await listener.close(0);
      await app.close?.();
      if (!options.beside) await surroundings.close();
    },
  };
}

/** What the BFF is told to find itself among these; over `protocol`, with `environment` on top. */
export function environmentOf(
  { protocol = 'http', environment }: Pick<TestAppOptions, 'protocol' | 'environment'>,
  { issuer, keys, jwksUrl, services: { orders, payments, shipments } }: Surroundings,
): Record<string, string> {
  return {
    PORT: '0',
    STATE_FILE: ':memory:',
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: jwksUrl,
    INTERNAL_SIGNING_KEY: JSON.stringify(keys.privateJwk),
    ORDER_SERVICE_URL: orders.urls[protocol],
    PAYMENT_SERVICE_URL: payments.urls[protocol],
    SHIPPING_SERVICE_URL: shipments.urls[protocol],
    ...environment,
  };
}

function pendingCalls({ info }: RunningApp): number {
  const { upstreams } = info!() as { upstreams: Record<string, readonly { pending: number }[]> };
  return Object.values(upstreams)
    .flat()
    .reduce((sum, { pending }) => sum + pending, 0);
}

/** Adds up the samples of one metric in the Prometheus text format. */
function sumOf(text: string, metric: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
