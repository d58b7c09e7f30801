import { throwIfEnded, type Clock, type Context, type Filter } from '@bff/core';
import type { StartSpan } from '../plan/span.ts';
import { Flight } from './flight.ts';
import { argumentsKey, identityKey } from './identity.ts';

export interface CoalescerOptions {
  clock: Clock;
  /** Told of every caller that joins another's call: for metrics. Must not throw. */
  onFollow?: (name: string, follower: Context, leader: Context) => void;
  /** A caller that joins gets a span of its own, linked to that of the call it shares. */
  startSpan?: StartSpan | undefined;
}

/** Lets identical reads that are in flight at the same time share one call. */
export interface Coalescer {
  /**
   * Shares calls of one name, with equal arguments, for one identity (principal, client, scopes, roles). The answer is
   * one object for all who wait: read it, do not change it.
   */
  filter<Req, Res>(name: string): Filter<Req, Res>;
  /**
   * Later reads of this user join nothing that is in flight now: he has just written, and must see it. Whatever his client
   * and rights are: a checkout writes in his name with fewer than he reads with.
   */
  startAnew(context: Context): void;
  /** The same for everybody's later reads: somebody has written what others may be reading. */
  startAllAnew(): void;
  /** Calls in flight. */
  flights(): number;
}

interface Shared {
  readonly flight: Flight<unknown>;
  readonly subject: string | undefined;
}

/**
 * Own code: undici's `deduplicate` fails all when the first caller aborts, and cannot be cancelled by one of them;
 * here everyone leaves alone.
 */
export function createCoalescer(options: CoalescerOptions): Coalescer {
  const table = new Map<string, Shared>();
  const open = <Res>(key: string, leader: Context, start: (context: Context) => Promise<Res>) => {
    const onEnd = () => {
      if (table.get(key)?.flight === flight) table.delete(key);
    };
    const flight = new Flight<Res>({ start, leader, clock: options.clock, onEnd });
    table.set(key, { flight, subject: leader.principal?.subject });
    return flight;
  };
  return {
    flights: () => table.size,
    startAnew({ principal }) {
      for (const [key, { subject }] of table) if (subject === principal?.subject) table.delete(key);
    },
    startAllAnew() {
      table.clear();
    },
    filter:
      <Req, Res>(name: string): Filter<Req, Res> =>
      (next) =>
      async (request, context) => {
        const key = flightKey(name, request, context);
        for (;;) {
          throwIfEnded(context);
          // One name stands for one operation, so for one type.
          const known = table.get(key)?.flight as Flight<Res> | undefined;
          const flight = known ?? open(key, context, (shared) => next(request, shared));
          try {
            return await (known ? follow(known, name, context, options) : flight.join(context));
          } catch (thrown) {
            if (!flight.failedTooSoonFor(context, thrown)) throw thrown;
          }
        }
      },
  };
}

/** Never the trace or request id: those differ where calls are alike. */
function flightKey(name: string, request: unknown, { principal, retried = false }: Context): string {
  // A request that the tier in front has tried before is tried once here: not the same call as one with retries.
  return [name, String(retried), argumentsKey(request), identityKey(principal)].join('\n');
}

async function follow<Res>(
  flight: Flight<Res>,
  name: string,
  context: Context,
  { onFollow, startSpan }: CoalescerOptions,
): Promise<Res> {
  onFollow?.(name, context, flight.leader);
  const span = startSpan?.(`shared ${name}`, context);
  span?.link(flight.leader.trace);
  try {
    return await flight.join(context);
  } finally {
    span?.end();
  }
}
