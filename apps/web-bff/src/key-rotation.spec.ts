import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { generateInternalKey, type InternalKey } from '@bff/auth';
import { createTestInternalKeys, createTestIssuer } from '@bff/auth/testing';
import { readConfiguration } from '@bff/server-kit';
import { createTestKit } from '@bff/server-kit/testing';
import { startWebBff } from './app.ts';
import { configuration } from './config.ts';
import { startFakeServices } from './testing/open-test-bff.ts';

const rotations = 10;
/** Requests between two steps of a rotation: publish the new key, use it, withdraw the old one. */
const requestsPerStep = 40;

/** An issuer that changes its key: `keys[0]` signed first, `published` is what it serves. */
async function openRotatingIssuer() {
  const keys = Array.from({ length: rotations + 1 }, (_, index) =>
    createTestIssuer({ audience: 'urn:bff:web-bff', kid: `issuer-${String(index)}` }),
  );
  let published = keys.slice(0, 1);
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches++;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: published.flatMap(({ jwks }) => jwks.keys) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    keys,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    fetches: () => fetches,
    publish(from: number, to: number) {
      published = keys.slice(from, to + 1);
    },
    close: () => server.close(),
  };
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

it('refuses nobody while the issuer’s and the internal keys are rotated ten times under load (S3)', async () => {
  const issuer = await openRotatingIssuer();
  const internal: InternalKey[] = [];
  for (let index = 0; index <= rotations; index++) internal.push(await generateInternalKey());
  const trusted = createTestInternalKeys();
  const trust = (from: number, to: number) => {
    trusted.keys.replace({ keys: internal.slice(from, to + 1).map(({ publicJwk }) => publicJwk) });
  };
  trust(0, 0);
  const services = await startFakeServices(trusted);
  let signWith: (text: string) => void = () => undefined;
  const kit = createTestKit({
    followVariable: (name, use) => {
      if (name === 'INTERNAL_SIGNING_KEY') signWith = use;
      return () => undefined;
    },
  });
  const app = await startWebBff(
    readConfiguration(configuration, {
      PORT: '0',
      ISSUER_URL: 'http://issuer.test',
      ISSUER_JWKS_URL: issuer.url,
      INTERNAL_SIGNING_KEY: JSON.stringify(internal[0]?.privateJwk),
      ORDER_SERVICE_URL: services.orders.url,
      PAYMENT_SERVICE_URL: services.payments.url,
      SHIPPING_SERVICE_URL: services.shipments.url,
      // Who is refused is the matter here, not who has to wait for a processor.
      REQUEST_TIMEOUT_MS: '10000',
      PART_TIMEOUT_MS: '10000',
      SERVICE_TIMEOUT_MS: '10000',
    }),
    kit,
  );
  cleanUps.push(async () => {
    await Promise.all(app.listeners.map((listener) => listener.close(0)));
    await app.close?.();
    await Promise.all([services.orders.stop(), services.payments.stop(), services.shipments.stop()]);
    issuer.close();
  });

  let current = 0;
  let stopped = false;
  const statuses = new Map<number, number>();
  let answered = 0;
  let wake: () => void = () => undefined;
  const load = async (worker: number) => {
    for (let sequence = 0; !stopped; sequence++) {
      // Another user each time, so that no token comes out of a cache.
      const sub = `agent-${String(worker)}-${String(sequence)}`;
      const token = await issuer.keys[current]?.token({ sub, roles: ['support'] });
      const headers = { authorization: `Bearer ${token ?? ''}` };
      const response = await fetch(`${app.listeners[0]?.url ?? ''}/v1/orders/ord_0001`, { headers });
      const body = (await response.json()) as { payment?: unknown };
      const status = response.status === 200 && !body.payment ? 0 : response.status;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      answered++;
      wake();
    }
  };
  const requests = async (count: number) => {
    const target = answered + count;
    while (answered < target) await new Promise<void>((resolve) => (wake = resolve));
  };

  const workers = Array.from({ length: 8 }, (_, worker) => load(worker));
  await requests(requestsPerStep);
  for (let next = 1; next <= rotations; next++) {
    issuer.publish(next - 1, next);
    trust(next - 1, next);
    await requests(requestsPerStep);
    current = next;
    signWith(JSON.stringify(internal[next]?.privateJwk));
    await requests(requestsPerStep);
    issuer.publish(next, next);
    trust(next, next);
    await requests(requestsPerStep);
  }
  stopped = true;
  await Promise.all(workers);

  process.stdout.write(
    `S3: ${String(rotations)} rotations of both keys, ${String(answered)} requests: ${JSON.stringify([...statuses])}, ${String(issuer.fetches())} fetches of the issuer's keys\n`,
  );
  expect([...statuses.keys()]).toEqual([200]);
  expect(issuer.fetches()).toBeGreaterThan(rotations);
}, 60_000);
