import { AppError, type Principal } from '@bff/core';
import {
  createBalancer,
  createRetryBudget,
  defaultPolicy,
  type ManagedBalancer,
  type Outcome,
} from '@bff/load-balancing';
import { authenticate, createHttpApp, defaultHttpLimits, startHttpListener } from '@bff/server-kit';
import type { FurtherAttemptEvent } from '@bff/upstream';
import { createTestKit } from '@bff/server-kit/testing';
import { mountRoute } from '../mount-route.ts';
import { gatewayAnswers } from '../proxy/client-headers.ts';
import { ConnectingAgent } from '../proxy/connecting-agent.ts';
import { createForwarder } from '../proxy/forwarder.ts';
import { createServiceProxy } from '../proxy/service-proxy.ts';

const alice: Principal = { subject: 'alice', client: 'test', scopes: [], roles: [] };
const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export type TestProxy = Awaited<ReturnType<typeof openTestProxy>>;

/** The proxy of one service in an HTTP app, for anybody who sends any Authorization, with every outcome of its leases. */
export async function openTestProxy(
  urls: readonly string[],
  requestTimeoutMs = 2_000,
  attemptTimeoutMs = 1_000,
) {
  const kit = createTestKit();
  const agent = new ConnectingAgent({ maxSockets: 64, connectTimeoutMs: 1_000 });
  const events: FurtherAttemptEvent[] = [];
  const outcomes: Outcome[] = [];
  const endpoints = urls.map((url) => ({ id: new URL(url).host, url }));
  const managed = createBalancer({
    endpoints,
    policy: { picker: 'round_robin' },
    clock: kit.clock,
    // Of equal instances the first.
    random: () => 0,
  });
  const balancer = watchOutcomes(managed, outcomes);
  const listener = await startHttpListener({
    handler: createHttpApp({
      kit,
      requestTimeoutMs,
      limits: { ...defaultHttpLimits, maxBodyBytes: 10_000_000 },
      mount(app) {
        const route = { prefix: '/v1/orders', service: 'order-service', urls: '', methods: everyMethod };
        mountRoute(app, route, [
          authenticate(async (request) => {
            if (request.headers.authorization) return alice;
            throw new AppError('unauthenticated', 'An access token is required.');
          }),
          createServiceProxy({
            service: 'order-service',
            endpoints: { balancer, discovered: async () => undefined, onceSilent: () => () => undefined },
            further: {
              budget: createRetryBudget({ clock: kit.clock }),
              policy: defaultPolicy.retry,
              random: kit.random,
              hasUntried: (tried) =>
                managed.endpoints().some(({ id, state }) => state === 'available' && !tried.has(id)),
              failsOver: (tried) => managed.failsOver(tried),
              onEvent: (event) => events.push(event),
            },
            attemptTimeoutMs,
            answers: gatewayAnswers,
            forward: createForwarder({ agent, changeOrigin: true }),
            internalToken: async ({ subject }, audience) => `internal-${subject}-${audience}`,
            kit,
          }),
        ]);
      },
    }),
    address: { host: '127.0.0.1', port: 0 },
    kit,
  });
  return {
    url: listener.url,
    events,
    outcomeKinds: () =>
      outcomes.map((outcome) => (outcome.kind === 'failure' ? outcome.failure : outcome.kind)),
    /** Leases out, by instance. */
    pending: () => balancer.endpoints().map((endpoint) => endpoint.pending),
    /** Resolves when at least one lease is done. */
    async leaseDone() {
      while (outcomes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    drain: () => listener.drain(),
    send: (path: string, init: RequestInit = {}) =>
      fetch(listener.url + path, {
        ...init,
        redirect: 'manual',
        headers: { authorization: 'Bearer client', ...(init.headers as Record<string, string>) },
      }),
    async close() {
      await listener.close(0);
      agent.destroy();
    },
  };
}

/** Notes how leases end, a second end of the same one included: that would be a fault. */
function watchOutcomes(balancer: ManagedBalancer, outcomes: Outcome[]): ManagedBalancer {
  return {
    endpoints: () => balancer.endpoints(),
    update: (endpoints) => balancer.update(endpoints),
    setHealth: (id, healthy) => balancer.setHealth(id, healthy),
    failsOver: (tried) => balancer.failsOver(tried),
    hasUntried: (tried) => balancer.hasUntried(tried),
    close: () => balancer.close(),
    acquire(options) {
      const lease = balancer.acquire(options);
      return {
        endpoint: lease.endpoint,
        done(outcome) {
          outcomes.push(outcome);
          lease.done(outcome);
        },
      };
    },
  };
}
