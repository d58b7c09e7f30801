import { createTestInternalKeys, createTestIssuer } from '@bff/auth/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from './testing/app-process.ts';
import { startBoundedService, type BoundedService } from './testing/bounded-service.ts';
import { durationQuantile, offerRequests, type Answered } from './testing/open-loop.ts';

/**
 * A real process in front of an order service of a known capacity that is far below what this machine's processors can
 * do: what is measured is the limiter, and not how clients, process and service share two cores.
 */
let keys: { url: string; close(): Promise<void> };
const issuer = createTestIssuer();

beforeAll(async () => {
  keys = await issuer.serveKeys();
});
afterAll(() => keys.close());

interface Overloaded {
  readonly app: string;
  /** Of five calls one is a write, which is critical. web-bff's writes take more than one service, so they are left out. */
  readonly withWrites: boolean;
}

async function open({ app, withWrites }: Overloaded, service: BoundedService) {
  const audience = `urn:bff:${app}`;
  const running = await startApp(`${app}/src/main.ts`, {
    ISSUER_URL: issuer.issuer,
    ISSUER_JWKS_URL: keys.url,
    INTERNAL_SIGNING_KEY: JSON.stringify(createTestInternalKeys().privateJwk),
    ORDER_SERVICE_URL: service.url,
    PAYMENT_SERVICE_URL: service.url,
    SHIPPING_SERVICE_URL: service.url,
    RATE_LIMIT_PER_MINUTE: '10000000',
    // What is always let in must be answered in time; the default is for services that do hundreds a second.
    CONCURRENCY_MIN: '5',
    // Everybody asks for the same order: shared, the calls would be none.
    COALESCE_READS: 'false',
    SERVICE_TIMEOUT_MS: '4000',
    REQUEST_TIMEOUT_MS: '5000',
  });
  const authorization = `Bearer ${await issuer.token({ audience })}`;
  const call = async (index: number): Promise<Answered> => {
    const critical = withWrites && index % 5 === 0;
    const startedAt = performance.now();
    const response = await fetch(`${running.listeners['http']}/v1/orders/ord_0001?fields=orderId,status`, {
      method: critical ? 'POST' : 'GET',
      headers: { authorization },
    });
    await response.arrayBuffer();
    const { status, headers } = response;
    return {
      critical,
      status,
      retryAfter: headers.get('retry-after'),
      startedAt,
      endedAt: performance.now(),
    };
  };
  return { call, close: () => running.close() };
}

/** What it can do at its best, and what it does when three times that is asked of it. */
async function overload(overloaded: Overloaded) {
  const service = await startBoundedService(12, 400);
  const { call, close } = await open(overloaded, service);
  let peak = 0;
  for (const factor of [0.9, 1, 1.1]) {
    peak = Math.max(peak, (await offerRequests(call, service.capacity * factor, 6)).goodPerSecond);
  }
  const offered = await offerRequests(call, service.capacity * 3, 16);
  await Promise.all([close(), service.close()]);
  return { capacity: service.capacity, peak, ...offered };
}

const both: readonly Overloaded[] = [
  { app: 'web-bff', withWrites: false },
  { app: 'api-gateway', withWrites: true },
];

describe('L9: three times what the service behind can do', () => {
  let measured: Awaited<ReturnType<typeof overload>>[];
  // At the same time, each before a service of its own: they wait more than they do.
  beforeAll(async () => {
    measured = await Promise.all(both.map(overload));
  }, 90_000);

  it.each(both)(
    '$app goes on doing what it can, critical calls first, and refuses the others at once',
    (overloaded) => {
      const one = measured[both.indexOf(overloaded)];
      if (!one) throw new Error('It was not measured.');
      const { capacity, peak, counted, goodPerSecond } = one;
      const critical = counted.filter((answered) => answered.critical);
      const criticalShare = critical.filter(({ status }) => status === 200).length / critical.length;
      const criticals = `${critical.length} critical calls, ${(criticalShare * 100).toFixed(2)} % served; `;
      const refused = counted.filter(({ status }) => status === 503);
      const served = counted.filter(({ status }) => status === 200);
      const ms = (calls: readonly Answered[], share: number) => durationQuantile(calls, share).toFixed(1);
      process.stdout.write(
        `L9 ${overloaded.app}, capacity ${capacity}/s: peak ${peak.toFixed(0)}/s; at 3 × goodput ${goodPerSecond.toFixed(0)}/s, ${((goodPerSecond / peak) * 100).toFixed(1)} % of it; ${overloaded.withWrites ? criticals : ''}${refused.length} refused within ${ms(refused, 0.5)} ms (median), ${ms(refused, 0.95)} ms (p95); served within ${ms(served, 0.5)} ms (median), ${ms(served, 0.99)} ms (p99)\n`,
      );
      expect(new Set(counted.map(({ status }) => status))).toEqual(new Set([200, 503]));
      expect(goodPerSecond).toBeGreaterThanOrEqual(0.9 * peak);
      if (overloaded.withWrites) expect(criticalShare).toBeGreaterThanOrEqual(0.994);
      expect(refused.every(({ retryAfter }) => Number(retryAfter) >= 1)).toBe(true);
      expect(durationQuantile(refused, 0.5)).toBeLessThan(10);
    },
  );
});
