import { getEventListeners } from 'node:events';
import { AppError, openChild, openContext, systemClock, type Context } from '@bff/core';
import type { OrdersPort } from '@bff/contracts';
import { createOrdersPort } from '../service-ports.ts';
import { order } from '../testing/stand-in.ts';
import { createUpstream } from '../upstream.ts';
import { startInstance } from './instance.ts';

const atOnce = 100;

/** What is left in this process when nothing is under way. */
export interface LeftOver {
  readonly pending: number;
  /** On the context that all calls shared. */
  readonly listeners: number;
  /** Timers and sockets that keep a process alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  readonly heapMb: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Callers of three real processes that fail, refuse, cut connections and are slow, through the whole stack. */
export async function openRealInstances(protocol: 'http' | 'grpc', random: () => number) {
  const settings = { protocol, port: 0, folder: '', drainMs: 0 } as const;
  const instances = await Promise.all([0, 1, 2].map(() => startInstance(settings)));
  const [failing, cutting, slow] = instances;
  failing?.behave({ delayMs: 0, share: 0.05, failure: { code: 'internal' } });
  cutting?.behave({ delayMs: 0, share: 0.02, cuts: true });
  slow?.behave({ delayMs: 2, share: 0.05, failure: { code: 'unavailable', retryAfterMs: 1 } });
  const upstream = createUpstream({
    name: 'orders',
    urls: instances.map(({ url }) => url).join(','),
    clock: systemClock,
    random,
    internalToken: async () => 'token',
    audience: 'order-service',
    timeoutMs: 500,
    hedging: { operations: ['GetOrder'], minDelayMs: 1, maxDelayMs: 20 },
    policy: { retry: { budgetPerSecond: 10_000 }, ejection: { baseMs: 20, maxMs: 50 } },
  });
  const orders = createOrdersPort(upstream);
  const { context, close } = openContext({
    clock: systemClock,
    timeoutMs: 10_000_000,
    requestId: 'r',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: false },
    principal: undefined,
    idempotencyKey: undefined,
  });
  let made = 0;
  return {
    /** Makes so many calls and says what they left behind. */
    async call(calls: number): Promise<LeftOver> {
      const outcomes: Record<string, number> = {};
      const until = made + calls;
      const caller = async () => {
        while (made < until) {
          const code = await callOnce(orders, context, made++);
          outcomes[code] = (outcomes[code] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, caller));
      return { outcomes, ...(await settle(context, () => pendingOf(upstream.endpoints()))) };
    },
    async close() {
      close();
      await upstream.close();
      for (const { signal } of instances) signal('SIGKILL');
      await Promise.all(instances.map(({ ended }) => ended));
    },
  };
}

async function callOnce(orders: OrdersPort, context: Context, index: number): Promise<string> {
  const scope = openChild(context, { clock: systemClock, timeoutMs: index % 7 === 0 ? 3 : 1_000 });
  if (index % 11 === 0) setImmediate(() => scope.cancel(new AppError('cancelled', 'The client left.')));
  const { lines, shippingAddress } = order;
  try {
    if (index % 3 === 0) await orders.create({ lines, shippingAddress }, scope.context);
    else await orders.get({ orderId: 'o' }, scope.context);
    return 'ok';
  } catch (thrown) {
    return AppError.from(thrown).code;
  } finally {
    scope.close();
  }
}

const pendingOf = (endpoints: readonly { readonly pending: number }[]) =>
  endpoints.reduce((sum, { pending }) => sum + pending, 0);

/** Cancelled calls are still being taken off their connections when their callers know already. */
async function settle(context: Context, pending: () => number): Promise<Omit<LeftOver, 'outcomes'>> {
  await new Promise((resolve) => setTimeout(resolve, 700));
  globalThis.gc?.();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    pending: pending(),
    listeners: getEventListeners(context.signal, 'abort').length,
    resources,
    heapMb: process.memoryUsage().heapUsed / 1_048_576,
  };
}
