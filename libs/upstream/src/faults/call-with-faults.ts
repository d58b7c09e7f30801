import {
  AppError,
  openChild,
  openContext,
  systemClock,
  type CancelTimer,
  type Clock,
  type Context,
} from '@bff/core';
import { createFakeTransport } from '../testing/fake-transport.ts';
import { order } from '../testing/stand-in.ts';
import { parseUpstreamUrls } from '../parse-upstream-urls.ts';
import { createOrdersPort } from '../service-ports.ts';
import { createUpstreamOver } from '../upstream.ts';
import { unavailable } from '../upstream-failure.ts';

const atOnce = 200;

/** Makes so many calls through the whole stack, over a transport that fails in every way there is; counts what is left. */
export async function callWithFaults(calls: number, random: () => number) {
  const clock = createCountingClock();
  let attempts = 0;
  const { transport, seen } = createFakeTransport(clock, ({ context }) => {
    // Kept by the fake for tests that look at single attempts.
    seen.length = 0;
    return misbehave(attempts++, clock, context);
  });
  const upstream = createUpstreamOver(transport, parseUpstreamUrls('http://a:1,http://b:1,http://c:1'), {
    name: 'orders',
    urls: 'http://a:1',
    clock,
    random,
    internalToken: async () => 'token',
    audience: 'order-service',
    timeoutMs: 5,
    healthChecks: false,
    hedging: { operations: ['GetOrder'], minDelayMs: 1, maxDelayMs: 2 },
    policy: { retry: { budgetPerSecond: 10_000 } },
  });
  const orders = createOrdersPort(upstream);
  const { context, close } = openContext({
    clock,
    timeoutMs: 10_000_000,
    requestId: 'r',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: false },
    principal: undefined,
    idempotencyKey: undefined,
  });
  const outcomes: Record<string, number> = {};
  for (let call = 0; call < calls; call += atOnce) {
    const codes = await Promise.all(
      Array.from({ length: atOnce }, (_, index) => callOnce(orders, context, clock, call + index)),
    );
    for (const code of codes) outcomes[code] = (outcomes[code] ?? 0) + 1;
  }
  const pending = upstream.endpoints().reduce((sum, endpoint) => sum + endpoint.pending, 0);
  close();
  await upstream.close();
  return { pending, timers: clock.pendingTimers(), context, outcomes, attempts };
}

async function callOnce(
  orders: ReturnType<typeof createOrdersPort>,
  context: Context,
  clock: Clock,
  index: number,
): Promise<string> {
  const scope = openChild(context, { clock, timeoutMs: index % 7 === 0 ? 3 : 1_000 });
  if (index % 11 === 0) queueMicrotask(() => scope.cancel(new AppError('cancelled', 'The client left.')));
  try {
    if (index % 3 === 0) {
      const { lines, shippingAddress } = order;
      await orders.create({ lines, shippingAddress }, scope.context);
    } else {
      await orders.get({ orderId: 'o' }, scope.context);
    }
    return 'ok';
  } catch (thrown) {
    return AppError.from(thrown).code;
  } finally {
    scope.close();
  }
}

/** Every tenth attempt does something else. */
async function misbehave(attempt: number, clock: Clock, context: Context): Promise<unknown> {
  switch (attempt % 50) {
    case 0:
      throw unavailable('refused', 'Nobody listens.');
    case 10:
      throw unavailable('reset', 'Lost.');
    case 20:
      throw unavailable('server_error', 'Broken.');
    case 30:
      throw new AppError('not_found', 'There is none.');
    case 40:
      return new Promise<never>(() => undefined);
    case 45: {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const stop = clock.after(3, () => resolve(undefined));
      context.signal.addEventListener('abort', stop, { once: true });
      await promise;
      return order;
    }
    default:
      return order;
  }
}

/** Real time, with a count of the timers that have neither fired nor been cancelled. */
function createCountingClock(): Clock & { pendingTimers(): number } {
  const pending = new Set<object>();
  return {
    ...systemClock,
    after(delayMs, run): CancelTimer {
      const handle = setTimeout(
        () => {
          pending.delete(handle);
          run();
        },
        Math.min(delayMs, 2 ** 31 - 1),
      );
      pending.add(handle);
      return () => {
        clearTimeout(handle);
        pending.delete(handle);
      };
    },
    pendingTimers: () => pending.size,
  };
}
