import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestIssuer } from '@bff/auth/testing';
import { createWebClient, type FollowedUpdate } from './client/index.ts';
import { startRealServices } from './testing/real-services.ts';
import { sampleCheckout } from './testing/sample-checkout.ts';

interface Instance {
  url: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const issuer = createTestIssuer({ audience: 'urn:bff:web-bff' });
const processes = new Set<ChildProcess>();
let jwks: Awaited<ReturnType<typeof issuer.serveKeys>>;
let services: Awaited<ReturnType<typeof startRealServices>>;

beforeAll(async () => {
  [jwks, services] = await Promise.all([issuer.serveKeys(), startRealServices()]);
}, 60_000);
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await Promise.all([jwks.close(), services.close()]);
});

/** web-bff as a process of its own; both instances share state and keys, as replicas do. */
async function startInstance(): Promise<Instance> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'error',
      ISSUER_URL: issuer.issuer,
      ISSUER_JWKS_URL: jwks.url,
      STATE_FILE: join(services.folder, 'web-bff-state.db'),
      DRAIN_DELAY_MS: '200',
      ...services.environment,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  processes.add(child);
  const [{ listeners }] = (await once(child, 'message')) as [{ listeners: { http: string } }];
  return {
    url: listeners.http,
    async kill(signal) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      processes.delete(child);
    },
  };
}

/** A client in front of several instances, as a load balancer is: each connection goes to one that takes it. */
function createBalancedClient(instances: readonly Instance[]) {
  const served: string[] = [];
  const fetchAnywhere: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    for (const { url } of instances) {
      const elsewhere = new Request(request.url.replace('http://any.test', url), request);
      try {
        const response = await fetch(elsewhere);
        served.push(url);
        return response;
      } catch {
        // The next one.
      }
    }
    throw new Error('No instance is left.');
  };
  const client = createWebClient({
    baseUrl: 'http://any.test',
    accessToken: () => issuer.token(),
    fetch: fetchAnywhere,
  });
  return { client, served };
}

const steps = ['in_transit', 'out_for_delivery', 'delivered'] as const;

describe.each(['SIGKILL', 'SIGTERM'] as const)(
  'an order that is followed while its instance ends by %s',
  (signal) => {
    it('shows every step once, in order, within a second of its happening', async () => {
      const [first, second] = await Promise.all([startInstance(), startInstance()]);
      const { client, served } = createBalancedClient([first, second]);
      const header = { 'Idempotency-Key': crypto.randomUUID() };
      const placed = await client.POST('/v1/checkouts', { params: { header }, body: sampleCheckout });
      if (!placed.data?.shipment) throw new Error('The order was not placed.');
      const { orderId, shipment } = placed.data;

      const ended = new AbortController();
      const seen: { update: FollowedUpdate; at: number }[] = [];
      let arrived = Promise.withResolvers<undefined>();
      const following = (async () => {
        for await (const update of client.followOrder(orderId, { signal: ended.signal })) {
          seen.push({ update, at: performance.now() });
          arrived.resolve(undefined);
        }
      })();
      await arrived.promise;

      const happened: number[] = [];
      const take = async (step: string, waits: boolean) => {
        arrived = Promise.withResolvers();
        happened.push(performance.now());
        await services.advance(shipment.shipmentId, step, `after ${signal}`);
        if (waits) await arrived.promise;
      };
      await take('in_transit', true);
      // The next step happens while nobody follows.
      const gone = first.kill(signal);
      if (signal === 'SIGKILL') await gone;
      await take('out_for_delivery', true);
      await gone;
      await take('delivered', true);
      ended.abort();
      await following;
      await second.kill('SIGTERM');

      const shown = seen.map(({ update }) => update.order.shipment?.status);
      expect(shown).toEqual(['preparing', ...steps]);
      expect(new Set(seen.map(({ update }) => update.id)).size).toBe(seen.length);
      expect(new Set(served.slice(1))).toEqual(new Set([first.url, second.url]));
      const delays = happened.map((at, index) => Math.round((seen[index + 1]?.at ?? Infinity) - at));
      process.stdout.write(
        `${signal}: steps shown after ${delays.join(', ')} ms (the second over the other instance)\n`,
      );
      for (const delay of delays) expect(delay).toBeLessThan(1_000);
    }, 60_000);
  },
);
