import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { openContext, systemClock } from '@bff/core';
import { openBffWrites, type BffSettings } from './open-bff-writes.ts';
import { requestOf } from './checkout-request.ts';

/**
 * A BFF in a process of its own that stands still at one point of one piece of work and says so: there its parent kills
 * it, or freezes it for a while. Told what to do by its only argument, in JSON.
 */
export interface Doom {
  readonly settings: BffSettings;
  /** `orders.create`, `store.compareAndSet`, … */
  readonly call: string;
  /** Which of these calls: 1 is the first. */
  readonly occurrence: number;
  readonly when: 'before' | 'after';
  readonly subject: string;
  readonly key: string;
  /** Cancels this order instead of placing one. */
  readonly cancel?: string;
}

const doom = JSON.parse(process.argv[2] ?? '') as Doom;
let occurrences = 0;
// The channel keeps the process alive: what stands still has nothing else that would.
process.on('message', () => undefined);
// Where there is a cache, the next one starts faster; this one does not come to its end.
flushCompileCache();

/** Until the parent says to go on, which it may never do. */
async function stand(): Promise<void> {
  process.send?.('here');
  await once(process, 'message');
}

const { checkout } = await openBffWrites(doom.settings, (name, target) => {
  const guarded = (method: string) => {
    const call = target[method as keyof typeof target] as (...values: unknown[]) => Promise<unknown>;
    return async (...values: unknown[]) => {
      const isHere = `${name}.${method}` === doom.call && ++occurrences === doom.occurrence;
      if (isHere && doom.when === 'before') await stand();
      const answer = await call.apply(target, values);
      if (isHere && doom.when === 'after') await stand();
      return answer;
    };
  };
  return new Proxy(target, { get: (_, method: string) => guarded(method) });
});
const scope = openContext({
  clock: systemClock,
  timeoutMs: 30_000,
  requestId: 'doomed',
  trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false },
  principal: { subject: doom.subject, client: 'web', scopes: [], roles: [] },
  idempotencyKey: doom.key,
});
const work =
  doom.cancel === undefined
    ? checkout.checkout(requestOf(doom.subject), scope.context)
    : checkout.cancelOrder({ orderId: doom.cancel }, scope.context);
// Not stopped where it should have been: the parent fails the test.
work.finally(() => process.send?.('past')).catch(() => undefined);
